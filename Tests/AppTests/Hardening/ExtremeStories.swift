@testable import Access
@testable import Accounts
@testable import App
import Foundation
import Kit
@testable import People
import TestBench
import Testing

/// What nobody means, sent to every part of every path, every name of every query and every field of every form, as every role.
/// The server is a process of its own: it must live, and what one answer costs is its own time.
@Suite("Numbers, days and texts that nobody means", .ownThreads)
struct ExtremeStories {
    /// As they stand in an address or a form, percent-encoded or broken.
    static let values = [
        "0", "-1", "2147483647", "-2147483649", "9223372036854775807", "-9223372036854775808", "100000000000000000000", "", "-9999", "20000000",
        "99999999", "0001-01-01", "1899-12-31", "2199-12-31", "9999-12-31", "10000-01-01", "2023-02-29", "%00", "%ED%A0%80", "%F", "1e308",
        "x~9223372036854775807",
    ]
    /// For each field and name by itself; on the second engine for all of them, as what the program reads it has read the same before.
    static let few = ["9223372036854775807", "-9223372036854775808", "20000000", "2199-12-31", "0001-01-01", "-1", "%ED%A0%80", "%00"]
    /// Names that lists read without saying them in a handler.
    static let ofLists = ["after", "before", "sort", "col", "density"]

    /// A form as a page shows it.
    struct ShownForm {
        let action: String
        var fields: [(name: String, value: String)]

