@testable import Access
@testable import App
@testable import Approvals
import Foundation
import Kit
import TestBench
import Testing

/// Walks every route as every role at every place around one unit, and holds the answers against the table of rights.
@Suite("Every route, every role, every place", .ownThreads) struct MatrixStories {
    @Test("What the table allows is reached; what it does not looks like what is not there and changes nothing")
    func matrix() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app)
            let callers = try await Caller.all(app, port, subjects)
            let rows = Features.all.rights.filter { !$0.isDevelopment && $0.need.caller == .signedIn }
            let before = try await EveryTable(app.database)
            try await atOnce(callers) { caller in
                let absent = try await Self.words(of: caller.browser.get("/no-such-page"))
                for row in rows where !caller.reaches(row) {
                    let answer = try await Self.ask(row, caller.browser, subjects)
                    #expect(answer.status == 404 && Self.words(of: answer) == absent, "\(row.method) \(row.path) as \(caller.name): \(answer.status)")
                }
            }
            let stranger = Browser(port: port)
            for row in rows {
                let answer = try await Self.ask(row, stranger, subjects)
                #expect(answer.status == 303 && answer.location?.hasPrefix("/sign-in") == true, "\(row.method) \(row.path) as a stranger: \(answer.status)")
            }
            // That somebody tried is on record; nothing else is.
            #expect(try await before.differences(app.database, but: ["access.refused"]) == [])
            try await atOnce(callers) { caller in
                for row in rows where caller.reaches(row) && row.method == "GET" {
                    let answer = try await Self.ask(row, caller.browser, subjects)
                    #expect(answer.status < 400 && answer.location?.hasPrefix("/sign-in") != true, "\(row.method) \(row.path) as \(caller.name): \(answer.status)")
                }
            }
            for caller in callers {
                // Empty forms: who may is told what is missing. Signing out comes last.
                for row in rows.sorted(by: { $1.path == "/sign-out" && $0.path != "/sign-out" }) where caller.reaches(row) && row.method == "POST" {
                    let answer = try await Self.ask(row, caller.browser, subjects)
                    #expect([200, 303, 422].contains(answer.status) && (row.path == "/sign-out" || answer.location?.hasPrefix("/sign-in") != true), "\(row.method) \(row.path) as \(caller.name): \(answer.status)")
                }
            }
        }
    }

    @Test("None of the three administrators reads or changes business data by any route")
    func administrators() {
        for role in [Role.systemAdmin, .securityAdmin, .auditor] {
            #expect(role.rights.isDisjoint(with: [.seeing, .keeping]))
            for row in Features.all.rights {
                if case .right(let right, _) = row.need, ![.granting, .administering].contains(right) { #expect(row.need.reach(of: role) == "—", "\(row.path)") }
            }
        }
        #expect(Role.allCases.filter { Need.role(.auditor).reach(of: $0) != "—" } == [.auditor])
    }

    // MARK: -

    static func ask(_ row: RightsRow, _ browser: Browser, _ subjects: Subjects) async throws -> Browser.Answer {
        let (path, fields) = try #require(subjects.address(row), "Subjects knows nothing that \(row.path) could be about")
        return row.method == "GET" ? try await browser.get(path) : try await browser.post(path, fields, token: Caller.token)
    }

    /// A page but for the number of the request.
    static func words(of answer: Browser.Answer) -> String { answer.body.replacing(answer.header("X-Request-Id") ?? "-", with: "") }
}
