import Kit
import Ledger
import People
import Standing

/// Every feature on one screen.
enum AllRoutes {
    static func add(to routes: Routes<SignedIn>, _ app: App) {
        HomeRoutes.add(to: routes)
        SignInRoutes.add(to: routes, app.database, app.hashing)
        IndicatorsRoutes.add(to: routes, app.facts)
        PersonRoutes.add(to: routes, app.database, numbers: app.numbers, words: RosterWords(app.library))
        StatementRoutes.add(to: routes, app.database, app.library)
        ExchangeRoutes.add(to: routes, app.exchange)
        if app.settings.isDevelopment { GalleryRoutes.add(to: routes) }
    }
}
