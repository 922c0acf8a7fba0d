import Access
import Kit

/// What an owner is told of the sign-ins of the own account.
package struct SignInRecord: Sendable, Hashable {
    /// When, from which address, with what browser.
    package struct Visit: Sendable, Hashable {
        package let milliseconds: Int64
        package let address: String
        package let device: String
    }

    /// The sign-in that is going on, for whoever reads this signed in.
    package let latest: Visit?
    /// The one before it.
    package let former: Visit?
    /// Attempts that were refused between the two.
    package let refusedBefore: Int
    /// Attempts that were refused since the latest.
    package let refusedSince: Int
}

/// Why somebody was not let in.
enum SignInRefusal: Sendable, Equatable {
    case password, code, locked, closed
    /// Before the wait was over.
    case waiting
    /// By single sign-on, and why.
    case provider(String)

    init(_ state: Account.State) { self = state == .closed ? .closed : .locked }

    var word: String {
        switch self {
        case .password: "密码不对"
        case .code: "验证码不对"
        case .locked: "账号已锁定"
        case .closed: "账号已停用"
        case .waiting: "等待期内再试"
        case .provider(let why): "统一身份登录：\(why)"
        }
    }
}
