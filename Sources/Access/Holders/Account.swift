import Kit

/// Somebody who can sign in.
package struct Account: Sendable, Hashable, Identifiable {
    package let id: Int64
    /// What is typed to sign in; lower case.
    package var name: String
    package var displayName: String
    /// The person whose own record the account sees.
    package var personID: Int64?
    package var state: State

    /// Where an account stands in its life.
    package enum State: String, Sendable, CaseIterable {
        /// Made, but nobody has signed in with it yet.
        case new
        case active
        /// Kept out until it is unlocked.
        case locked
        /// Ended; it must be activated anew.
        case closed

        package var word: String {
            switch self {
            case .new: "未激活"
            case .active: "使用中"
            case .locked: "已锁定"
            case .closed: "已停用"
            }
        }
    }

    /// Whether somebody has seen to it that nobody signs in with it.
    package var isKeptOut: Bool { state == .locked || state == .closed }

    package init(id: Int64, name: String, displayName: String, personID: Int64? = nil, state: State = .active) {
        self.id = id
        self.name = name
        self.displayName = displayName
        self.personID = personID
        self.state = state
    }

    /// The name as it is stored; refuses what nobody could type again.
    package static func name(_ typed: String) throws(Refusal) -> String {
        // What looks like forty characters may be as long as it likes.
        let name = typed.utf8.count <= 400 ? typed.lowercased() : ""
        let isAllowed = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || (48...57).contains($0.value) || "-_.@".unicodeScalars.contains($0)
        }
        guard name.count >= 2, name.fits(40), isAllowed else {
            throw Refusal("account.name", "账号名“\(String(typed.unicodeScalars.prefix(40)))”不能用：应为 2 至 40 个汉字、字母、数字或 - _ . @。请换一个账号名。")
        }
        // Names stand in clear on screens and in the log; numbers of people must not.
        let digits = name.filter { !"-_.".contains($0) }
        guard digits.firstMatch(of: #/1[3-9]\d{9}/#) == nil, digits.firstMatch(of: #/\d{15}/#) == nil else {
            throw Refusal("account.number", "手机号和证件号码不能用作账号名，以免在页面上露出来。登录时仍可以直接输入手机号；请另起一个账号名。")
        }
        return name
    }
}
