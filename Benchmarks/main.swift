import Access
import Accounts
import App
import Approvals
import Figures
import Foundation
import Kit
import People
import Register
import Rules
import Standing

// What bin/bench measures inside the process; the rest it measures from outside. Answers are JSON on stdout.

struct Measured: Encodable {
    var people = 0, entries = 0, units = 0
    /// Seconds until the columns were there, as after a start.
    var load = 0.0
    /// Whether they came from the file beside the database.
    var isFromFile = false
    /// Seconds and size of writing that file.
    var kept = 0.0, keptMB = 0
    /// Seconds for all findings of every unit, alone and with its subtree; the place of everybody on the day included.
    var figures: [Double] = []
    /// Seconds from a posted entry to figures that hold it, with six cubes kept.
    var follow = 0.0
    var residentMB = 0, peakMB = 0
    /// Root totals by rule and category, to be compared with another computation.
    var sums: [String: Int64] = [:]
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
}

func memory(_ field: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(field) } ?? ""
    return (Int(line.filter(\.isNumber)) ?? 0) / 1024
}

func say(_ value: some Encodable) throws {
    print(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
}

/// `isFirst`: as after the first start, without the file of an earlier one. A file is left for the next in any case.
func figures(_ url: String, isFirst: Bool) throws {
    let app = try App(database: Database(url: url, mayCreate: false), databaseURL: url, settings: .fromEnvironment())
    if isFirst { app.keyFile.columns.remove() }
    guard let policy = app.library["beijing-cadres-2019-2023"] else { return }
    var measured = Measured(), loaded: Facts.View?
    measured.load = try seconds { loaded = try app.facts.viewNow() }
    guard let view = loaded else { return }
    measured.isFromFile = app.facts.isFromFile
    (measured.people, measured.entries, measured.units) = (view.columns.peopleCount, view.columns.entryCount, view.columns.organizationCount)
    let day = Day.lastDay(of: 2022)
    for _ in 0..<7 { measured.figures.append(seconds { _ = Cube(policy, year: 2022, day: day.number, columns: view.columns) }) }
    for year in policy.years { _ = view.cube(policy, year: year, day: .lastDay(of: year)) }
    let cube = view.cube(policy, year: 2022, day: day)
    for root in view.history.tree(on: day).roots {
        guard let number = view.number(ofOrganization: root.id) else { continue }
        for finding in cube.findings(unit: number, subtree: true) {
            measured.sums["\(finding.rule) \(finding.category ?? "")", default: 0] += finding.had.numerator
        }
    }
    measured.follow = try seconds {
        try app.database.writeNow(Act(who: .system, origin: "", kind: "bench", why: "")) { _ in }
        _ = try app.facts.viewNow()
    }
    (measured.residentMB, measured.peakMB) = (memory("VmRSS"), memory("VmHWM"))
    measured.kept = try seconds { _ = try app.facts.keep(since: 0) }
    let size = try? FileManager.default.attributesOfItem(atPath: app.keyFile.columns.path)[.size] as? Int
    measured.keptMB = (size ?? 0) / 1_000_000
    try say(measured)
}

/// Reads every row of a workbook of a kind and does nothing with it: what an import is held against.
func read(_ kind: String, _ path: String) throws {
    guard let kind = Features.all.sheet(kind) else { return }
    let library = try PolicyLibrary.loaded(folders: Settings.fromEnvironment().allPolicyFolders)
    var rows = 0
    let time = try seconds {
        let table = try TableReader(file: path, columns: kind.columns(library))
        while try table.next() != nil { rows += 1 }
    }
    try say(["seconds": time, "processor": processorSeconds(), "rows": Double(rows)])
}

func sheet(_ path: String) throws {
    let columns = (0..<30).map { SheetColumn(key: "c\($0)", title: "指标\($0)", kind: $0 == 0 ? .text : .number) }
    let time = try seconds {
        let writer = try TableWriter(to: path, sheet: "指标", columns: columns)
        for unit in 0..<20_000 { writer.add([.text("单位\(unit)")] + (1..<30).map { .hundredths(unit * 31 + $0 * 7) }) }
        try writer.finish()
    }
    try say(["seconds": time])
}

/// Seconds of processor time this process has used.
func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
}

