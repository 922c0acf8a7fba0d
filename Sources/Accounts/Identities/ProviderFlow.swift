import Foundation
import Kit

/// A sign-in on its way through the provider. The browser keeps it, sealed, in a cookie: beginning one leaves nothing
/// here that a script could pile up, and only the browser that began it can end it.
struct ProviderFlow: Codable, Sendable, Equatable {
    /// For an owner who binds an identity: the account, and the session it is done in.
    struct Binding: Codable, Sendable, Equatable {
        let account: Int64
        let session: [UInt8]
    }

    /// What state, nonce and verifier follow from.
    let secret: String
    /// Where it leads in the end.
    let target: String
    let began: Int64
    let binding: Binding?

    /// So long somebody may take at the provider, milliseconds.
    static let patience: Int64 = 10 * 60_000
    /// Characters of a target: cookies are short.
    private static let longestTarget = 1000

    init(secret: String = Secrets.token(), target: String, began: Int64, binding: Binding? = nil) {
        self.secret = secret
        self.target = target.utf8.count <= Self.longestTarget ? target : ""
        self.began = began
        self.binding = binding
    }

    var state: String { Secrets.derived(from: secret, for: "state") }
    var nonce: String { Secrets.derived(from: secret, for: "nonce") }
    var verifier: String { Secrets.derived(from: secret, for: "verifier") }
    /// PKCE's S256 of the verifier.
    var challenge: String { Secrets.text(of: Secrets.fingerprint(verifier)) }

    func sealed(_ secrets: AccountSecrets) throws -> String { try secrets.seal(flow: Array(JSONEncoder().encode(self))) }

    /// The flow a browser keeps, if the answer it came back with belongs to it. Throws `OpenIDProblem.state`.
    static func opened(_ cookie: String?, state: String?, _ secrets: AccountSecrets, now: Int64) throws(OpenIDProblem) -> ProviderFlow {
        guard let cookie, let bytes = secrets.open(flow: cookie), let flow = try? JSONDecoder().decode(ProviderFlow.self, from: Data(bytes)),
            let state, isSame(state, flow.state), now >= flow.began, now - flow.began < patience
        else { throw .state }
        return flow
    }

    /// The code that the provider gave. Throws `OpenIDProblem.denied`, `.failed`.
    static func code(in answer: Fields) throws(OpenIDProblem) -> String {
        if let error = answer["error"] { throw error == "access_denied" ? .denied : .failed }
        guard let code = answer["code"], (1...4000).contains(code.utf8.count) else { throw .failed }
        return code
    }
}