        static func all(in page: String) -> [ShownForm] {
            page.matches(of: #/<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>/#.dotMatchesNewlines()).map { form in
                var fields: [(name: String, value: String)] = []
                let inside = String(form.2)
                func add(_ tag: Substring, _ value: (String?) -> String) {
                    func attribute(_ name: String) -> String? { tag.range(of: " \(name)=\"").map { String(tag[$0.upperBound...].prefix { $0 != "\"" }) } }
                    guard let name = attribute("name"), name != FormToken.field, !fields.contains(where: { $0.name == name }) else { return }
                    fields.append((name, value(attribute("value"))))
                }
                for tag in inside.matches(of: #/<input([^>]*)>/#) { add(tag.1) { $0 ?? "on" } }
                for tag in inside.matches(of: #/<textarea([^>]*)>/#) { add(tag.1) { _ in "" } }
                for tag in inside.matches(of: #/<select([^>]*)>(.*?)</select>/#.dotMatchesNewlines()) {
                    let chosen = tag.2.firstMatch(of: #/value="([^"]+)"[^>]*selected/#)?.1 ?? tag.2.firstMatch(of: #/value="([^"]+)"/#)?.1
                    add(tag.1) { _ in String(chosen ?? "") }
                }
                return ShownForm(action: String(form.1).replacing("&amp;", with: "&"), fields: fields)
            }
        }
    }

    /// The served program, asked byte for byte. Unchecked because the process is only looked at.
    final class Server: @unchecked Sendable {
        let served: KillStories.Served
        init(_ served: KillStories.Served) { self.served = served }

        /// The status; nil where no answer came.
        func ask(_ method: String, _ path: String, _ form: String? = nil, cookie: String) async throws -> Int? {
            try await onThread { [self] in
                let client = try RawClient(port: served.port)
                var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(served.port)\r\nConnection: close\r\nCookie: \(cookie)\r\n"
                if let form { text += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n" }
                client.say(text + "\r\n" + (form ?? ""))
                return client.status()
            }
        }

        /// Milliseconds of processor time that the server has used; the system counts in hundredths of a second.
        var spent: Int {
            let stat = (try? String(contentsOfFile: "/proc/\(served.process.processIdentifier)/stat", encoding: .utf8)) ?? ""
            let fields = stat.drop { $0 != ")" }.split(separator: " ")
            return fields.count > 13 ? ((Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)) * 10 : 0
        }
    }

    private struct Walk: Sendable {
        let server: Server
        let names: [String: [String]]
        /// On the second engine.
        let isAgain: Bool

        /// What one caller sends: the first everything, on the second engine the few; each other role two or one of the few, by turns,
        /// for what reads them is the same code whoever asks.
        func values(_ place: Int = 0) -> [String] {
            guard place > 0 else { return isAgain ? ExtremeStories.few : ExtremeStories.values }
            return (0..<(isAgain ? 1 : 2)).map { ExtremeStories.few[(2 * place + $0) % ExtremeStories.few.count] }
        }

        /// Sends one thing, and holds what came back against what must be.
        func send(_ method: String, _ path: String, _ form: String? = nil, as caller: String, cookie: String) async throws {
            let what = "\(method) \(path.prefix(200)) \((form ?? "").prefix(200)) as \(caller)"
            for attempt in 0..<4 {
                let before = server.spent
                let status: Int?
                do { status = try await server.ask(method, path, form, cookie: cookie) } catch { throw Refusal("test.gone", "服务停了：\(what)") }
                let cost = server.spent - before
                guard server.served.process.isRunning else { throw Refusal("test.gone", "服务停了：\(what)") }
                if status.map({ $0 >= 500 }) ?? true { Issue.record("\(what): \(status.map(String.init) ?? "no answer")") }
                if cost < 1000 { break }
                // What else the server did meanwhile was counted with it: once more, and once more.
                if attempt == 3 {
                    Issue.record("\(what) costs \(cost) ms")
                    break
                }
            }
        }
    }

    @Test("Every parameter of every route and every field of every form is sent extremes as every role: the process lives, nothing fails, no answer is dear")
    func walk() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/yugong-extremes-\(UUID().uuidString)", key = folder + "/the.key"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let app = try App(database: database, databaseURL: url, settings: Settings(home: Settings.fromEnvironment().home, keyFile: key))
                let subjects = try await Subjects.make(app)
                let server = Server(try KillStories.Served(url, key: key, folder: folder))
                defer { server.served.end(SIGTERM) }
                let callers = try await Caller.all(app, server.served.port, subjects)
                // Seldom more than one place of a role tells anything new: the first that reaches the row.
                func reaching(_ row: RightsRow) -> [Caller] {
                    var seen: Set<String> = []
                    return callers.filter { $0.reaches(row) && seen.insert($0.role?.rawValue ?? ($0.isLearner ? "learner" : "nobody")).inserted }
                }
                let walk = Walk(server: server, names: try Self.names(), isAgain: engine != .sqlite)
                _ = try await callers[0].browser.get(subjects.ruleAddress)

                let rows = Features.all.rights.filter { !$0.isDevelopment }
                for row in rows where row.method == "GET" {
                    for (place, caller) in (row.need.caller == .signedIn ? reaching(row) : Array(callers.prefix(1))).enumerated() {
                        try await Self.reading(row, caller, subjects, walk, place)
                    }
                }
                // What ends sessions or takes the subjects away comes last.
                try await Self.visitors(rows.filter { $0.method == "POST" && $0.need == .open }, server.served.port, walk)
                let lasting = rows.filter { $0.method == "POST" && $0.need.caller == .signedIn }.sorted { !Self.ends($0) && Self.ends($1) }
                var bare: Set<String> = []
                for row in lasting {
                    guard let (address, fields) = subjects.address(row) else { continue }
                    // What is done to a unit has one route and a form for each act.
                    let acts = row.path.hasSuffix("/do/:act") ? UnitAct.allCases.map { address.replacing("/do/create", with: "/do/\($0.rawValue)") } : [address]
                    for (place, caller) in reaching(row).enumerated() {
                        for act in acts {
                            let shown = try await Self.writing(row, at: act, fields, caller, walk, place)
                            if place == 0, shown == 0 { bare.insert(row.path) }
                        }
                    }
                }
                try await Self.steps(app, walk)
                // Long texts in several fields of one form.
                let officer = try #require(callers.first { $0.role == .personnelOfficer && $0.place == .root }), cookie = await Self.cookie(officer)
                let long = String(repeating: "%E5%AD%A6", count: 66_000)
                for path in ["/people/new", "/transfers", "/seek", "/people/find"] {
                    try await walk.send("POST", path, "_token=\(Caller.token)&name=\(long)&why=\(long)&number=\(long)", as: officer.name, cookie: cookie)
                }
                #expect(server.served.process.isRunning)
                // The others are shown by no page as the subjects stand, by a page elsewhere (views, reminders), or have no field but the token.
                #expect(bare.count < 60, "without a form of a page: \(bare.sorted())")
            }
        }
    }