/// Processor time of one password hash, as a sign-in cannot do without it.
func hash(_ times: Int) throws {
    let hash = try PasswordHashing.hashNow("correct horse battery staple"), before = processorSeconds()
    for _ in 0..<times { _ = PasswordHashing.verifyNow("correct horse battery staple", against: hash) }
    try say(["seconds": (processorSeconds() - before) / Double(times)])
}

/// What every page of somebody signed in pays before its handler: who it is, with which rights in which tree. All threads count.
func session(_ url: String, _ token: String) async throws {
    let database = try Database(url: url, mayCreate: false)
    let admit = SignInRoutes.admitSignedIn(database, tree: LiveTree())
    let request = WebRequest(id: "", path: "/", cookies: Cookies(header: "yugong=\(token)"), origin: "127.0.0.1", now: Clock.nowMilliseconds)
    func pass(_ times: Int) async throws -> (admitted: Int, rights: Int) {
        var admitted = 0, rights = 0
        for _ in 0..<times {
            guard case .admitted(let signedIn, _) = try await admit(request) else { continue }
            admitted += 1
            if signedIn.scope.isAnywhere(.seeing) { rights += 1 }
        }
        return (admitted, rights)
    }
    _ = try await pass(500)
    let times = 5000, before = processorSeconds(), start = ContinuousClock.now
    let (admitted, _) = try await pass(times)
    try say([
        "seconds": (processorSeconds() - before) / Double(times), "elapsed": (ContinuousClock.now - start) / .seconds(1) / Double(times), "admitted": Double(admitted) / Double(times),
    ])
}

/// Enqueues so many small jobs, a hundred in an act, and works until none is left, beside whoever else works on the same database. Each
/// leaves one act, so that what is lost or done twice can be counted.
func jobs(_ url: String, _ many: Int) async throws {
    let app = try App(database: Database(url: url, mayCreate: false), databaseURL: url, settings: .fromEnvironment()), database = app.database
    let kind = JobKind("bench.small", "小事")
    var setting = JobRunner.Setting()
    setting.hasSchedules = false
    let runner = JobRunner(database, app.numbers, [
        JobWork(kind, work: { job in
            try await database.write(Act(who: .system, origin: "", kind: "bench.job", why: "\(job.id)", isEvent: true)) { try job.finish(in: $0) }
        }),
    ], setting: setting)
    let working = Task { try await runner.run() }
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<many / 100 {
            group.addTask {
                _ = try await database.write(Act(who: .system, origin: "", kind: "bench.enqueue", why: "")) { try JobStore.add(kind, (0..<100).map { _ in JobStore.New() }, in: $0) }
            }
        }
        try await group.waitForAll()
    }
    // One that enqueues nothing waits for the other's to come.
    repeat {
        try await Task.sleep(for: .milliseconds(20))
    } while try await database.read { db in
        let open = try db.first("SELECT 1 FROM job_run WHERE state IN ('waiting', 'working') LIMIT 1") { _ in true }
        return try open != nil || JobStore.count(.done, in: db) == 0
    }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    working.cancel()
    _ = await working.result
    let (acts, distinct) = try await database.read { db in
        (try db.count("SELECT count(*) FROM act WHERE kind = 'bench.job'"), try db.count("SELECT count(DISTINCT why) FROM act WHERE kind = 'bench.job'"))
    }
    try say(["seconds": elapsed, "acts": Double(acts), "distinct": Double(distinct)])
}

