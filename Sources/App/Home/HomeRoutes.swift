import Kit
import People

/// The page one starts on.
enum HomeRoutes {
    static func add(to routes: Routes<SignedIn>) {
        routes.get("/") { _, signedIn in .page(HomePages.home(signedIn)) }
    }
}
