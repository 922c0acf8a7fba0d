import Kit
import Testing

@testable import People

@Suite("Accounts: decisions")
struct AccountTests {
    @Test("Who fails waits longer each time, and never long", arguments: [
        (Throttle.Subject.account, 0, 0, Int64(0)), (.account, 2, 0, 0), (.account, 3, 0, 1000), (.account, 3, 400, 600), (.account, 3, 1000, 0), (.account, 4, 0, 2000), (.account, 6, 0, 8000),
        (.account, 9, 0, 60_000), (.account, 1_000_000, 0, 60_000), (.account, 50, 15 * 60_000, 0), (.address, 19, 0, 0), (.address, 20, 0, 1000), (.address, 40, 0, 60_000),
    ] as [(Throttle.Subject, Int, Int64, Int64)])
    func waits(subject: Throttle.Subject, failures: Int, since: Int64, expected: Int64) {
        let last: Int64 = 1_700_000_000_000
        #expect(Throttle.wait(subject, failures: failures, last: last, now: last + since) == expected)
    }

    @Test("A password is refused for a reason, and a good one taken", arguments: [
        ("short", "password.short"), ("123456789", "password.short"), ("1234567890", "password.common"), ("0987654321", "password.common"), ("aaaaaaaaaaaa", "password.common"),
        ("Password123", "password.common"), ("ouyang-2022-ouyang", "password.name"), ("马电池订书钉正确", "password.short"), ("correct horse battery", nil), ("马 电池 订书钉 正确", nil),
        (String(repeating: "长密码ab", count: 26), "password.long"), (String(repeating: "ab1-", count: 32), nil),
    ] as [(String, String?)])
    func passwords(password: String, refusal: String?) {
        do {
            try PasswordRule.judge(password, accountName: "ouyang")
            #expect(refusal == nil)
        } catch let refused as Refusal {
            #expect(refused.name == refusal)
        } catch {
            Issue.record(error)
        }
    }

    @Test("A session ends by idleness and in any case", arguments: [
        (Int64(0), Int64(0), true), (SessionRule.idle - 1, 0, true), (SessionRule.idle, 0, false), (0, SessionRule.longest, false), (0, SessionRule.longest - 1, true),
    ])
    func sessions(idle: Int64, age: Int64, isAlive: Bool) {
        let start: Int64 = 1_700_000_000_000, now = start + max(idle, age)
        #expect(SessionRule.isAlive(seen: now - idle, expires: start + SessionRule.longest, now: now) == isAlive)
    }

    @Test("Names of accounts can be typed again", arguments: [("OuYang", "ouyang"), ("欧阳静", "欧阳静"), ("a", nil), ("a b", nil), ("<b>", nil), ("li.si@bj", "li.si@bj")] as [(String, String?)])
    func names(typed: String, expected: String?) { #expect((try? Account.name(typed)) == expected) }
}
