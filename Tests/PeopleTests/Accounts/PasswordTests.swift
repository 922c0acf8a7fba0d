@testable import Access
@testable import Accounts
import Foundation
import Kit
import TestBench
import Testing

@Suite("Passwords: what is refused", .ownThreads)
struct PasswordTests {
    private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    private static let path = home + "/" + DeniedPasswords.file
    /// `bin/setup` makes the list; without it the short one must do.
    static let hasList = FileManager.default.fileExists(atPath: path)
    private static let denied = DeniedPasswords(path: path)
    private static let words = ["ouyang", "欧阳静", "ouyangjing", "HX-0007", "临江区总工会"]

    private func refusal(_ password: String, _ denied: DeniedPasswords = Self.denied) -> String? {
        do {
            try PasswordRule.judge(password, words: Self.words, denied: denied)
            return nil
        } catch {
            return error.name
        }
    }

    @Test("A password is refused for a reason, and a good one taken", arguments: [
        ("short", "password.short"), ("123456789", "password.short"), ("1234567890", "password.common"), ("0987654321", "password.common"), ("aaaaaaaaaaaa", "password.common"),
        ("Password123", "password.common"), ("ouyang-2022-ouyang", "password.name"), ("马电池订书钉正确", "password.short"), ("correct horse battery", nil), ("马 电池 订书钉 正确", nil),
        (String(repeating: "长密码ab", count: 26), "password.long"), (String(repeating: "ab1-x7", count: 3) + "qrsv", nil),
        // Of this country, and written otherwise.
        ("woaini1314520", "password.common"), ("WoAiNi20241001", "password.common"), ("ｐａｓｓｗｏｒｄ１２３", "password.common"), ("p@ssw0rd2026!", "password.common"), ("!!password!!", "password.common"),
        ("1qaz2wsx3edc", "password.common"), ("工会工会工会2024", "password.name"), ("abc12abc12", "password.common"), ("woaini woaini", "password.common"),
        // Telephones and dates.
        ("13812345678", "password.common"), ("1990-01-01-01", "password.common"), ("19900101123", "password.common"),
        // Words of the account and of this place.
        ("欧阳静欧阳静欧阳静1990", "password.name"), ("hx-0007hx-0007", "password.name"), ("临江区总工会2026年", "password.name"), ("yugong-gonghui-2026", "password.name"),
        ("ouyang likes 三只青蛙", nil), ("gonghui 门口的石狮子", nil),
    ] as [(String, String?)])
    func passwords(password: String, expected: String?) { #expect(refusal(password) == expected) }

    @Test("The list holds more than ten thousand of the commonest in less than a megabyte", .enabled(if: hasList))
    func list() throws {
        #expect(Self.denied.isWhole && Self.denied.warning == nil)
        #expect(Self.denied.count > 90_000 && Self.denied.count * MemoryLayout<UInt64>.size < 1_000_000)
        let lines = try String(contentsOfFile: Self.path, encoding: .utf8).split(separator: "\n")
        let long = lines.filter { $0.count >= PasswordRule.length.lowerBound }
        #expect(long.count > 3000, "so many are long enough to be asked at all")
        for word in stride(from: 0, to: long.count, by: 97).map({ String(long[$0]) }) {
            #expect(refusal(word) != nil, "\(word)")
            #expect(refusal(word.uppercased()) != nil, "\(word)")
        }
        // A common word of the list with digits around it is one of it still.
        for word in ["dragon20240101", "2024sunshine", "iloveyou.1234", "basketball88"] { #expect(refusal(word) == "password.common", "\(word)") }
    }

    @Test("Without the file the start-up says so, and the first guesses are refused all the same")
    func missing() {
        let short = DeniedPasswords(path: "/nonexistent")
        #expect(!short.isWhole && short.warning?.contains("bin/setup") == true)
        #expect(refusal("woaini1314520", short) == "password.common" && refusal("qwertyuiop12", short) == "password.common")
        #expect(refusal("correct horse battery", short) == nil)
    }
}