/// What a page of the inbox and a decision cost, with so many transfers open that all wait for one officer of the demo world. All threads count;
/// the page is the whole of it, with its menu, without the session.
func approvals(_ url: String, _ name: String, _ many: Int) async throws {
    let app = try App(database: Database(url: url, mayCreate: false), databaseURL: url, settings: .fromEnvironment()), database = app.database, house = app.house
    let today = Clock.today
    func signedIn(_ name: String) async throws -> SignedIn? {
        try await database.read { db in
            guard let account = try AccountStore.account(named: name, in: db) else { return nil }
            return SignedIn(
                account: account, grants: try GrantStore.grants(of: account.id, in: db), tree: try OrganizationStore.tree(on: today, in: db), token: FormToken("x"),
                now: Clock.nowMilliseconds, origin: "", session: [])
        }
    }
    guard let officer = try await signedIn(name), let asker = try await signedIn("binhe"), let home = officer.scope.topUnits(for: .keeping).first?.subject,
        let to = asker.scope.topUnits(for: .keeping).first?.subject
    else { return }
    // Whoever asks is another; those who are asked for are of the officer's units.
    let people = try await database.read { db in
        let units = officer.scope.tree.subtree(of: home.id).map(\.id), open = Set(try ApprovalStore.all(.transfer, in: db).filter(\.state.isOpen).map(\.subjectID))
        let posts = try RosterStore.posts(in: units, endingAfter: today, in: db).filter {
            $0.isPrimary && $0.from < today && $0.to == .open && !open.contains($0.personID) && $0.personID != officer.account.personID
        }
        return posts.prefix(max(0, many - open.count)).map(\.personID)
    }
    for start in stride(from: 0, to: people.count, by: 100) {
        try await database.write(asker.act("request.transfer", why: "bench")) { db in
            let eye = try ApprovalEye(asker, house, in: db)
            for person in people[start..<min(start + 100, people.count)] {
                let post = Appointment(personID: person, organizationID: to.id, from: today + 30, isPrimary: true, category: "grassroots", title: "干事")
                try TransferStore.askTransfer(to: post, house, by: eye, in: db)
            }
        }
    }
    let request = WebRequest(id: "", path: "/approvals", cookies: Cookies(header: ""), origin: "", now: Clock.nowMilliseconds), links = AssetLinks([:])
    func page() async throws -> Int {
        let page = try await ApprovalRoutes.inbox(request, officer, house)
        let menu = try await database.read { db in try house.features.menu(for: officer) { try $0.waiting(officer, house, db) } }
        return framed(page, menu: menu, viewer: Viewer(name: "", note: "", token: officer.token), assets: links).bytes.count
    }
    var bytes = 0
    for _ in 0..<20 { bytes = try await page() }
    var before = processorSeconds()
    for _ in 0..<200 { bytes = try await page() }
    let each = (processorSeconds() - before) / 200

    var waiting = try await database.read { db in try ApprovalStore.all(.transfer, in: db).filter { $0.state == .asked && $0.subjectID != officer.account.personID }.map { (id: $0.id, digest: $0.digest) } }
    let open = waiting.count
    func decide(_ verb: ApprovalVerb, _ times: Int) async throws -> Double {
        let those = waiting.prefix(times), before = processorSeconds()
        for one in those {
            try await database.write(officer.act("request.\(verb.rawValue)", why: "bench")) { db in
                try Deciding.decide(one.id, verb, digest: one.digest, Form(), ApprovalEye(officer, house, in: db), in: db)
            }
        }
        waiting.removeFirst(those.count)
        return (processorSeconds() - before) / Double(max(1, those.count))
    }
    _ = try await decide(.decline, 50)
    let declined = try await decide(.decline, 200), consented = try await decide(.consent, 200)
    try say(["open": Double(open), "page": each, "decline": declined, "consent": consented, "bytes": Double(bytes)])
}

switch CommandLine.arguments.dropFirst().first {
case "approvals": try await approvals(CommandLine.arguments[2], CommandLine.arguments[3], Int(CommandLine.arguments[4]) ?? 0)
case "jobs": try await jobs(CommandLine.arguments[2], Int(CommandLine.arguments[3]) ?? 0)
case "hash": try hash(Int(CommandLine.arguments[2]) ?? 1)
case "session": try await session(CommandLine.arguments[2], CommandLine.arguments[3])
case "figures": try figures(CommandLine.arguments[2], isFirst: CommandLine.arguments.dropFirst(3).first == "first")
case "sheet": try sheet(CommandLine.arguments[2])
case "read": try read(CommandLine.arguments[2], CommandLine.arguments[3])
default:
    print("yugong-bench figures URL [first] | sheet FILE.xlsx | read KIND FILE.xlsx | hash TIMES | session URL TOKEN | jobs URL MANY | approvals URL ACCOUNT MANY")
    exit(64)
}