    private static func ends(_ row: RightsRow) -> Bool {
        row.path == "/sign-out" || row.path.contains("sessions") || row.path.hasPrefix("/accounts/") || row.path.hasPrefix("/account")
            || row.path.hasSuffix("/do/:act") || ["erase", "merge", "withdraw", "end", "void"].contains { row.path.hasSuffix("/" + $0) }
    }

    private static func cookie(_ caller: Caller) async -> String { await "yugong=\(caller.browser.cookie("yugong") ?? "")" }

    /// What a row's path says, with each of its parts in turn and each name of a query.
    private static func reading(_ row: RightsRow, _ caller: Caller, _ subjects: Subjects, _ walk: Walk, _ place: Int) async throws {
        guard let (address, _) = subjects.address(row) else { return }
        let values = walk.values(place)
        let cookie = await cookie(caller), parts = address.split(separator: "?")[0].split(separator: "/", omittingEmptySubsequences: false)
        let patterns = row.path.split(separator: "/", omittingEmptySubsequences: false)
        try await each(values) { value in
            for (place, part) in patterns.enumerated() where part.hasPrefix(":") && place < parts.count {
                var changed = parts.map { String($0) }
                changed[place] = value
                let path = changed.joined(separator: "/")
                try await walk.send("GET", path, as: caller.name, cookie: cookie)
            }
        }
        let base = address + (address.contains("?") ? "&" : "?"), own = walk.names["GET " + row.path] ?? walk.names[""] ?? []
        let names = own + ofLists
        try await each(values) { value in
            try await walk.send("GET", base + names.map { "\($0)=\(value)" }.joined(separator: "&"), as: caller.name, cookie: cookie)
        }
        guard place == 0, !walk.isAgain else { return }
        try await each(names) { name in
            for value in few.prefix(2) { try await walk.send("GET", base + "\(name)=\(value)", as: caller.name, cookie: cookie) }
        }
    }

    /// What a row's form holds as the page shows it, one field after the other; the reason last, which completes many an act.
    /// Answers how many fields the page showed.
    private static func writing(
        _ row: RightsRow, at address: String, _ given: [(String, String)], _ caller: Caller, _ walk: Walk, _ turn: Int
    ) async throws -> Int {
        // More files at once of one session are turned away.
        let atOnce = row.path == "/exchange/imports" ? 1 : 3
        let cookie = await cookie(caller), path = String(address.split(separator: "?")[0])
        var fields = given
        // The page that shows the form: at the same address, or one above it.
        var above = path
        while turn == 0, fields.count == given.count, above.count > 1 {
            for form in ShownForm.all(in: try await caller.browser.get(above).body) where form.action.split(separator: "?").first.map(String.init) == path {
                for field in form.fields where !fields.contains(where: { $0.0 == field.name }) { fields.append((field.name, field.value)) }
            }
            above = "/" + above.split(separator: "/").dropLast().joined(separator: "/")
        }
        let names = (walk.names["POST " + row.path] ?? walk.names[""] ?? []).filter { name in !fields.contains { $0.0 == name } }
        for reason in ["why", "reason"] {
            if let place = fields.firstIndex(where: { $0.0 == reason }) { fields[place].1 = fields[place].1.isEmpty ? "核对边界" : fields[place].1 }
        }
        let filled = fields
        @Sendable func encoded(_ pairs: [(String, String)]) -> String { "_token=\(Caller.token)&" + pairs.map { "\($0.0)=\($0.1)" }.joined(separator: "&") }
        let plain = filled.map { ($0.0, Fields.encode($0.1)) }
        try await each(walk.values(turn), atOnce: atOnce) { value in
            try await walk.send("POST", path, encoded((filled.map(\.0) + names).map { ($0, value) }), as: caller.name, cookie: cookie)
        }
        guard turn == 0 else { return 0 }
        let last = ["why", "reason"], order = plain.indices.filter { !last.contains(plain[$0].0) } + plain.indices.filter { last.contains(plain[$0].0) }
        for place in order {
            try await each(walk.isAgain ? Array(few.prefix(4)) : few, atOnce: atOnce) { value in
                var changed = plain
                changed[place].1 = value
                try await walk.send("POST", path, encoded(changed), as: caller.name, cookie: cookie)
            }
        }
        try await each(walk.isAgain ? [] : names, atOnce: atOnce) { name in
            for value in few.prefix(2) { try await walk.send("POST", path, encoded(plain + [(name, value)]), as: caller.name, cookie: cookie) }
        }
        return filled.count - given.count
    }

