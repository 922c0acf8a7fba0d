import Kit

/// What a password must be. Length and not being the first guess count; rules about signs only make people write it down.
package enum PasswordRule {
    package static let length = 10...128

    /// Refusal `password.short`, `password.long`, `password.common`, `password.name`.
    package static func judge(_ password: String, accountName: String) throws(Refusal) {
        guard password.count >= length.lowerBound else {
            throw Refusal("password.short", "密码只有 \(password.count) 位，太短。请用至少 \(length.lowerBound) 位，例如连写几个不相干的词。")
        }
        guard password.count <= length.upperBound else {
            throw Refusal("password.long", "密码超过 \(length.upperBound) 位。请用短一些的密码。")
        }
        let plain = password.lowercased()
        guard !accountName.isEmpty, !plain.contains(accountName.lowercased()) else {
            throw Refusal("password.name", "密码里含有账号名，容易被猜中。请换一个不含账号名的密码。")
        }
        guard Set(plain).count >= 4, !denied.contains(plain), !isRun(plain) else {
            throw Refusal("password.common", "这个密码太常见，容易被猜中。请换一个，例如连写几个不相干的词。")
        }
    }

    /// The first guesses of everybody who guesses, as far as they are long enough.
    private static let denied: Set<String> = [
        "password123", "password1234", "password12", "passw0rd123", "qwertyuiop", "qwerty12345", "qwerty123456", "1q2w3e4r5t", "1qaz2wsx3edc",
        "1qaz2wsx3e", "zaq12wsxcde3", "qazwsxedcrfv", "asdfghjkl;", "zxcvbnm123", "admin12345", "admin123456", "administrator", "woaini1314",
        "woaini520", "woaini1314520", "5201314520", "woaizhongguo", "woaibeijing", "iloveyou123", "letmein1234", "welcome123", "abcd123456", "abc1234567",
        "abc123456789", "a123456789", "aa123456789", "qq123456789", "123456789a", "123456789abc", "123456abcdef", "zhonghua123", "gonghui123",
        "gonghui1234", "gonghui12345", "yugong1234", "yugong12345", "yugong123456", "changeme123", "1234qwerasdf", "p@ssw0rd123", "p@ssword123",
    ]

    /// 1234567890, abcdefghij, 9876543210.
    private static func isRun(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(values.dropFirst(), values).map { $0 - $1 })
        return steps.isSubset(of: [1, -9]) || steps.isSubset(of: [-1, 9])
    }
}
