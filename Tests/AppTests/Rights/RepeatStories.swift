@testable import App
import Kit
import TestBench
import Testing

/// The log may be shortened by nobody, so what changes nothing must not make it longer.
@Suite("A form sent twice", .ownThreads) struct RepeatStories {
    /// Deeds that are on record although no row changes: who looked for somebody outside, took something away, or was refused; and what
    /// was asked for before and is made meanwhile.
    static let events: Set = ["person.lookup", "person.unmask", "access.refused", "audit.export", "export.people", "export.names", "export.list", "slip.ask", "slip.make", "extract.json", "extract.pdf", "list.view", "file.view", "file.made"]

    @Test("No form of any role leaves an act where no row is otherwise than before")
    func twice() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), foreign = try await Foreign.make(app, subjects)
            let callers = try await Caller.all(app, port, subjects).filter { caller in
                caller.isLearner || caller.place == .root && [.personnelOfficer, .securityAdmin, .systemAdmin, .auditor].contains(caller.role) || caller.role == .personnelOfficer && caller.place == .own
            }
            #expect(callers.count == 6)
            func send(_ what: String, _ ask: () async throws -> Browser.Answer) async throws {
                _ = try await ask()
                let before = try await EveryTable(app.database)
                _ = try await ask()
                let (acts, tables) = try await before.parts(app.database)
                if tables.isEmpty { #expect(acts.filter { !Self.events.contains($0) } == [], "\(what)") }
            }
            let officer = Browser(port: port)
            await officer.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(foreign.officer, in: $0) })
            for one in foreign.cases where one.method == "POST" && !one.isLearners {
                try await send("\(one.path) \(one.covers[0])") {
                    try await officer.post(one.path.replacing("{}", with: Fields.encode(one.own)), one.fields.map { ($0.0, $0.1.replacing("{}", with: one.own)) }, token: Caller.token)
                }
            }
            for caller in callers {
                for row in Features.all.rights where row.method == "POST" && !row.isDevelopment && row.path != "/sign-out" && caller.reaches(row) {
                    try await send("\(row.path) as \(caller.name)") { try await MatrixStories.ask(row, caller.browser, subjects) }
                }
            }
            let administrator = callers.first { $0.role == .systemAdmin }, student = callers.first { $0.isLearner }
            let system = try #require(administrator).browser, learner = try #require(student).browser
            for fields in [[("contact", "组织部 张工 8888")], [("contact", "")]] { try await send("contact") { try await system.post("/settings/contact", fields, token: Caller.token) } }
            // What the attack did: thousands a second.
            let before = try await app.database.lastID()
            for _ in 0..<20 {
                #expect(try await learner.post("/notices/read", token: Caller.token).status == 303)
                #expect(try await learner.post("/account/sessions/end", token: Caller.token).status == 303)
            }
            #expect(try await app.database.lastID() == before)
        }
    }
}
