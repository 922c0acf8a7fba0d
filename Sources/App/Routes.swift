import Kit
import Ledger
import People
import Standing

/// Every feature on one screen.
enum AllRoutes {
    static func add(to routes: Routes<SignedIn>, _ app: App, _ listening: Listening) {
        // One, so that all documents stand in one line.
        let typesetting = Typesetting(home: app.settings.home)
        TodayRoutes.add(to: routes, app)
        SignInRoutes.add(to: routes, app.entrance)
        OwnAccountRoutes.add(to: routes, app.entrance)
        IndicatorsRoutes.add(to: routes, app.facts)
        SeekRoutes.add(to: routes)
        PersonListRoutes.add(to: routes, app.database, numbers: app.numbers, words: RosterWords(app.library))
        PersonRoutes.add(to: routes, app.database, numbers: app.numbers, words: RosterWords(app.library))
        RequestRoutes.add(to: routes, app.database, RosterWords(app.library), app.numbers)
        UnitRoutes.add(to: routes, app.database, RosterWords(app.library))
        PersonActRoutes.add(
            to: routes, app.database, RosterWords(app.library), app.numbers,
            PersonActRoutes.Hours(
                merged: { absorbed, survivor, db in try HourEntryStore.reverseDoubles(survivor: survivor, loser: absorbed, db) },
                hasEntries: { act, person, db in try HourEntryStore.entries(of: person, from: db).contains { $0.actID == act } }))
        ActivationRoutes.add(to: routes, app.entrance, RosterWords(app.library), typesetting)
        AccountRoutes.add(to: routes, app.entrance, typesetting) { ActWords.word($0) }
        ErasureRoutes.add(
            to: routes, app.database, RosterWords(app.library), app.numbers,
            app.erasureOthers)
        InstitutionRoutes.add(to: routes, app.database)
        StatementRoutes.add(to: routes, app.database, app.library)
        MessageRoutes.add(to: routes, app.database)
        CertificateRoutes.add(to: routes, app.database)
        ObjectionRoutes.add(to: routes, app.database)
        DuesRoutes.add(to: routes, app.facts, RosterWords(app.library))
        ExtractRoutes.add(to: routes, app.database, app.library, app.numbers, typesetting)
        FileViewRoutes.add(to: routes, app.database)
        OwnRightsRoutes.add(to: routes, app)
        SystemRoutes.add(to: routes, app, listening)
        GrantRoutes.add(to: routes, app.database)
        AuditRoutes.add(to: routes, app)
        ArchiveRoutes.add(to: routes, app.database, app.library, app.numbers)
        ExchangeRoutes.add(to: routes, app.exchange)
        if app.settings.isDevelopment { GalleryRoutes.add(to: routes) }
    }
}

extension App {
    /// What the areas above hold of a person whose file is to be deleted.
    package var erasureOthers: ErasureStore.Others {
        ErasureStore.Others(
            entries: { files, db in
                var entries: [HourEntry] = []
                try HourEntryStore.entries(inFiles: files, from: db) { entries.append($0) }
                return (entries.count, Posting.standingAmong(entries).count)
            },
            clear: { _, db in try ImportJobStore.forgetOld(in: db) }, retentionYears: settings.retentionYears)
    }
}
