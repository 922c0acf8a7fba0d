@testable import Access
@testable import Accounts
import Kit
@testable import Register
import TestBench
import Testing

@Suite("What reads names, numbers and passwords takes as long as they are", .ownThreads)
struct TypedGrowthTests {
    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("Passwords, whatever their signs are made of")
    func passwords() throws {
        let denied = DeniedPasswords(path: "")
        try expectLinear(Hostile.everywhere() + Hostile.everywhere(after: "a", before: "z") + [Hostile("👨\u{200D}", after: "aBcDeFgHiJ"), Hostile("yugong")]) { bytes in
            try PasswordRule.judge(Self.text(bytes), words: ["somebody", Self.text(Array(bytes.prefix(40)))], denied: denied)
        }
    }

    @Test("A password of few signs and many bytes is refused before it is judged")
    func longPassword() {
        let one = "abcdefghijkl" + String(repeating: "\u{301}", count: 300_000)
        #expect(one.count == 12)
        #expect(throws: Refusal.self) { try PasswordRule.judge(one, words: [], denied: DeniedPasswords(path: "")) }
        do { try PasswordRule.judge(one, words: [], denied: DeniedPasswords(path: "")) } catch { #expect(error.name == "password.long") }
        #expect(throws: Refusal.self) { try Account.name("ab" + String(repeating: "\u{301}", count: 300_000)) }
    }

    @Test("ID numbers, telephones, names of accounts")
    func numbers() throws {
        let today = Day(number: 20_000)
        try expectLinear(Hostile.everywhere() + Hostile.everywhere(after: "11010519491231002", before: "X")) { bytes in
            let text = Self.text(bytes)
            _ = try? IDNumber(text, today: today)
            _ = try? PhoneNumber.checked(text)
            _ = try? Account.name(text)
        }
    }
}
