import Crypto
import CryptoExtras
import Foundation
import JWTKit
import TestBench
import Testing

@testable import Kit

@Suite("What a provider says is judged", .ownThreads)
struct OpenIDTests {
    static let client = try! OpenIDClient(issuer: "https://id.example", id: "yugong", secret: "s", redirect: "https://train.example/sign-in/provider")
    static let now: Int64 = 1_700_000_000_000
    static let right: [String: IDToken.Claim] = [
        "iss": .text("https://id.example"), "sub": .text("u1"), "aud": .text("yugong"), "exp": .number(1_700_000_300), "iat": .number(1_700_000_000), "nonce": .text("n"),
    ]

    struct Case: Sendable {
        let changed: [String: IDToken.Claim]
        let problem: OpenIDProblem?
        init(_ problem: OpenIDProblem?, _ changed: [String: IDToken.Claim]) { (self.changed, self.problem) = (changed, problem) }
    }

    @Test("Each claim counts", arguments: [
        Case(nil, [:]), Case(nil, ["aud": .list([.text("yugong")])]), Case(nil, ["aud": .list([.text("yugong"), .text("b")]), "azp": .text("yugong")]),
        Case(.audience, ["aud": .list([.text("yugong"), .text("b")])]), Case(.audience, ["azp": .text("b")]), Case(.audience, ["aud": .null]), Case(.audience, ["aud": .text("yugong ")]),
        Case(.issuer, ["iss": .text("https://id.example/")]), Case(.issuer, ["iss": .null]),
        Case(nil, ["exp": .number(1_699_999_881)]), Case(.expired, ["exp": .number(1_699_999_880)]), Case(.malformed, ["exp": .text("1700000300")]), Case(.malformed, ["exp": .number(-1)]),
        Case(nil, ["iat": .number(1_700_000_120)]), Case(.early, ["iat": .number(1_700_000_121)]), Case(nil, ["iat": .number(1_699_999_280)]), Case(.stale, ["iat": .number(1_699_999_279)]),
        Case(.malformed, ["iat": .null]), Case(nil, ["nbf": .number(1_700_000_120)]), Case(.early, ["nbf": .number(1_700_000_121)]),
        Case(.nonce, ["nonce": .text("N")]), Case(.nonce, ["nonce": .null]), Case(.nonce, ["nonce": .text("")]),
        Case(.accessToken, ["at_hash": .text("x")]), Case(.accessToken, ["at_hash": .null]), Case(nil, ["at_hash": .text("s0BaP_ZvHdg9sve2jXWXJg")]),
        Case(.subject, ["sub": .null]), Case(.subject, ["sub": .number(5)]), Case(.subject, ["sub": .text("a\0b")]), Case(.subject, ["sub": .text(String(repeating: "a", count: 256))]),
    ])
    func claims(_ it: Case) {
        let token = IDToken(Self.right.merging(it.changed) { $1 })
        var found: OpenIDProblem?
        // The hash was made elsewhere: base64url(SHA-256[:16]).
        do { _ = try token.judge(for: Self.client, nonce: "n", accessToken: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxf0z9K3vx5KF0Y", algorithm: "RS256", now: Self.now) } catch { found = error }
        #expect(found == it.problem, "\(it.changed)")
    }

    @Test("A whole number is a name as well, a fraction or a list is none")
    func texts() {
        let token = IDToken(["a": .number(17), "b": .number(1.5), "c": .text("x"), "d": .list([.text("p"), .number(1), .text("q")])])
        #expect(token.text("a") == "17" && token.text("b") == nil && token.text("c") == "x" && token.text("d") == nil)
        #expect(token.texts("d") == ["p", "q"] && token.texts("c") == ["x"] && token.texts("z") == [])
    }

    // MARK: Signatures

    struct Signer: Sendable {
        let algorithm: String
        let key: [String: String]
        let keys: JWTKeyCollection
    }

    static func url(_ data: Data) -> String { Secrets.text(of: Array(data)) }

    static func signers() async throws -> [Signer] {
        func curve(_ name: String, _ point: (x: String, y: String)?) throws -> [String: String] {
            let point = try #require(point)
            func plain(_ text: String) throws -> String { url(try #require(Data(base64Encoded: text))) }
            return ["kty": "EC", "crv": name, "x": try plain(point.x), "y": try plain(point.y)]
        }
        let small = ES256PrivateKey(), middle = ES384PrivateKey(), large = ES512PrivateKey(), edwards = Curve25519.Signing.PrivateKey()
        let rsa = try Insecure.RSA.PrivateKey(backing: _RSA.Signing.PrivateKey(keySize: .bits2048)), primitives = try rsa.publicKey.getKeyPrimitives()
        let public_ = ["kty": "RSA", "n": url(primitives.modulus), "e": url(primitives.publicExponent)], name: JWKIdentifier = "k"
        return [
            Signer(algorithm: "ES256", key: try curve("P-256", small.publicKey.parameters), keys: await JWTKeyCollection().add(ecdsa: small, kid: name)),
            Signer(algorithm: "ES384", key: try curve("P-384", middle.publicKey.parameters), keys: await JWTKeyCollection().add(ecdsa: middle, kid: name)),
            Signer(algorithm: "ES512", key: try curve("P-521", large.publicKey.parameters), keys: await JWTKeyCollection().add(ecdsa: large, kid: name)),
            Signer(
                algorithm: "EdDSA", key: ["kty": "OKP", "crv": "Ed25519", "x": url(edwards.publicKey.rawRepresentation)],
                keys: await JWTKeyCollection().add(eddsa: EdDSA.PrivateKey(backing: edwards), kid: name)),
            Signer(algorithm: "RS256", key: public_, keys: await JWTKeyCollection().add(rsa: rsa, digestAlgorithm: .sha256, kid: name)),
            Signer(algorithm: "PS512", key: public_, keys: await JWTKeyCollection().add(pss: rsa, digestAlgorithm: .sha512, kid: name)),
        ]
    }

    static func problem(of token: String, _ keys: [[String: String]]) async throws -> OpenIDProblem? {
        do {
            let set = try KeySet(Array(try JSONSerialization.data(withJSONObject: ["keys": keys])))
            #expect(try await set.verified(token, try KeySet.header(of: token)).text("sub") == "u1")
            return nil
        } catch let problem as OpenIDProblem {
            return problem
        }
    }

    @Test("A signature of each allowed kind is taken with its key, and with no other")
    func signatures() async throws {
        let signers = try await Self.signers(), others = try await Self.signers()
        for (signer, other) in zip(signers, others) {
            let token = try await signer.keys.sign(IDToken(Self.right), kid: "k"), key = signer.key
            func with(_ more: [String: String], _ base: [String: String]? = nil) -> [String: String] { (base ?? key).merging(more) { $1 } }
            let named = with(["kid": "k", "alg": signer.algorithm, "use": "sig"])
            #expect(try await Self.problem(of: token, [named]) == nil, "\(signer.algorithm)")
            #expect(try await Self.problem(of: token, [with(["kid": "k"], other.key)]) == .signature, "\(signer.algorithm)")
            #expect(try await Self.problem(of: token, [with(["kid": "another"])]) == .key, "the name decides")
            #expect(try await Self.problem(of: token, [with(["kid": "k", "use": "enc"])]) == .key, "a key for something else")
            #expect(try await Self.problem(of: token, [with(["kid": "k", "alg": "RS384"])]) == .key, "a key for another algorithm")
            #expect(try await Self.problem(of: token, []) == .key)
            var parts = token.split(separator: ".").map(String.init)
            parts[1] = Secrets.text(of: Array(#"{"sub":"u1","admin":true}"#.utf8))
            #expect(try await Self.problem(of: parts.joined(separator: "."), [named]) == .signature, "changed on the way")
        }
        // A key of one kind under the name of another.
        let token = try await signers[0].keys.sign(IDToken(Self.right), kid: "k")
        #expect(try await Self.problem(of: token, [signers[4].key.merging(["kid": "k"]) { $1 }]) == .key)
    }

    @Test("What is no token, demands the unknown or is not signed by public key is told apart", arguments: [
        ("", OpenIDProblem.malformed), ("a.b", .malformed), ("..", .malformed), ("a.b.c.d", .malformed), ("e30.e30.", .malformed),
        (#"{"alg":"none"}"#, .algorithm), (#"{"alg":"NONE"}"#, .algorithm), (#"{"alg":"HS256"}"#, .algorithm), (#"{"alg":"rs256"}"#, .algorithm),
        (#"{"alg":"RS256","crit":["b64"]}"#, .malformed), (#"{"alg":5}"#, .malformed),
    ])
    func headers(text: String, problem: OpenIDProblem) {
        let token = text.hasPrefix("{") ? Secrets.text(of: Array(text.utf8)) + ".e30.AA" : text
        var found: OpenIDProblem?
        do { _ = try KeySet.header(of: token) } catch { found = error }
        #expect(found == problem)
    }

    @Test("Providers are asked by TLS, or on this machine", arguments: [
        ("https://id.example/realms/a", true), ("http://127.0.0.1:9400", true), ("http://localhost:9400", true), ("http://id.example", false), ("https://a@id.example", false),
        ("ftp://id.example", false), ("id.example", false), ("", false), ("https://id.example/?a=1", false), ("https://id.example/ä", false), ("https://id.example/\n", false),
    ])
    func issuers(issuer: String, isTaken: Bool) { #expect(((try? OpenIDClient(issuer: issuer, id: "a", secret: "b", redirect: "c")) != nil) == isTaken) }

    @Test("What was written for a cookie is read again, and nothing else")
    func bytes() {
        for count in 0..<70 {
            let bytes = Secrets.random(count)
            #expect(Secrets.bytes(of: Secrets.text(of: bytes)) == bytes)
        }
        for text in ["a", "ab=c", "a+b/", "ä", "ab==", "a b c d"] { #expect(Secrets.bytes(of: text) == nil, "\(text)") }
        let secrets = AccountSecrets(key: .random()), sealed = (try? secrets.seal(flow: [1, 2, 3])) ?? ""
        #expect(secrets.open(flow: sealed) == [1, 2, 3])
        #expect(secrets.open(flow: "") == nil && secrets.open(flow: String(sealed.dropLast(2))) == nil && AccountSecrets(key: .random()).open(flow: sealed) == nil)
    }
}
