import Access
import Accounts
import App
import AsyncHTTPClient
import Foundation
import Kit

/// A browser for stories over HTTP: keeps cookies, follows no redirect by itself, and submits forms as they stand on the page.
package actor Browser {
    /// What came back.
    package struct Answer: Sendable {
        package let status: Int
        package let headers: [String: String]
        package let body: String
        package var bytes = Data()
        package func header(_ name: String) -> String? { headers[name.lowercased()] }
        package var location: String? { header("Location") }

        /// What time the server says it is, milliseconds.
        package var now: Int64 { body.firstMatch(of: #/data-now="(\d+)"/#).flatMap { Int64($0.1) } ?? 0 }

        /// The token of the page's forms.
        package var token: String? { value(ofInput: "_token") }
        package func value(ofInput name: String) -> String? {
            guard let found = body.range(of: "name=\"\(name)\" value=\"") else { return nil }
            return String(body[found.upperBound...].prefix { $0 != "\"" })
        }
    }

    private let base: URL
    private var cookies: [String: String] = [:]
    package private(set) var token = ""

    package nonisolated let port: Int

    package init(port: Int) {
        self.port = port
        base = URL(string: "http://127.0.0.1:\(port)")!
    }

    /// Shared by all browsers of the process; what tells them apart is their cookies. It outlasts the slowest machine: how
    /// long an answer takes judges nothing.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .minutes(5), read: .minutes(10))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1000
        // A server that is gone is told to be gone.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(configuration: configuration)
    }()

    package func cookie(_ name: String) -> String? { cookies[name] }
    package func setCookie(_ name: String, _ value: String) { cookies[name] = value }

    package func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await ask("GET", path, body: nil, type: nil, headers)
    }

    /// Submits fields, with the token of the last page that had one unless another is given.
    package func post(_ path: String, _ fields: [(String, String)] = [], token: String? = nil, headers: [String: String] = [:]) async throws -> Answer {
        let body = Fields(fields + [(FormToken.field, token ?? self.token)]).encoded
        return try await ask("POST", path, body: Data(body.utf8), type: "application/x-www-form-urlencoded", headers)
    }

    /// The file that a form asks for, once it is made; the answer itself where the form asks for none, and the page that says so where
    /// none is made.
    package func take(_ path: String, _ fields: [(String, String)] = [], token: String? = nil) async throws -> Answer { try await file(post(path, fields, token: token)) }

    /// The same of an answer that leads to a file's page.
    package func file(_ answer: Answer) async throws -> Answer {
        guard let page = answer.location, page.hasPrefix("/files/") else { return answer }
        while true {
            let shown = try await get(page)
            if shown.body.contains("\(page)/content") { return try await get(page + "/content") }
            if !shown.body.contains("\(page)/progress") { return shown }
        }
    }

    /// Opens an approval and does something with it, on the content that its page shows.
    package func act(_ verb: String, on approval: String, _ fields: [(String, String)] = []) async throws -> Answer {
        let page = try await get(approval).body
        let digest = page.firstMatch(of: /name="digest" value="([^"]*)"/).map { String($0.1) } ?? ""
        return try await post("\(approval)/\(verb)", [("digest", digest)] + fields)
    }

    /// Sends a form with a file, as browsers do.
    package func upload(_ path: String, _ fields: [(String, String)] = [], file: (field: String, name: String, bytes: [UInt8]), token: String? = nil) async throws -> Answer {
        var body = Data()
        for (name, value) in [(FormToken.field, token ?? self.token)] + fields {
            body.append(Data("--border\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8))
        }
        body.append(Data("--border\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\n\r\n".utf8))
        body.append(contentsOf: file.bytes)
        body.append(Data("\r\n--border--\r\n".utf8))
        return try await ask("POST", path, body: body, type: "multipart/form-data; boundary=border", [:])
    }

    /// Signs in on the sign-in page, second factor included: the first time an authenticator is set up, afterwards its
    /// codes are typed, and recovery codes where those of this minute have been used up.
    @discardableResult
    package func signIn(_ name: String, _ password: String, to: String = "") async throws -> Answer {
        _ = try await get("/sign-in")
        var answer = try await post("/sign-in", [("name", name), ("password", password), ("to", to)])
        let phone = Phones.all.withLock { phones in phones["\(port) \(name.lowercased())"] }
        if answer.location == "/sign-in/enrol" {
            let page = try await get("/sign-in/enrol")
            guard let secret = page.body.firstMatch(of: #/<code class="secret">([A-Z2-7 ]+)</#).flatMap({ TimeCode.Secret(text: String($0.1)) }) else { return page }
            let new = Phone(secret: secret)
            let codes = try await post("/sign-in/enrol", [("code", new.code(at: page.now) ?? "")])
            new.keep(codes.body.matches(of: #/<code>([A-Z]{5}-[A-Z]{5})</#).map { String($0.1) })
            Phones.all.withLock { phones in phones["\(port) \(name.lowercased())"] = new }
            answer = try await post("/sign-in/saved")
        } else if answer.location == "/sign-in/code", let phone {
            let page = try await get("/sign-in/code")
            if let code = phone.code(at: page.now) {
                answer = try await post("/sign-in/code", [("code", code)])
            } else {
                answer = try await post("/sign-in/code", [("recovery", phone.recovery() ?? "")])
            }
        }
        return answer
    }

    private func ask(_ method: String, _ path: String, body: Data?, type: String?, _ headers: [String: String]) async throws -> Answer {
        var request = HTTPClientRequest(url: URL(string: path, relativeTo: base)!.absoluteString)
        request.method = .init(rawValue: method)
        if let body { request.body = .bytes(body) }
        if let type { request.headers.add(name: "Content-Type", value: type) }
        if !cookies.isEmpty { request.headers.add(name: "Cookie", value: cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")) }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let response = try await Self.client.execute(request, timeout: .minutes(20))
        var data = Data()
        for try await part in response.body { data.append(contentsOf: part.readableBytesView) }
        var fields: [String: String] = [:]
        for (name, value) in response.headers { fields[name.lowercased()] = fields[name.lowercased()].map { $0 + "," + value } ?? value }
        for line in response.headers["Set-Cookie"] {
            guard let pair = line.split(separator: ";").first, let equals = pair.firstIndex(of: "=") else { continue }
            let name = pair[..<equals].trimmingCharacters(in: .whitespaces), value = String(pair[pair.index(after: equals)...])
            cookies[name] = value.isEmpty ? nil : value
        }
        // A choice between two literals that is not said to be HTML is text, and stands on the page as it is written.
        if ["HTML(bytes:", "&lt;/b&gt;", "&lt;/a&gt;", "&lt;/small&gt;"].contains(where: { data.range(of: Data($0.utf8)) != nil }) { throw Refusal("test.markup", "页面 \(path) 把标记当成了文字。") }
        let answer = Answer(status: Int(response.status.code), headers: fields, body: String(decoding: data, as: UTF8.self), bytes: data)
        if let token = answer.token { self.token = token }
        return answer
    }
}

/// Serves the application over a throw-away database of each engine, on a port of its own; its pages believe that it is
/// noon of `today` where one is given. Walks send more than any person does: only where `listening` is given do they meet
/// the pace of writing.
package func servedOnBothEngines(
    isDevelopment: Bool = false, today: Day? = nil, policies: [String] = [], at given: Listening? = nil, singleSignOn: SingleSignOn? = nil, _ body: @escaping @Sendable (App, Int) async throws -> Void
) async throws {
    let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    var unpaced = Listening(host: "127.0.0.1", port: 0)
    unpaced.writes = .none
    let listening = given ?? unpaced
    let now: @Sendable () -> Int64 = { today.map { Int64($0.number) * 86_400_000 + 4 * 3_600_000 } ?? Clock.nowMilliseconds }
    for engine in Bench.engines {
        try await Bench.with(engine) { database, url in
            let key = NSTemporaryDirectory() + "/\(UUID().uuidString).key"
            defer { try? FileManager.default.removeItem(atPath: key) }
            let app = try App(database: database, databaseURL: url, settings: Settings(home: home, isDevelopment: isDevelopment, keyFile: key, policyFolders: policies), singleSignOn: singleSignOn, passwords: .least)
            try await beside({ ready in try await app.web(listening, now: now, onReady: ready).run() }) { try await body(app, $0) }
        }
    }
}
