import Kit
import People

/// The page one starts on.
enum HomeRoutes {
    static func add(to routes: Routes<SignedIn>) {
        // Who has only the own record begins there.
        routes.get("/") { _, signedIn in signedIn.isLearnerOnly ? .redirect("/me") : .page(HomePages.home(signedIn)) }
    }
}
