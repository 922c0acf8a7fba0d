import Access
import Kit

/// Single sign-on as this installation has it: a provider, and what its word counts for.
package struct SingleSignOn: Sendable {
    /// 「市总统一身份」, as it stands on the button.
    package let name: String
    package let provider: IdentityProvider
    /// The claim that is a staff number, where the operator lets it bind an account at the first sign-in.
    package let staffNumberClaim: String?
    /// Values of `acr` or `amr` that count as a second factor.
    package let strong: Set<String>

    package init(name: String, provider: IdentityProvider, staffNumberClaim: String? = nil, strong: Set<String> = []) {
        self.name = name
        self.provider = provider
        self.staffNumberClaim = staffNumberClaim
        self.strong = strong
    }

    package var issuer: String { provider.client.issuer }

    /// Whether the provider says that it asked for more than a password.
    func isStrong(_ token: IDToken) -> Bool { !strong.isDisjoint(with: token.texts("acr") + token.texts("amr")) }

    /// The staff number by which a first sign-in may find its account; nil where that is not turned on or nothing is said.
    func staffNumber(_ token: IDToken) -> String? {
        staffNumberClaim.flatMap { token.text($0) }.flatMap { $0.isEmpty || $0.count > 60 ? nil : $0 }
    }

    /// The account that a staff number binds to: the only one in use of its person, where nothing keeps it from that. One
    /// with duties is bound by its owner alone, and so is one that is older than the number in the file.
    static func toBind(_ accounts: [Account], isKept: (Account) throws -> Bool) rethrows -> Account? {
        let usable = accounts.filter { $0.state == .active }
        guard usable.count == 1, try !isKept(usable[0]) else { return nil }
        return usable[0]
    }
}

/// What somebody is told who did not get in by single sign-on. It stands in the address of the page that says it.
enum SignOnRefusal: String, Sendable, CaseIterable {
    case unreachable, setup, busy, over, denied, failed, doubtful, unknown, wait, locked, closed, taken

    init(_ problem: OpenIDProblem) {
        self = switch problem {
        case .unreachable, .tooLarge: .unreachable
        case .document, .client: .setup
        case .busy: .busy
        case .state, .used: .over
        case .denied: .denied
        case .failed, .code: .failed
        case .sender, .malformed, .algorithm, .key, .signature, .issuer, .audience, .expired, .early, .stale, .nonce, .accessToken, .subject: .doubtful
        }
    }

    /// Nil for a refusal that has nothing to do with single sign-on.
    init?(_ refusal: Refusal) {
        switch refusal.name {
        case "signIn.wait": self = .wait
        case "account.locked": self = .locked
        case "account.closed": self = .closed
        case "identity.taken": self = .taken
        default: return nil
        }
    }

    func sentence(_ name: String) -> String {
        switch self {
        case .unreachable: "“\(name)”现在没有正常应答，没有登录。请过几分钟再试，或者用账号名和密码登录；一直如此请告诉本单位的系统管理员。"
        case .setup: "“\(name)”与本系统没有接好，没有登录。请用账号名和密码登录，并告诉本单位的系统管理员检查统一身份登录的设置。"
        case .busy: "现在用“\(name)”登录的人太多，这次没有处理。请一分钟后再试。"
        case .over: "这次登录等得太久，或者不是从这个浏览器开始的，没有登录。请在这里重新点一次。"
        case .denied: "您在“\(name)”上取消了，没有登录。需要时请再点一次，或者用账号名和密码登录。"
        case .failed: "“\(name)”没有放行这次登录。请再试一次；还是不行，请向那边的管理员问明原因。"
        case .doubtful: "“\(name)”送来的身份证明核对不上，没有登录。请再试一次；还是不行，请告诉本单位的系统管理员检查统一身份登录的设置。"
        case .unknown: "您在“\(name)”上的身份还没有绑定这里的账号。有账号的，请先用账号名和密码登录，再到“我的账号”绑定；没有账号的，请找本单位的组织人事管理员。"
        case .wait: "从这个网络登录连续失败多次。请等一分钟再试。"
        case .locked: "身份已核实，但您的账号已由安全管理员锁定，现在不能登录。请向本单位的组织人事管理员问明原因，由安全管理员解锁后再登录。"
        case .closed: "身份已核实，但您的账号已经停用。如果您仍在职，请找本单位的组织人事管理员重新制作激活码。"
        case .taken: "“\(name)”上的这个身份已经绑定了别的账号，没有再绑定。请核对您在那边是用谁的身份登录的；不是您绑定的，请告诉安全管理员。"
        }
    }
}

extension SingleSignOn {
    /// Where a sign-in begins (by a form) and where the provider sends browsers back to.
    package static let path = "/sign-in/provider"

    /// What the sign-in page says of a sign-in that did not come about.
    static func said(_ request: WebRequest, _ signOn: SingleSignOn?) -> String? {
        signOn.flatMap { signOn in request.query["provider"].flatMap(SignOnRefusal.init)?.sentence(signOn.name) }
    }
}
