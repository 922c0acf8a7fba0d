import Foundation
import Kit
import TestBench
import Testing

@Suite("yugong verify", .ownThreads)
struct VerifyStories {
    @Test("A demo world with an import and a new account is found whole; hours, files and acts edited by hand are each found")
    func edited() throws {
        try CommandLineUser.onBothEngines { user in
            #expect(try user.run("demo", "--people", "40").status == 0)
            #expect(try user.run("user", "add", "neu", "--unit", "HX").status == 0)
            let whole = try user.run("verify")
            #expect(whole.status == 0, "\(whole.said) \(whole.noted)")
            #expect(whole.said.contains("没有发现问题") && whole.said.contains("此后的操作 0 次"))

            for (text, sentence) in [
                ("UPDATE hour_entry SET hours = 9900 WHERE id = (SELECT min(id) FROM hour_entry WHERE hours IS NOT NULL)", "学时"),
                ("UPDATE person SET name = '王五' WHERE id = (SELECT min(id) FROM person)", "person"),
                ("DELETE FROM appointment WHERE id = (SELECT max(id) FROM appointment)", "appointment"),
                ("UPDATE act SET who = '别人' WHERE kind = 'account.add'", "校验码不符"),
            ] {
                try Bench.byHand(user.database, text)
                let found = try user.run("verify")
                #expect(found.status == 65, "\(text)")
                #expect(found.said.contains(sentence), "\(text): \(found.said)")
            }
        }
    }
}
