import Crypto
import Foundation
import JWTKit

/// What a provider says of somebody, under its signature.
package struct IDToken: JWTPayload {
    /// A value of JSON.
    package indirect enum Claim: Codable, Sendable, Equatable {
        case null, flag(Bool), number(Double), text(String), list([Claim]), object([String: Claim])

        package init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let list = try? value.decode([Claim].self) {
                self = .list(list)
            } else {
                self = .object(try value.decode([String: Claim].self))
            }
        }

        package func encode(to encoder: any Encoder) throws {
            var value = encoder.singleValueContainer()
            switch self {
            case .null: try value.encodeNil()
            case .flag(let flag): try value.encode(flag)
            case .number(let number): try value.encode(number)
            case .text(let text): try value.encode(text)
            case .list(let list): try value.encode(list)
            case .object(let object): try value.encode(object)
            }
        }
    }

    package var claims: [String: Claim]
    package init(_ claims: [String: Claim]) { self.claims = claims }
    package init(from decoder: any Decoder) throws { claims = try decoder.singleValueContainer().decode([String: Claim].self) }
    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(claims)
    }
    /// The signature alone; what is said is judged by `judge`.
    package func verify(using _: some JWTAlgorithm) async throws {}

    /// A text, or a whole number as text; nil for anything else.
    package func text(_ name: String) -> String? {
        switch claims[name] {
        case .text(let text): text
        case .number(let number): Int64(exactly: number).map { "\($0)" }
        default: nil
        }
    }

    /// A text or a list of texts.
    package func texts(_ name: String) -> [String] {
        switch claims[name] {
        case .text(let text): [text]
        case .list(let list): list.compactMap { if case .text(let text) = $0 { text } else { nil } }
        default: []
        }
    }

    /// A moment in milliseconds; nil where there is none that could be one.
    private func moment(_ name: String) -> Int64? {
        guard case .number(let seconds) = claims[name], (0...1e11).contains(seconds) else { return nil }
        return Int64(seconds * 1000)
    }

    /// Clocks may differ by so much, milliseconds.
    package static let leeway: Int64 = 2 * 60_000
    /// A token was made for this sign-in, so it is no older than that.
    package static let longest: Int64 = 10 * 60_000

    /// Whom the token names, if all it says is right (OpenID Connect Core 3.1.3.7): issuer, audience, times, the nonce
    /// of this sign-in, the access token that came with it. `now` in milliseconds.
    package func judge(for client: OpenIDClient, nonce: String, accessToken: String?, algorithm: String, now: Int64) throws(OpenIDProblem) -> String {
        guard text("iss") == client.issuer else { throw .issuer }
        let audience = texts("aud"), party = text("azp")
        guard audience.contains(client.id), party == nil ? audience.count == 1 : party == client.id else { throw .audience }
        guard let expires = moment("exp"), let issued = moment("iat") else { throw .malformed }
        guard now < expires + Self.leeway else { throw .expired }
        guard issued <= now + Self.leeway, (moment("nbf") ?? 0) <= now + Self.leeway else { throw .early }
        guard now - issued <= Self.longest + Self.leeway else { throw .stale }
        guard isSame(text("nonce") ?? "", nonce) else { throw .nonce }
        if claims["at_hash"] != nil {
            guard let accessToken, isSame(text("at_hash") ?? "", Self.half(of: accessToken, algorithm)) else { throw .accessToken }
        }
        guard case .text(let subject) = claims["sub"], (1...255).contains(subject.utf8.count), !subject.utf8.contains(0) else { throw .subject }
        return subject
    }

    /// `at_hash`: the left half of the hash that belongs to the signature's algorithm.
    static func half(of token: String, _ algorithm: String) -> String {
        let bytes = Array(token.utf8)
        let hash: [UInt8] =
            if algorithm.hasSuffix("256") { Array(SHA256.hash(data: bytes)) } else if algorithm.hasSuffix("384") { Array(SHA384.hash(data: bytes)) } else { Array(SHA512.hash(data: bytes)) }
        return Secrets.text(of: Array(hash.prefix(hash.count / 2)))
    }
}
