import Kit
import People

/// Every feature on one screen.
enum AllRoutes {
    static func add(to routes: Routes<SignedIn>, _ app: App) {
        HomeRoutes.add(to: routes)
        SignInRoutes.add(to: routes, app.database, app.hashing)
        if app.settings.isDevelopment { GalleryRoutes.add(to: routes) }
    }
}
