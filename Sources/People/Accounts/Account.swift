import Kit

/// Somebody who can sign in.
package struct Account: Sendable, Hashable, Identifiable {
    package let id: Int64
    /// What is typed to sign in; lower case.
    package var name: String
    package var displayName: String
    /// The person whose own record the account sees.
    package var personID: Int64?

    package init(id: Int64, name: String, displayName: String, personID: Int64? = nil) {
        self.id = id
        self.name = name
        self.displayName = displayName
        self.personID = personID
    }

    /// The name as it is stored; refuses what nobody could type again.
    package static func name(_ typed: String) throws(Refusal) -> String {
        let name = typed.lowercased()
        let isAllowed = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || (48...57).contains($0.value) || "-_.@".unicodeScalars.contains($0)
        }
        guard (2...40).contains(name.count), isAllowed else {
            throw Refusal("account.name", "账号名“\(typed.prefix(40))”不能用：应为 2 至 40 个汉字、字母、数字或 - _ . @。请换一个账号名。")
        }
        return name
    }
}

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

/// How long who fails to sign in must wait: longer each time, never long.
package enum Throttle {
    package enum Subject: Sendable {
        case account, address

        /// Failures without any wait; an office shares one address.
        var free: Int {
            switch self {
            case .account: 3
            case .address: 20
            }
        }
    }

    /// No wait is longer, so that nobody can lock somebody else out.
    package static let longest: Int64 = 60_000
    /// After so long without a failure all is forgotten.
    package static let memory: Int64 = 15 * 60_000

    /// Milliseconds still to wait after so many failures in a row, the last of them at `last`.
    package static func wait(_ subject: Subject, failures: Int, last: Int64, now: Int64) -> Int64 {
        guard failures >= subject.free, now - last < memory else { return 0 }
        let wait = min(longest, 1000 << Int64(min(failures - subject.free, 10)))
        return max(0, last + wait - now)
    }

    package static func refusal(_ milliseconds: Int64) -> Refusal {
        Refusal("signIn.wait", "登录连续失败多次。请等 \((milliseconds + 999) / 1000) 秒再试；忘记密码请找本单位的组织人事管理员重置。")
    }
}

/// How long a session lives.
package enum SessionRule {
    /// Without a request for so long it ends.
    package static let idle: Int64 = 2 * 3_600_000
    /// It ends after so long in any case.
    package static let longest: Int64 = 12 * 3_600_000
    /// "Last seen" is written no more often.
    package static let seenStep: Int64 = 10 * 60_000

    package static func isAlive(seen: Int64, expires: Int64, now: Int64) -> Bool {
        now < expires && now - seen < idle
    }
}
