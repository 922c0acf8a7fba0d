@testable import Access
@testable import Accounts
@testable import App
import Kit
import TestBench
import Testing
import World

@Suite("Many at once, while others write", .ownThreads, .serialized) struct PressureStories {
    /// Whoever follows the facts needs a reader of the database: a page that computed on one waited for itself.
    @Test("Everybody's own page of every year is answered while acts are written")
    func duesWhileWriting() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), liu = try #require(named.people["刘芳"])
            let token = try await app.database.write(Bench.act) { db in
                try Caller.session(try AccountStore.add("liufang", displayName: "刘芳", hash: "-", personID: liu, in: db), in: db)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<300 { try await app.database.write(Act(who: .system, origin: "", kind: "session.refused", why: "", isEvent: true)) { _ in } }
                }
                for caller in 0..<24 {
                    group.addTask {
                        let browser = Browser(port: port)
                        await browser.setCookie("yugong", token)
                        for turn in 0..<12 {
                            let status = try await browser.get("/me?year=\(2019 + (caller + turn) % 5)").status
                            #expect(status == 200)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