    /// The forms of somebody who has not signed in, with a token of the page that shows them.
    private static func visitors(_ rows: [RightsRow], _ port: Int, _ walk: Walk) async throws {
        for row in rows {
            let browser = Browser(port: port), page = row.path == "/activate" ? "/activate" : "/sign-in"
            let token = try #require(try await browser.get(page).token), cookie = await "yugong-form=\(browser.cookie("yugong-form") ?? "")"
            let names = walk.names["POST " + row.path] ?? walk.names[""] ?? []
            try await each(walk.values()) { value in
                try await walk.send("POST", row.path, "_token=\(token)&" + names.map { "\($0)=\(value)" }.joined(separator: "&"), as: "nobody", cookie: cookie)
            }
        }
    }

    /// The forms between the steps of signing in.
    private static func steps(_ app: App, _ walk: Walk) async throws {
        let account = try await app.database.write(Bench.act) { try AccountStore.add("stepper", displayName: "登录途中的人", hash: "-", in: $0) }
        for row in Features.all.rights where row.need == .step {
            let names = ["code", "name", "password", "again", "recovery", "to"]
            for value in walk.values() {
                guard let kind = [SignInStep.Kind.code, .enrol, .saved, .set].first(where: { $0.path == row.path }) else { continue }
                let token = try await app.database.write(Bench.act) { db in
                    let sealed = kind == .enrol ? try app.entrance.secrets.seal(.random(), of: account) : nil
                    let token = try SignInStepStore.begin(kind, of: account, proof: .password, sealed: sealed, target: "", in: db)
                    _ = try db.run("UPDATE sign_in_step SET form_secret = \(Caller.token) WHERE fingerprint = \(Secrets.fingerprint(token))")
                    return token
                }
                let pairs = names.map { "\($0)=\(value)" }.joined(separator: "&")
                if row.method == "GET" {
                    try await walk.send("GET", row.path + "?" + pairs, as: "a step", cookie: "yugong-step=\(token)")
                } else {
                    try await walk.send("POST", row.path, "_token=\(Caller.token)&" + pairs, as: "a step", cookie: "yugong-step=\(token)")
                }
            }
        }
    }

    private static func each<Item: Sendable>(_ items: [Item], atOnce: Int = 3, _ body: @escaping @Sendable (Item) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, item) in items.enumerated() {
                if number >= atOnce { try await group.next() }
                group.addTask { try await body(item) }
            }
            try await group.waitForAll()
        }
    }

    /// The names that the feature behind each route reads, from its folder in the source; all names where a route is not written out.
    static func names() throws -> [String: [String]] {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources").standardizedFileURL
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)).compactMap { $0 as? URL }
            .filter { $0.pathExtension == "swift" && !$0.path.contains("/Sources/Kit/") }
        var folderOf: [String: String] = [:], names: [String: [String]] = [:]
        for file in files { folderOf[file.deletingPathExtension().lastPathComponent] = file.deletingLastPathComponent().path }
        var ofFolder: [String: Set<String>] = [:], all: Set<String> = []
        for read in try Foreign.namesRead() {
            let parts = read.split(separator: ".").map(String.init)
            ofFolder[folderOf[parts[0]] ?? "", default: []].insert(parts[1])
            all.insert(parts[1])
        }
        names[""] = all.sorted()
        for file in files {
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: #/\w+\.(get|post)\(\s*"(\/[^"]*)"/#) {
                names["\(match.1.uppercased()) \(match.2)"] = (ofFolder[file.deletingLastPathComponent().path] ?? []).sorted()
            }
        }
        return names
    }
}
