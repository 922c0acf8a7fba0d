import Crypto
import Foundation
import Hummingbird
import JWTKit
import NIOCore
import Synchronization
import TestBench

@testable import Kit

/// A provider that keeps to the protocol unless it is told not to: the attacker of the stories.
final class HostileProvider: Sendable {
    enum Signature: Sendable {
        case right, none
        /// HS256 with the published key as the secret.
        case publicKeyAsSecret
        /// By a key that is not published, under the name of the one that is.
        case stranger
        /// By a key that is not published, under a name of its own.
        case unknownKey
        /// Right, but the header demands what nobody knows.
        case critical
    }

    enum TokenAnswer: Sendable { case tokens, status(Int), text(String), huge, late, dripping }

    struct Behaviour: Sendable {
        var claims: [String: IDToken.Claim?] = [:]
        var signature = Signature.right
        var answer = TokenAnswer.tokens
        /// Of the discovery document; nil takes a field away.
        var document: [String: String?] = [:]
        var isDown = false
    }

    struct Asked: Sendable {
        var keys = 0, documents = 0
        var token: [String: String] = [:]
        var authorization = ""
    }

    let issuer: String
    private let port: Int
    private let behaviour = Mutex(Behaviour())
    private let keys = Mutex<(name: String, key: ES256PrivateKey)>(("first", ES256PrivateKey()))
    private let asked = Mutex(Asked())

    init(port: Int) {
        self.port = port
        issuer = "http://127.0.0.1:\(port)"
    }

    func behave(_ change: (inout Behaviour) -> Void = { _ in }) {
        behaviour.withLock { behaviour in
            behaviour = Behaviour()
            change(&behaviour)
        }
    }

    func rotate(to name: String) { keys.withLock { $0 = (name, ES256PrivateKey()) } }
    var seen: Asked { asked.withLock { $0 } }

    /// Serves beside the body and ends with it.
    func serving(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let router = Router()
        router.get("/.well-known/openid-configuration") { _, _ in try self.document() }
        router.get("/jwks") { _, _ in try self.published() }
        router.post("/token") { request, _ in
            let form = Fields(encoded: String(buffer: try await request.body.collect(upTo: 1 << 16)))
            self.asked.withLock { asked in
                asked.token = Dictionary(form.pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
                asked.authorization = request.headers[.authorization] ?? ""
            }
            return try await self.tokens(nonce: form["code"] ?? "")
        }
        let responder = router.buildResponder()
        try await beside({ [port] ready in
            try await Application(
                responder: responder, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)), onServerRunning: { _ in await ready(port) }
            ).run()
        }) { _ in try await body() }
    }

    private func document() throws -> Response {
        asked.withLock { $0.documents += 1 }
        let behaviour = behaviour.withLock { $0 }
        if behaviour.isDown { return Response(status: .internalServerError) }
        var fields: [String: String] = [
            "issuer": issuer, "authorization_endpoint": issuer + "/authorize?tenant=1", "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/jwks",
        ]
        for (name, value) in behaviour.document { fields[name] = value }
        return try json(fields)
    }

    private func published() throws -> Response {
        asked.withLock { $0.keys += 1 }
        let (name, key) = keys.withLock { $0 }
        guard let (x, y) = key.publicKey.parameters else { return Response(status: .internalServerError) }
        func url(_ text: String) -> String { Secrets.text(of: Array(Data(base64Encoded: text) ?? Data())) }
        return try json(["keys": [["kty": "EC", "crv": "P-256", "use": "sig", "kid": name, "x": url(x), "y": url(y)], ["kty": "unheard-of"]]])
    }

    /// The code of these stories is the nonce of the sign-in, which an attacker who reads along knows as well.
    private func tokens(nonce: String) async throws -> Response {
        let behaviour = behaviour.withLock { $0 }
        switch behaviour.answer {
        case .tokens: break
        case .status(let code): return Response(status: .init(code: code), headers: [.location: issuer + "/jwks"])
        case .text(let text): return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        case .huge: return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: UInt8(ascii: "a"), count: 1 << 20)))
        case .late:
            // Longer than anybody waits: the end of the provider ends it.
            try await Task.sleep(for: .seconds(3600))
            return Response(status: .ok)
        case .dripping:
            return Response(status: .ok, body: ResponseBody { writer in
                while true {
                    try await writer.write(ByteBuffer(string: " "))
                    try await Task.sleep(for: .milliseconds(200))
                }
            })
        }
        let now = Double(Clock.nowMilliseconds / 1000)
        var claims: [String: IDToken.Claim] = [
            "iss": .text(issuer), "sub": .text("subject-1"), "aud": .text("yugong"), "exp": .number(now + 300), "iat": .number(now), "nonce": .text(nonce),
            "at_hash": .text(IDToken.half(of: "access", "ES256")),
        ]
        for (name, value) in behaviour.claims { claims[name] = value }
        return try json(["id_token": try await signed(IDToken(claims), behaviour.signature), "access_token": "access", "token_type": "Bearer"])
    }

    private func signed(_ token: IDToken, _ signature: Signature) async throws -> String {
        let (name, key) = keys.withLock { $0 }
        func by(_ key: ES256PrivateKey, _ name: String) async throws -> String {
            try await JWTKeyCollection().add(ecdsa: key, kid: JWKIdentifier(string: name)).sign(token, kid: JWKIdentifier(string: name))
        }
        func byHand(_ header: [String: String], sign: (String) -> [UInt8]) throws -> String {
            let head = Secrets.text(of: Array(try JSONEncoder().encode(header))) + "." + Secrets.text(of: Array(try JSONEncoder().encode(token)))
            return head + "." + Secrets.text(of: sign(head))
        }
        switch signature {
        case .right: return try await by(key, name)
        case .stranger: return try await by(ES256PrivateKey(), name)
        case .unknownKey: return try await by(ES256PrivateKey(), "unheard-of")
        case .none: return try byHand(["alg": "none", "kid": name]) { _ in [] }
        case .publicKeyAsSecret:
            return try byHand(["alg": "HS256", "kid": name]) { head in
                Array(HMAC<Crypto.SHA256>.authenticationCode(for: Array(head.utf8), using: SymmetricKey(data: Array(key.publicKey.pemRepresentation.utf8))))
            }
        case .critical:
            let header: JWTHeader = ["alg": "ES256", "crit": .array([.string("exp")])]
            return try await JWTKeyCollection().add(ecdsa: key, kid: JWKIdentifier(string: name)).sign(token, kid: JWKIdentifier(string: name), header: header)
        }
    }

    private func json(_ value: Any) throws -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: value))))
    }
}

/// A port that was free a moment ago.
func freePort() throws -> Int {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in(), length = socklen_t(MemoryLayout<sockaddr_in>.size)
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0 }
    }
    guard isBound else { throw Refusal("test.port", "没有空闲的端口。") }
    return Int(UInt16(bigEndian: address.sin_port))
}
