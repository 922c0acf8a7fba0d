import Kit

/// What a password must be. Length and not being the first guess count; rules about signs only make people write it down.
package enum PasswordRule {
    package static let length = 10...128
    /// Bytes of the longest: what looks like one character may be as long as it likes.
    static let mostBytes = 1024

    /// Judges a password. `words` are what belongs to its account (name, unit, staff number …): alone, or with a year
    /// behind them, they are a first guess too.
    ///
    /// Refusals `password.short`, `password.long`, `password.common`, `password.name`.
    package static func judge(_ password: String, words: [String], denied: DeniedPasswords) throws(Refusal) {
        let long = Refusal("password.long", "密码超过 \(length.upperBound) 位。请用短一些的密码。")
        guard password.utf8.count <= mostBytes else { throw long }
        guard password.count >= length.lowerBound else {
            throw Refusal("password.short", "密码只有 \(password.count) 位，太短。请用至少 \(length.lowerBound) 位，例如连写几个不相干的词。")
        }
        guard password.count <= length.upperBound else { throw long }
        let plain = plain(password)
        guard Set(plain).count >= 4, !isRun(plain), !isRepeated(plain), !isNumber(plain), !guesses(plain).contains(where: denied.contains) else {
            throw Refusal("password.common", "这个密码太常见，或者只是常见的词、电话、日期加几个数字，容易被猜中。请换一个，例如连写几个不相干的词。")
        }
        guard weight(plain, without: words + ours) >= leastWeight else {
            throw Refusal("password.name", "密码里主要是账号名、姓名、单位或系统的名字，容易被猜中。请换一个与这些无关的密码。")
        }
    }

    /// Words of this place that everybody thinks of.
    private static let ours = ["yugong", "gonghui", "zonggonghui", "peixun", "xuexi", "育工", "总工会", "工会", "培训", "学习"]

    /// As it is compared: lower case, full-width signs as ordinary ones, without blanks.
    static func plain(_ text: String) -> String {
        let narrow = text.unicodeScalars.compactMap { (0xFF01...0xFF5E).contains($0.value) ? Unicode.Scalar($0.value - 0xFEE0) : $0 }
        return String(String.UnicodeScalarView(narrow)).lowercased().filter { !$0.isWhitespace }
    }

    /// What somebody may have begun with: the password itself, and what stands in it before digits and marks were put
    /// around it and letters written as the signs that look like them.
    private static func guesses(_ plain: String) -> Set<String> {
        func core(_ text: String) -> String {
            let start = text.drop { !$0.isLetter }
            return String(start.reversed().drop { !$0.isLetter }.reversed())
        }
        func unfolded(_ text: String) -> String { String(text.map { looks[$0] ?? $0 }) }
        return Set([plain, core(plain), unfolded(plain), unfolded(core(plain)), core(unfolded(plain))].filter { !$0.isEmpty })
    }
    private static let looks: [Character: Character] = ["@": "a", "4": "a", "3": "e", "1": "l", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"]

    /// What is left once the account's own words are taken out: a letter counts twice a digit, and marks do not count.
    private static func weight(_ plain: String, without words: [String]) -> Int {
        var rest = plain
        for word in words.map(Self.plain).filter({ $0.count >= 2 }).sorted(by: { ($0.count, $0) > ($1.count, $1) }) {
            rest = rest.split(separator: word, omittingEmptySubsequences: false).joined(separator: " ")
        }
        return rest.reduce(0) { $0 + ($1.isLetter ? 2 : $1.isNumber ? 1 : 0) }
    }
    /// Six letters.
    private static let leastWeight = 12

    /// 1234567890, abcdefghij, 9876543210.
    private static func isRun(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(values.dropFirst(), values).map { $0 - $1 })
        return steps.isSubset(of: [1, -9]) || steps.isSubset(of: [-1, 9])
    }

    /// abc12abc12: a short piece over and over.
    private static func isRepeated(_ text: String) -> Bool {
        let letters = Array(text)
        return (1...6).contains { length in letters.count >= 2 * length && letters.indices.allSatisfy { letters[$0] == letters[$0 % length] } }
    }

    /// Telephones, dates, QQ numbers: digits alone, with or without marks between them.
    private static func isNumber(_ text: String) -> Bool {
        !text.contains { $0.isLetter } && text.count { $0.isNumber } <= 12
    }
}
