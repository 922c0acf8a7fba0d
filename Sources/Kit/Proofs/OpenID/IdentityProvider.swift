import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// A provider of single sign-on, as it is asked: what it says of itself and its keys are kept for a while, an answer is
/// taken only within limits of time and size.
package actor IdentityProvider {
    package nonisolated let client: OpenIDClient
    private let http: HTTPClient
    private let logger = Logger(label: "yugong")
    private var document: Kept<OpenIDDocument>?
    private var asking: Task<OpenIDDocument, any Error>?
    private var failed: Int64 = 0
    private var keys: Kept<KeySet>?
    /// When a key that we do not have was last asked for.
    private var askedForKey: Int64 = 0
    private var underWay = 0

    private struct Kept<Value> {
        let value: Value
        let at: Int64
    }

    /// After so long what is kept is asked for anew, milliseconds; a provider that does not answer is believed for a day.
    static let freshness: Int64 = 3_600_000, patience: Int64 = 86_400_000
    /// A provider that did not answer is asked again no sooner.
    static let failurePause: Int64 = 5000
    /// An unknown key is asked for no more often.
    static let keyPause: Int64 = 60_000
    /// Sign-ins that wait for the provider at a time.
    static let mostUnderWay = 32
    static let longestAnswer = 256 << 10
    /// Seconds for one answer, from connecting to the last byte.
    nonisolated let answerSeconds: Int

    /// Refusal `usage.ssoRoots`.
    package init(_ client: OpenIDClient, answerSeconds: Int = 10) throws {
        self.client = client
        self.answerSeconds = answerSeconds
        http = try Self.http(trusting: client.trustedRoots)
    }

    /// One HTTP client for each set of trusted certificates; it lives as long as the process.
    private static let clients = Mutex<[String: HTTPClient]>([:])
    private static func http(trusting roots: String?) throws -> HTTPClient {
        try clients.withLock { clients in
            if let known = clients[roots ?? ""] { return known }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.minimumTLSVersion = .tlsv12
            if let roots {
                guard let certificates = try? NIOSSLCertificate.fromPEMFile(roots), !certificates.isEmpty else {
                    throw Refusal("usage.ssoRoots", "读不出证书文件 \(roots)，统一身份登录没有启用。请检查 --sso-trust 给出的文件是不是 PEM 格式的根证书。")
                }
                tls.additionalTrustRoots = [.certificates(certificates)]
            }
            // No redirects: what the provider has us ask stands in its own document.
            let new = HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)), decompression: .disabled))
            clients[roots ?? ""] = new
            return new
        }
    }

    /// Where a browser is sent to begin. Throws `OpenIDProblem`.
    package func address(state: String, nonce: String, challenge: String, isFresh: Bool = false, now: Int64) async throws -> String {
        client.address(at: try await described(now), state: state, nonce: nonce, challenge: challenge, isFresh: isFresh)
    }

    /// Judges who is said to have sent a browser back (RFC 9207). Throws `OpenIDProblem.sender`.
    package func judge(sender: String?, now: Int64) async throws {
        if let sender {
            guard sender == client.issuer else { throw OpenIDProblem.sender }
        } else if try await described(now).namesItself {
            throw OpenIDProblem.sender
        }
    }

    /// Turns the code a browser came back with into whom the provider names. Throws `OpenIDProblem`.
    package func redeem(code: String, verifier: String, nonce: String, now: Int64) async throws -> (subject: String, token: IDToken) {
        guard underWay < Self.mostUnderWay else { throw OpenIDProblem.busy }
        underWay += 1
        defer { underWay -= 1 }
        let answer = try await tokens(code: code, verifier: verifier, now)
        let header = try KeySet.header(of: answer.idToken)
        let token = try await keys(for: header, now).verified(answer.idToken, header)
        let subject = try token.judge(for: client, nonce: nonce, accessToken: answer.accessToken, algorithm: header.alg, now: now)
        return (subject, token)
    }

    // MARK: -

    private func described(_ now: Int64) async throws -> OpenIDDocument {
        if let document, isFresh(document.at, now) { return document.value }
        do {
            guard abs(now - failed) >= Self.failurePause else { throw OpenIDProblem.unreachable }
            return try await asked(now)
        } catch {
            guard let document, now - document.at < Self.patience else { throw error }
            return document.value
        }
    }

    /// One question, however many wait for its answer.
    private func asked(_ now: Int64) async throws -> OpenIDDocument {
        if let asking { return try await asking.value }
        let question = Task {
            let issuer = client.issuer.hasSuffix("/") ? String(client.issuer.dropLast()) : client.issuer
            return try OpenIDDocument(try await ask(HTTPClientRequest(url: issuer + "/.well-known/openid-configuration")), of: client.issuer)
        }
        asking = question
        defer { asking = nil }
        do {
            let new = try await question.value
            document = Kept(value: new, at: now)
            return new
        } catch {
            failed = now
            // Nobody has signed in yet who could read it in the log of acts.
            logger.error("single sign-on: the provider's document", metadata: ["problem": "\((error as? OpenIDProblem)?.rawValue ?? "\(type(of: error))")"])
            throw error
        }
    }

    /// The keys, asked for anew where the token names one that is not among them: providers change theirs.
    private func keys(for header: KeySet.Header, _ now: Int64) async throws -> KeySet {
        if let keys, isFresh(keys.at, now), keys.value.knows(header) || abs(now - askedForKey) < Self.keyPause { return keys.value }
        if keys.map({ isFresh($0.at, now) }) == true { askedForKey = now }
        do {
            let new = try KeySet(try await ask(HTTPClientRequest(url: try await described(now).keys)))
            keys = Kept(value: new, at: now)
            return new
        } catch {
            guard let keys, now - keys.at < Self.patience else { throw error }
            return keys.value
        }
    }

    private func isFresh(_ at: Int64, _ now: Int64) -> Bool { abs(now - at) < Self.freshness }

    private struct Tokens: Decodable {
        let id_token: String
        let access_token: String?
    }

    private func tokens(code: String, verifier: String, _ now: Int64) async throws -> (idToken: String, accessToken: String?) {
        let document = try await described(now)
        var request = HTTPClientRequest(url: document.token)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        var fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.redirect), ("code_verifier", verifier)]
        if document.secretInForm {
            fields += [("client_id", client.id), ("client_secret", client.secret)]
        } else {
            let pair = Data("\(Fields.encode(client.id)):\(Fields.encode(client.secret))".utf8).base64EncodedString()
            request.headers.add(name: "Authorization", value: "Basic \(pair)")
        }
        request.body = .bytes(ByteBuffer(string: Fields(fields).encoded))
        let body = try await ask(request, turnedAway: .code)
        guard let answer = try? JSONDecoder().decode(Tokens.self, from: ForeignJSON.shallow(Data(body))) else { throw OpenIDProblem.malformed }
        return (answer.id_token, answer.access_token)
    }

    /// The body of an answer with status 200. Throws `OpenIDProblem`: `turnedAway` for a status of 4xx other than 401.
    private func ask(_ asked: HTTPClientRequest, turnedAway: OpenIDProblem = .document) async throws -> [UInt8] {
        var request = asked
        request.headers.add(name: "Accept", value: "application/json")
        let prepared = request, http = http, seconds = answerSeconds
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            // A provider that sends a byte now and then is stopped as well.
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw OpenIDProblem.unreachable
            }
            group.addTask {
                do {
                    let response = try await http.execute(prepared, timeout: .seconds(Int64(seconds)))
                    switch response.status.code {
                    case 200: break
                    case 401: throw OpenIDProblem.client
                    case 400..<500: throw turnedAway
                    default: throw OpenIDProblem.unreachable
                    }
                    let body = try await response.body.collect(upTo: IdentityProvider.longestAnswer)
                    return Array(body.readableBytesView)
                } catch is NIOTooManyBytesError {
                    throw OpenIDProblem.tooLarge
                } catch let problem as OpenIDProblem {
                    throw problem
                } catch {
                    throw OpenIDProblem.unreachable
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }
}
