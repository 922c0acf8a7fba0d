@testable import Access
@testable import App
import Figures
import Foundation
@testable import Kit
import Register
@testable import TestBench
import Testing

@Suite("Values of another kind in the database", .ownThreads)
struct ForeignKindStories {
    /// What a column of a kind is not for, and what it may hold and the program never writes.
    private static func foreign(_ kind: ValueKind, isOfKind: Bool) -> String {
        switch kind {
        case .int: isOfKind ? "9223372036854775807" : "'x'"
        case .blob: isOfKind ? "x'00ff00ff'" : "'x'"
        case .text, .any: isOfKind ? "'['" : "x'00ff'"
        }
    }

    @Test("Whatever somebody has put into a row of whichever table, every page lives and figures are made; of what must be written it is said why it is not")
    func pages() async throws {
        try await servedOnBothEngines { app, port in
            // PostgreSQL's columns hold nothing else.
            guard app.database.engine == .sqlite else { return }
            let subjects = try await Subjects.make(app)
            let callers = try await Caller.all(app, port, subjects).filter { $0.isLearner || $0.place == .root && [.personnelOfficer, .securityAdmin, .auditor].contains($0.role) || $0.role == .personnelOfficer && $0.place == .own }
            var links: [(Caller, [String])] = []
            for caller in callers { links.append((caller, try await EveryPageStories.walk(caller.browser, limit: 45).filter { $0.value.status == 200 }.keys.sorted())) }
            #expect(links.map(\.1.count).reduce(0, +) > 60)
            let path = try await app.database.read { try $0.first("SELECT file FROM temp.pragma_database_list WHERE name = 'main'") { $0.text(0) } } ?? ""
            let hand = try Bench.handConnection("sqlite:" + path)
            defer { hand.close() }
            try hand.script("PRAGMA ignore_check_constraints = ON; PRAGMA busy_timeout = 60000")
            let asked = links.flatMap { caller, some in some.map { (caller, $0) } }
            for (table, columns) in try Database.tables(Reading(connection: hand)) {
                let wrong = columns.filter { !($0.isFirstOfKey && $0.kind == .int) }
                guard !wrong.isEmpty else { continue }
                let first = "rowid = (SELECT min(rowid) FROM \(table))"
                try hand.script("CREATE TEMPORARY TABLE kept AS SELECT * FROM \(table) WHERE \(first)")
                for isOfKind in [false, true] {
                    try hand.script("UPDATE \(table) SET \(wrong.map { "\($0.name) = \(Self.foreign($0.kind, isOfKind: isOfKind))" }.joined(separator: ", ")) WHERE \(first)")
                    _ = try await Facts(database: app.database, shelf: PolicyShelf(app.library)).view()
                    try await atOnce(asked) { caller, link in
                        let answer = try await caller.browser.get(link)
                        // Some pages note who looked before they show anything.
                        let isSaid = answer.status == 503 && (answer.body.contains("请系统管理员核对数据库") || answer.body.contains("数据库文件已损坏"))
                        #expect(answer.status < 500 || isSaid, "\(table) \(isOfKind): \(answer.status) of \(link) as \(caller.name)")
                    }
                }
                try hand.script("UPDATE \(table) SET \(wrong.map { "\($0.name) = (SELECT \($0.name) FROM kept)" }.joined(separator: ", ")) WHERE \(first); DROP TABLE kept")
            }
        }
    }
}
