import Foundation
import JWTKit

/// The public keys of a provider, and whether a token was signed with one of them.
package struct KeySet: Sendable {
    /// Signatures by public key only: `none` proves nothing, and HS256 would make a secret of what everybody can read.
    static let algorithms: [String: Kind] = [
        "RS256": .rsa, "RS384": .rsa, "RS512": .rsa, "PS256": .rsa, "PS384": .rsa, "PS512": .rsa,
        "ES256": .curve("P-256"), "ES384": .curve("P-384"), "ES512": .curve("P-521"), "EdDSA": .curve("Ed25519"),
    ]
    enum Kind: Hashable { case rsa, curve(String) }

    private struct Key: Decodable {
        let kty: String
        let kid: String?, alg: String?, use: String?, crv: String?
        let n: String?, e: String?, x: String?, y: String?
    }
    /// What stands before the first dot of a token.
    package struct Header: Decodable, Sendable {
        package let alg: String
        package let kid: String?
    }
    /// A key that cannot be read is as good as absent.
    private struct Lenient: Decodable {
        let key: Key?
        init(from decoder: any Decoder) { key = try? Key(from: decoder) }
    }
    private struct Document: Decodable { let keys: [Lenient] }

    private let keys: [Key]
    private static let mostKeys = 100

    /// Throws `OpenIDProblem.document`.
    init(_ json: [UInt8]) throws(OpenIDProblem) {
        guard let document = try? JSONDecoder().decode(Document.self, from: ForeignJSON.shallow(Data(json))), document.keys.count <= Self.mostKeys else { throw .document }
        keys = document.keys.compactMap(\.key)
    }

    /// The header of a token. Throws `OpenIDProblem.malformed` for what is none or demands what we do not know (`crit`),
    /// `algorithm` for a signature that is not by public key.
    package static func header(of token: String) throws(OpenIDProblem) -> Header {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        func shallow(_ part: Substring) -> Data? { Secrets.bytes(of: part).flatMap { try? ForeignJSON.shallow(Data($0)) } }
        // What the token says is read only once its signature was found right, by a library that bounds no depth.
        guard parts.count == 3, let json = shallow(parts[0]), shallow(parts[1]) != nil, let fields = try? JSONSerialization.jsonObject(with: json) as? [String: Any], fields["crit"] == nil,
            let header = try? JSONDecoder().decode(Header.self, from: json)
        else { throw .malformed }
        guard algorithms[header.alg] != nil else { throw .algorithm }
        return header
    }

    /// The key a token names; without a name the one key that could be meant.
    private func key(for header: Header) -> Key? {
        guard let kind = Self.algorithms[header.alg] else { return nil }
        let fitting = keys.filter { key in
            let fits = switch kind {
            case .rsa: key.kty == "RSA"
            case .curve(let name): (key.kty == "EC" || key.kty == "OKP") && key.crv == name
            }
            return fits && (key.use ?? "sig") == "sig" && (key.alg ?? header.alg) == header.alg
        }
        guard let kid = header.kid else { return fitting.count == 1 ? fitting[0] : nil }
        return fitting.first { $0.kid == kid }
    }

    package func knows(_ header: Header) -> Bool { key(for: header) != nil }

    /// What a token says, if its signature is right. Throws `OpenIDProblem.key`, `.signature`, `.malformed`.
    package func verified(_ token: String, _ header: Header) async throws(OpenIDProblem) -> IDToken {
        guard let key = key(for: header) else { throw .key }
        // One key in a collection of its own, for the algorithm that the header names and the list above allows.
        let algorithm = JWK.Algorithm(rawValue: header.alg), name = JWKIdentifier(string: header.kid ?? "the only one")
        let jwk: JWK = switch key.kty {
        case "RSA": .rsa(algorithm, identifier: name, modulus: key.n, exponent: key.e)
        case "EC": .ecdsa(algorithm, identifier: name, x: key.x, y: key.y, curve: key.crv.flatMap { ECDSACurve(rawValue: $0) })
        default: .octetKeyPair(algorithm, identifier: name, x: key.x, y: nil, curve: .ed25519)
        }
        let collection = JWTKeyCollection()
        do { try await collection.add(jwk: jwk) } catch { throw .key }
        do {
            return try await collection.verify(token, as: IDToken.self)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw .malformed
        } catch {
            throw .signature
        }
    }
}
