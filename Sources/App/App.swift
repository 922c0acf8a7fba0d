import Hummingbird
import Kit
import Logging
import People
import Rules
import Standing

/// The wiring of everything: made once, serves until it is stopped.
package struct App: Sendable {
    package let database: Database
    package let settings: Settings
    /// The key of ID and phone numbers.
    package let numbers: PersonalNumbers
    package let hashing = PasswordHashing()
    package let library: PolicyLibrary
    package let facts: Facts
    let logger: Logger

    /// Brings a database to the current schema and opens its personal data. Refusals `key.…`, `database.…`.
    package init(database: Database, databaseURL: String, settings: Settings) throws {
        library = try PolicyLibrary.loaded(folders: settings.allPolicyFolders)
        try database.migrate(Migrations.all)
        let key = KeyFile.place(explicit: settings.keyFile, databaseURL: databaseURL, home: settings.userHome)
        self.database = database
        self.settings = settings
        numbers = try DataKeyStore.open(database, key)
        facts = Facts(database: database, library: library)
        logger = Logger(label: "yugong")
    }

    /// Tables in and out.
    package var exchange: Exchange { Exchange(database: database, library: library, numbers: numbers) }

    /// The web application where it listens. `onReady` gets the port.
    /// `now` gives the time in milliseconds.
    package func web(_ listening: Listening, now: @escaping @Sendable () -> Int64 = { Clock.nowMilliseconds }, onReady: @escaping @Sendable (Int) async -> Void = { _ in }) -> some ApplicationProtocol {
        routed(listening, now: now).application(onReady: onReady)
    }

    private func routed(_ listening: Listening, now: @escaping @Sendable () -> Int64 = { Clock.nowMilliseconds }) -> Web {
        let assets = Assets(folder: settings.home + "/Public")
        let links = assets.links
        let web = Web(
            assets: assets, listening: listening, logger: logger, now: now,
            problem: { ProblemPages.problem($0, requestID: $1, assets: links) })
        let database = database, tree = LiveTree(database)
        let visitors: Routes<Visitor> = web.routes(admit: { SignInRoutes.admitVisitor($0) }, frame: { page, _ in page.body })
        SignInRoutes.add(to: visitors, database, hashing, assets: links)
        let signedIn = web.routes(
            admit: SignInRoutes.admitSignedIn(database) { try await tree.tree(on: $0) },
            frame: { page, signedIn in
                framed(
                    page, menu: .of(signedIn, requests: try await database.read { try RequestRoutes.waiting(for: signedIn, in: $0) }),
                    viewer: Viewer(name: signedIn.account.displayName, note: signedIn.account.name, token: signedIn.token), assets: links)
            })
        AllRoutes.add(to: signedIn, self)
        return web
    }

    /// Serves until the process is told to stop. `onReady` gets the address, `http://127.0.0.1:8080`.
    package func serve(_ listening: Listening, onReady: @escaping @Sendable (String) async -> Void) async throws {
        // The first page of figures should not wait for the scan: columns and year-ends are made ready beside serving.
        let facts = facts, library = library
        Task.detached {
            guard let view = try? await facts.view() else { return }
            // All years of the policy that pages of figures open with; of the others the one that people are told about.
            let policies = library.policies.filter { !$0.lines.isEmpty }, thisYear = Clock.today.year
            for policy in policies {
                let latest = min(max(thisYear, policy.years.lowerBound), policy.years.upperBound)
                for year in policy.id == policies[0].id ? policy.years : latest...latest {
                    _ = view.cube(policy, year: year, day: Day(number: policy.referenceDay(year: year, today: Clock.today.number)))
                }
            }
        }
        let host = listening.host.contains(":") ? "[\(listening.host)]" : listening.host
        let scheme = listening.certificate == nil ? "http" : "https"
        try await routed(listening).run { await onReady("\(scheme)://\(host):\($0)") }
    }
}

extension PolicyLibrary {
    /// The policies of these folders with SHA-256 digests. Refusal `policy.broken` says file, line and key of every problem.
    package static func loaded(folders: [String]) throws -> PolicyLibrary {
        do {
            return try PolicyLibrary(folders: folders) { Fingerprint.text(of: $0) }
        } catch {
            throw Refusal("policy.broken", error.description)
        }
    }
}
