import Access
import Accounts
import Approvals
import Figures
import Hummingbird
import Kit
import Logging
import People
import Register
import Rules

/// The wiring of everything: made once, serves until it is stopped.
package struct App: Sendable {
    package let database: Database
    package let settings: Settings
    /// The key of ID and phone numbers.
    package let numbers: PersonalNumbers
    /// What keeps names out of addresses.
    let seal: AddressSeal
    /// How one signs in.
    package let entrance: Entrance
    private let policyFolders: [String]
    /// How the files of the policies were when they were loaded.
    private let loadedPolicies: PolicyWatch.Prints
    /// The policies of the moment.
    let shelf: PolicyShelf
    package var library: PolicyLibrary { shelf.library }
    package let facts: Facts
    /// The file that holds the keys.
    package let keyFile: KeyFile
    package let features: FeatureSet
    /// Who decides what, in which order.
    private let steps: StepRules
    private let openSteps = OpenSteps()
    private let migrations: [Migration]
    /// One, so that all documents stand in one line.
    private let typesetting: Typesetting
    let logger: Logger

    /// Brings a database to the current schema and opens its personal data. `isForDemo`: it is about to become a demo world that lives on.
    /// Refusals `key.…`, `database.…`.
    package init(
        database: Database, databaseURL: String, settings: Settings, singleSignOn: SingleSignOn? = nil, passwords: PasswordHashing.Cost = .standard,
        features: FeatureSet = Features.all, migrations: [Migration] = Migrations.all, isForDemo: Bool = false
    ) throws {
        // Whoever wrote a policy that cannot be read is told before anything is written.
        let shipped = try PolicyWatch.load(settings.allPolicyFolders)
        steps = try StepRules.loaded(folders: settings.allPolicyFolders, kinds: features.approvalKinds)
        let key = KeyFile.place(explicit: settings.keyFile, databaseURL: databaseURL, home: settings.userHome)
        database.guardRows(features.guards)
        self.features = features
        self.migrations = migrations
        typesetting = Typesetting(home: settings.home)
        self.database = database
        self.settings = settings
        keyFile = key
        let keys = try database.starting { try Self.begin(database, key, migrations, features) }
        policyFolders = try settings.policyFolders(of: database, isForDemo: isForDemo)
        let policies = policyFolders == settings.allPolicyFolders ? shipped : try PolicyWatch.load(policyFolders)
        (shelf, loadedPolicies) = (PolicyShelf(policies.library), policies.prints)
        numbers = keys.numbers
        seal = keys.addresses
        entrance = Entrance(database: database, hashing: PasswordHashing(cost: passwords), secrets: keys.secrets, numbers: numbers,
            denied: DeniedPasswords(path: settings.home + "/" + DeniedPasswords.file), singleSignOn: singleSignOn)
        let snapshot = try key.ring().map { FactsSnapshot(key.columns, $0.auditKey) }
        facts = Facts(database: database, shelf: shelf, snapshot: snapshot)
        var logger = Logger(label: "yugong")
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        self.logger = logger
    }

    /// What a start makes where it is not there yet, and what it takes into the log. Of several at once each finds what one has made.
    private static func begin(_ database: Database, _ key: KeyFile, _ migrations: [Migration], _ features: FeatureSet) throws -> DataKeys {
        let before = try key.migrate(database, migrations)
        try database.keepRows(but: Keeping.exceptions(of: features))
        let isNew = try key.isBeginning(database)
        let keys = try DataKeyStore.open(database, key, now: Clock.nowMilliseconds)
        try beginAnchoring(database, key, isNew: isNew)
        let ring = try key.ring()
        let isBase = try database.vouchForRows(migrations, before: before, hasBeginning: ring.map { $0.since != nil || $0.isBeginningForged } ?? false)
        try key.settleBeginning(database, isNew: isNew || isBase)
        // Until here the first anchor of a new database names nothing: a start that was killed before is finished by the next.
        if isNew { try renewAnchor(database, key) }
        key.endMigrating()
        return keys
    }

    /// Notes outside the database where the chains of acts stand. Refusals `anchor.broken`, `anchor.unwritable`, `key.…`.
    package func anchor() throws {
        guard let ring = try keyFile.ring() else { throw keyFile.missing }
        try keyFile.anchor.renew(database, ring.auditKey, now: Clock.nowMilliseconds)
    }

    /// Anchors what was written since the last process ended, however it ended, before this one writes: the anchor is
    /// never long behind a database that is used.
    private static func beginAnchoring(_ database: Database, _ file: KeyFile, isNew: Bool) throws {
        guard let ring = try file.ring() else { throw file.missing }
        let anchor = file.anchor, key = ring.auditKey
        if !anchor.exists {
            let isBegun = try file.isBegun(database)
            if !isBegun { try anchor.begin(key, now: Clock.nowMilliseconds) }
            // A database from before there were chains begins its first one now, which vouches for what was there. Where
            // chains are and the anchor is not, somebody took it away: that it begins anew is on record.
            try database.writeNow(Act(who: .system, origin: "", kind: isBegun ? "anchor.begin" : "chain.begin", why: "")) { _ in }
        }
        if !isNew { try renewAnchor(database, file) }
    }

    /// A broken anchor stays as it is for whoever looks into it, and does not keep anybody from work.
    private static func renewAnchor(_ database: Database, _ file: KeyFile) throws {
        guard let key = try file.ring()?.auditKey else { throw file.missing }
        do { try file.anchor.renew(database, key, now: Clock.nowMilliseconds) } catch let refusal as Refusal where refusal.name.hasPrefix("anchor.") {}
    }

    /// Anchors twice a minute, whether or not this process wrote: others may have. Each new anchor is sent on; that nobody
    /// takes it there is told and holds nobody up.
    private func keepAnchored(_ copies: AnchorCopies) async {
        var sent: Int64 = 0
        func renew() async {
            do { try await onThread { try anchor() } } catch { logger.error("\((error as? Refusal)?.sentence ?? "\(error)")") }
            guard !copies.isEmpty, let key = try? keyFile.ring()?.auditKey, case .anchor(let anchor) = keyFile.anchor.read(key), anchor.lastID > sent,
                let text = keyFile.anchor.text
            else { return }
            let failures = await copies.send(text)
            for failure in failures { logger.error("\(failure)") }
            if failures.isEmpty { sent = anchor.lastID }
        }
        await renew()
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(30)) } catch { break }
            await renew()
        }
        await renew()
    }

    /// Keeps the columns beside the database, so that the next start need not read them anew: written when nobody has yet, when much came
    /// since, and at the end. What came from there is held against the database once.
    private func keepColumns() async {
        let facts = facts
        func keep(since changes: Int) async {
            do {
                if try await onThread({ try facts.keep(since: changes) }) { logger.debug("the columns were written beside the database") }
            } catch {
                logger.warning("the columns could not be written beside the database, the next start reads them anew", metadata: ["reason": "\(error)"])
            }
        }
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(10)) } catch { break }
            do {
                if try await !onThread({ try facts.check() }) {
                    logger.error("the columns kept beside the database did not add up to its rows and were read anew: run yugong verify")
                }
            } catch { logger.warning("the columns kept beside the database could not be held against it", metadata: ["reason": "\(error)"]) }
            await keep(since: Facts.muchSinceKept)
        }
        await keep(since: Facts.someSinceKept)
    }

    /// What whoever starts the server should know.
    package var warnings: [String] {
        let owns = database.engine == .postgres && (try? database.ownsTables()) == true
        let role = owns ? "服务用的数据库账号拥有数据表，能撤销对操作记录的保护。请让它用另一个账号：yugong migrate --serving-role，见 docs/operations.md。" : nil
        return database.warnings + [entrance.denied.warning, role, shelf.problem].compactMap { $0 }
    }

    /// Deletes the files whose waiting time is over; how many.
    @discardableResult
    package func carryOutErasures(now: Int64) async throws -> Int { try await ErasureStore.carryOutDue(database, house, now: now) }

    /// What works on after requests. `hasSchedules`: kinds fall due by themselves too.
    package func runner(hasSchedules: Bool, now: (@Sendable () -> Int64)? = nil) -> JobRunner {
        var setting = JobRunner.Setting()
        setting.hasSchedules = hasSchedules
        let house = house, logger = logger
        return JobRunner(database, numbers, features.jobs.map { $0.work(in: house) }, setting: setting, now: now) { logger.error("\($0)") }
    }

    /// Tables in and out.
    package var exchange: Exchange { Exchange(house) }

    /// What the features work with.
    package var house: House {
        House(
            database: database, shelf: shelf, numbers: numbers, typesetting: typesetting, retentionYears: settings.retentionYears,
            features: features
        ).with(entrance).with(facts).with(steps).with(openSteps).with(ListViewLog(database)).with(self)
    }

    /// The web application where it listens, with what works on after requests. `onReady` gets the port.
    /// `now` gives the time in milliseconds.
    package func web(_ listening: Listening, now: @escaping @Sendable () -> Int64 = { Clock.nowMilliseconds }, onReady: @escaping @Sendable (Int) async -> Void = { _ in }) -> some ApplicationProtocol {
        let runner = runner(hasSchedules: false, now: now)
        return routed(listening, runner, now: now).application(beside: [runner], onReady: onReady)
    }

    private func routed(_ listening: Listening, _ runner: JobRunner, now: @escaping @Sendable () -> Int64 = { Clock.nowMilliseconds }) -> Web {
        let listening = listening.withinDescriptors(), logger = logger
        database.leaveOutUnreadable { logger.error("rows left out that hold what the program does not write: run yugong verify", metadata: ["column": "\($0)"]) }
        let assets = Assets(folder: settings.home + "/Public")
        let links = assets.links
        let database = database, features = features, house = house, tree = LiveTree()
        let admit = SignInRoutes.admitSignedIn(database, tree: tree)
        let frame: @Sendable (Page, SignedIn) async throws -> HTML = { page, signedIn in
            let (menu, setting) = try await database.read { db in
                (try features.menu(for: signedIn) { try $0.waiting(signedIn, house, db) }, try SystemSettingStore.setting(in: db))
            }
            return framed(
                page, menu: menu, announcement: setting.announced(on: signedIn.today),
                viewer: Viewer(name: signedIn.account.displayName, note: signedIn.account.name, token: signedIn.token), assets: links)
        }
        let web = Web(
            assets: assets, listening: listening, logger: logger, seal: seal, now: now,
            problem: { ProblemPages.problem($0, requestID: $1, assets: links) },
            lost: { asked in
                guard case .admitted(let signedIn, _)? = try? await admit(asked) else { return nil }
                return try? await frame(ProblemPages.page(.missing, asked, signedIn), signedIn)
            })
        let table = RightsRegistration(features.rights)
        table.take("GET", "/assets/**", as: .visitor)
        let visitors: Routes<Visitor> = web.routes(
            formSize: .small, admit: { SignInRoutes.admitVisitor($0) }, frame: { page, _ in page.body },
            gate: { method, path in
                table.take(method, path, as: .visitor)
                return { _ in true }
            })
        let steps: Routes<SignInStep> = web.routes(
            formSize: .small, admit: SignInRoutes.admitStep(database), frame: { page, _ in page.body },
            gate: { method, path in
                table.take(method, path, as: .betweenSteps)
                return { _ in true }
            })
        let signedIn = web.routes(
            account: { (caller: SignedIn) in "\(caller.account.id)" },
            admit: admit, frame: frame, stay: { ProblemPages.page($0, $1, $2) },
            gate: { method, path in
                let need = table.take(method, path, as: .signedIn)
                return { need.lets($0) }
            },
            refused: { [refusals = RefusedAccess(database)] request, signedIn, route in
                await refusals.note(request, route, by: signedIn)
            },
            allow: { [pace = WritePace(listening.writes)] request, signedIn throws(WebProblem) in try pace.take(by: signedIn, now: request.now) },
            settle: { [views = FileViewLog(database, features)] _, signedIn, route in try await views.note(route, by: signedIn) },
            finish: { [telling = Telling(database: database, features: features)] request, signedIn, reply, isAct in
                try await telling.finish(reply, of: request, by: signedIn, isAct: isAct)
            })
        let doors = Doors(visitors: visitors, steps: steps, signedIn: signedIn, assets: links, listening: listening, isDevelopment: settings.isDevelopment)
        let whole = house.with(runner)
        for feature in features.all { feature.routes(doors, whole) }
        table.finish(isDevelopment: settings.isDevelopment)
        return web
    }

    /// The first page of figures should not wait for the scan: columns and year-ends are made ready beside serving.
    private func makeFiguresReady() async {
        guard let view = try? await facts.view() else { return }
        try? await onThread {
            // All years of the policy that the topmost unit's figures open with; of the others the one that people are told about.
            let today = Clock.today, top = view.tree(on: today).roots.first?.id
            let opened = try top.map { try view.bindings.opening(at: $0, year: nil, today: today).policy.id }
            for policy in view.bindings.nearest(at: top, on: .lastDay(of: today.year)) where !policy.lines.isEmpty {
                let latest = min(max(today.year, policy.years.lowerBound), policy.years.upperBound)
                for year in policy.id == opened ? policy.years : latest...latest {
                    _ = view.cube(policy, year: year, day: Day(number: policy.referenceDay(year: year, today: today.number)))
                }
            }
        }
    }

    /// Takes changed policy files in while serving.
    package var policyWatch: PolicyWatch { PolicyWatch(folders: policyFolders, loaded: loadedPolicies, shelf: shelf, logger: logger) }

    /// Serves until the process is told to stop. `onReady` gets the address, `http://127.0.0.1:8080`.
    package func serve(_ listening: Listening, onReady: @escaping @Sendable (String) async -> Void) async throws {
        Task { await makeFiguresReady() }
        let host = listening.host.contains(":") ? "[\(listening.host)]" : listening.host
        let scheme = listening.certificate == nil ? "http" : "https"
        let runner = runner(hasSchedules: true), web = routed(listening, runner)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await keepAnchored(settings.anchorCopies) }
            group.addTask { await policyWatch.run { await makeFiguresReady() } }
            group.addTask { await keepColumns() }
            try await web.run(beside: [runner]) { await onReady("\(scheme)://\(host):\($0)") }
            group.cancelAll()
        }
    }
}

extension House {
    /// The program itself, for features that tell of it.
    var app: App { part() }
}

extension StepRules {
    /// The steps of approvals of these folders. Refusal `policy.broken` says file, line and key of every problem.
    package static func loaded(folders: [String], kinds: [ApprovalKind]) throws -> StepRules {
        do throws(PolicyProblems) {
            var texts: [PolicyText] = []
            for folder in folders { texts += try PolicyLibrary.texts(folder: folder) }
            return try StepRules(texts, kinds: kinds.map(\.key.rawValue))
        } catch {
            throw Refusal("policy.broken", error.description)
        }
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
