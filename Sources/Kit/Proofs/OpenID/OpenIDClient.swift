import Foundation

/// What this installation and a provider of single sign-on (OpenID Connect) have agreed on.
package struct OpenIDClient: Sendable {
    /// As the provider writes it of itself, to the letter.
    package let issuer: String
    package let id: String
    package let secret: String
    /// Where the provider sends browsers back to; one fixed address, whatever a request says.
    package let redirect: String
    package let scopes: [String]
    /// A PEM file with certificates that are trusted besides those of the system.
    package let trustedRoots: String?

    /// Refusals `usage.ssoIssuer`, `usage.ssoClient`.
    package init(issuer: String, id: String, secret: String, redirect: String, scopes: [String] = ["openid"], trustedRoots: String? = nil) throws(Refusal) {
        guard PublicAddress.mayBeAsked(issuer), !issuer.contains("?"), !issuer.contains("#") else {
            throw Refusal("usage.ssoIssuer", "统一身份平台的地址“\(issuer.prefix(200))”不能用：应以 https:// 开头（本机可以用 http://），不带问号后面的部分。请照平台公布的 issuer 原样填写。")
        }
        guard !id.isEmpty, !secret.isEmpty else {
            throw Refusal("usage.ssoClient", "没有给出在统一身份平台登记的应用编号，或者密钥文件是空的。请用 --sso-client 和 --sso-secret-file 给出。")
        }
        self.issuer = issuer
        self.id = id
        self.secret = secret
        self.redirect = redirect
        self.scopes = scopes
        self.trustedRoots = trustedRoots
    }

    /// Where a browser is sent to begin. `state`, `nonce` and the challenge come back in the answer and bind it to this browser.
    package func address(at document: OpenIDDocument, state: String, nonce: String, challenge: String, isFresh: Bool) -> String {
        var fields = [
            ("response_type", "code"), ("client_id", id), ("redirect_uri", redirect), ("scope", scopes.joined(separator: " ")), ("state", state), ("nonce", nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        if isFresh { fields.append(("prompt", "login")) }
        return document.authorization + (document.authorization.contains("?") ? "&" : "?") + Fields(fields).encoded
    }
}

/// What a provider says of itself (OpenID Connect Discovery).
package struct OpenIDDocument: Sendable, Equatable {
    package let authorization: String
    package let token: String
    package let keys: String
    /// Whether the secret goes into the form in place of the header.
    package let secretInForm: Bool
    /// Whether the provider promises to name itself when it sends a browser back (RFC 9207).
    package let namesItself: Bool

    private struct Raw: Decodable {
        let issuer: String
        let authorization_endpoint: String, token_endpoint: String, jwks_uri: String
        let token_endpoint_auth_methods_supported: [String]?
        let authorization_response_iss_parameter_supported: Bool?
    }

    /// Throws `OpenIDProblem.document` where something is missing, another issuer speaks, or an address is not by TLS.
    init(_ json: [UInt8], of issuer: String) throws(OpenIDProblem) {
        guard let raw = try? JSONDecoder().decode(Raw.self, from: ForeignJSON.shallow(Data(json))), raw.issuer == issuer else { throw .document }
        let all = [raw.authorization_endpoint, raw.token_endpoint, raw.jwks_uri]
        guard all.allSatisfy({ PublicAddress.mayBeAsked($0) && !$0.contains("#") }) else { throw .document }
        (authorization, token, keys) = (all[0], all[1], all[2])
        let ways = raw.token_endpoint_auth_methods_supported ?? []
        secretInForm = ways.contains("client_secret_post") && !ways.contains("client_secret_basic")
        namesItself = raw.authorization_response_iss_parameter_supported ?? false
    }
}

/// Why a sign-in through the provider did not come about.
package enum OpenIDProblem: String, Error, Sendable, CaseIterable {
    // The provider
    case unreachable, tooLarge, busy, document, client
    // The way back
    case state, used, sender, denied, failed, code
    // Its token
    case malformed, algorithm, key, signature, issuer, audience, expired, early, stale, nonce, accessToken, subject

    /// In the log of acts.
    package var word: String {
        switch self {
        case .unreachable: "平台没有应答"
        case .tooLarge: "平台的应答太长"
        case .busy: "同时核对的太多"
        case .document: "平台的自述不对"
        case .client: "平台不认本系统的应用编号或密钥"
        case .state: "与本浏览器开始的登录对不上"
        case .used: "同一次登录又来一遍"
        case .sender: "不是约定的平台"
        case .denied: "在平台上取消"
        case .failed: "平台没有放行"
        case .code: "平台不认授权码"
        case .malformed: "令牌读不懂"
        case .algorithm: "令牌的签名算法不许用"
        case .key: "令牌的公钥找不到"
        case .signature: "令牌的签名不对"
        case .issuer: "令牌的签发者不对"
        case .audience: "令牌不是发给本系统的"
        case .expired: "令牌已过期"
        case .early: "令牌尚未生效"
        case .stale: "令牌不是刚刚签发的"
        case .nonce: "令牌不是这次登录的"
        case .accessToken: "令牌与访问令牌不配"
        case .subject: "令牌没有说是谁"
        }
    }
}
