@testable import Access
@testable import Accounts
import Kit
import TestBench
import Testing

@Suite("Accounts: decisions", .ownThreads)
struct AccountTests {
    @Test("Who fails waits longer each time, and never long", arguments: [
        (Throttle.Subject.account, 0, 0, Int64(0)), (.account, 2, 0, 0), (.account, 3, 0, 1000), (.account, 3, 400, 600), (.account, 3, 1000, 0), (.account, 4, 0, 2000), (.account, 6, 0, 8000),
        (.account, 9, 0, 60_000), (.account, 1_000_000, 0, 60_000), (.account, 50, 15 * 60_000, 0), (.address, 19, 0, 0), (.address, 20, 0, 1000), (.address, 40, 0, 60_000),
    ] as [(Throttle.Subject, Int, Int64, Int64)])
    func waits(subject: Throttle.Subject, failures: Int, since: Int64, expected: Int64) {
        let last: Int64 = 1_700_000_000_000
        #expect(Throttle.wait(subject, failures: failures, last: last, now: last + since) == expected)
    }

    @Test("A session ends by idleness and in any case", arguments: [
        (Int64(0), Int64(0), true), (SessionRule.idle - 1, 0, true), (SessionRule.idle, 0, false), (0, SessionRule.longest, false), (0, SessionRule.longest - 1, true),
    ])
    func sessions(idle: Int64, age: Int64, isAlive: Bool) {
        let start: Int64 = 1_700_000_000_000, now = start + max(idle, age)
        #expect(SessionRule.isAlive(seen: now - idle, expires: start + SessionRule.longest, now: now) == isAlive)
    }

    @Test("Names of accounts can be typed again", arguments: [("OuYang", "ouyang"), ("欧阳静", "欧阳静"), ("a", nil), ("a b", nil), ("<b>", nil), ("li.si@bj", "li.si@bj"),
        ("13812345678", nil), ("138-1234-5678", nil), ("li13812345678", nil), ("11010519491231002X", nil), ("hx-0007", "hx-0007"), ("~1", nil)] as [(String, String?)])
    func names(typed: String, expected: String?) { #expect((try? Account.name(typed)) == expected) }
}
