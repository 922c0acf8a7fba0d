import App
import Foundation
import Kit
import People
import TestBench
import Testing

@Suite("Requests nobody's browser sends", .ownThreads)
struct HostileRequestStories {
    private static let host = "Host: localhost\r\n"
    private static let second = "GET /assets/app.css HTTP/1.1\r\n" + host + "\r\n"

    /// What a proxy and we might read differently is refused, and what hides behind it is not answered.
    static let smuggled: [String: String] = [
        "length and chunks": "POST /sign-in HTTP/1.1\r\n\(host)Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
        "chunks twice": "POST /sign-in HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + second,
        "unknown coding": "POST /sign-in HTTP/1.1\r\n\(host)Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + second,
        "blank before the colon": "POST /sign-in HTTP/1.1\r\n\(host)Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + second,
        "two lengths": "POST /sign-in HTTP/1.1\r\n\(host)Content-Length: 6\r\nContent-Length: 0\r\n\r\n" + second,
        "a list of lengths": "POST /sign-in HTTP/1.1\r\n\(host)Content-Length: 0, 0\r\n\r\n" + second,
        "a signed length": "POST /sign-in HTTP/1.1\r\n\(host)Content-Length: +0\r\n\r\n" + second,
        "a chunk that lies": "POST /sign-in HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n" + second,
        "a folded header": "GET /sign-in HTTP/1.1\r\n\(host)X-A: b\r\n c\r\n\r\n" + second,
        "bare line feeds": "GET /sign-in HTTP/1.1\nHost: localhost\n\n" + second,
        "a bare carriage return": "GET /sign-in HTTP/1.1\r\n\(host)X: a\rb\r\n\r\n" + second,
        "a null": "GET /sign-in HTTP/1.1\r\n\(host)X: a\0b\r\n\r\n" + second,
    ]

    @Test("What could be read in two ways is answered 400 and the connection is closed", arguments: smuggled.keys.sorted())
    func smuggling(name: String) async throws {
        let request = try #require(Self.smuggled[name])
        try await servedOnBothEngines { _, port in
            let (statuses, isClosed) = try await onThread {
                let client = try RawClient(port: port)
                client.say(request)
                let heard = client.hear()
                return (heard.text.matches(of: #/HTTP/1\.1 (\d\d\d) /#).compactMap { Int($0.1) }, heard.isClosed)
            }
            #expect(statuses == [400] && isClosed)
        }
    }

    @Test("Headers and addresses that are too long, another's name, two names or none")
    func oddities() async throws {
        try await servedOnBothEngines { _, port in
            let cases: [(String, Int)] = [
                ("GET /sign-in HTTP/1.1\r\n\(Self.host)X: \(String(repeating: "a", count: 20_000))\r\n\r\n", 400),
                ("GET /sign-in HTTP/1.1\r\n\(Self.host)\((0..<150).map { "X\($0): a\r\n" }.joined())\r\n", 400),
                ("GET /sign-in?to=\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\n\(Self.host)\r\n", 400),
                ("GET /sign-in HTTP/1.1\r\n\r\n", 400),
                ("GET /sign-in HTTP/1.1\r\n\(Self.host)Host: evil.example\r\n\r\n", 400),
                ("GET /sign-in HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
                ("GET /sign-in HTTP/1.1\r\nHost: <script>\r\n\r\n", 400),
                ("POST /sign-in HTTP/1.1\r\n\(Self.host)Content-Length: 99999999999\r\n\r\n", 413),
                ("POST /sign-in HTTP/1.1\r\n\(Self.host)Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 415),
                ("POST /sign-in HTTP/1.1\r\n\(Self.host)Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", 415),
                ("GET /sign-in?to=%00 HTTP/1.1\r\n\(Self.host)\r\n", 400),
                ("TRACE /sign-in HTTP/1.1\r\n\(Self.host)\r\n", 404),
                ("GET /assets/../../Package.swift HTTP/1.1\r\n\(Self.host)\r\n", 404),
                ("GET /%ff%fe%00/..%2f..%2fetc/passwd HTTP/1.1\r\n\(Self.host)\r\n", 404),
                (Self.second.replacing("app.css", with: "%2e%2e/app.css"), 404),
            ]
            for (request, expected) in cases {
                let status = try await onThread {
                    let client = try RawClient(port: port)
                    client.say(request)
                    return client.status()
                }
                #expect(status == expected, "\(request.prefix(80))")
            }
        }
    }

    @Test("Who is slow with its headers, body or reading is let go, and others are served meanwhile")
    func slow() async throws {
        var listening = Listening(host: "127.0.0.1", port: 0)
        listening.limits.idle = 1
        listening.limits.stalled = 1
        try await servedOnBothEngines(at: listening) { app, port in
            // One byte of a header every 200 ms, for ever.
            async let trickled = onThread { () -> Bool in
                let client = try RawClient(port: port)
                client.say("GET /sign-in HTTP/1.1\r\n\(Self.host)X: ")
                return (0..<3000).contains { _ in
                    Thread.sleep(forTimeInterval: 0.2)
                    return !client.say("a")
                }
            }
            // A body that stops half-way.
            async let halved = onThread { () -> Bool in
                let client = try RawClient(port: port)
                client.say("POST /sign-in HTTP/1.1\r\n\(Self.host)Content-Length: 100\r\n\r\nname=")
                return client.hear().isClosed
            }
            // Hundreds of answers asked for, none taken.
            async let unread = onThread { () -> Bool in
                let asked = (0..<400).map { _ in "GET /assets/vendor/htmx.min.js HTTP/1.1\r\n\(Self.host)\r\n" }.joined()
                // A busy machine may see only later that nothing is taken: then what comes is whole, and we are idler the next time.
                return try [2.0, 4, 16, 64, 256].contains { pause in
                    let client = try RawClient(port: port, receiveBuffer: 4096)
                    client.say(asked)
                    Thread.sleep(forTimeInterval: pause)
                    let heard = client.hear()
                    return heard.isClosed && heard.text.matches(of: #/HTTP/1\.1 200 /#).count < 400
                }
            }
            #expect(try await Browser(port: port).get("/sign-in").status == 200)
            let (isTrickledClosed, isHalvedClosed, isUnreadCut) = try await (trickled, halved, unread)
            #expect(isTrickledClosed && isHalvedClosed && isUnreadCut)
        }
    }

    @Test("Who takes slowly and steadily gets all of it, though it takes several times as long as one may stand still")
    func steady() async throws {
        var listening = Listening(host: "127.0.0.1", port: 0)
        listening.limits.stalled = 1
        try await servedOnBothEngines(at: listening) { _, port in
            let path = "/assets/vendor/htmx.min.js", size = try await Browser(port: port).get(path).body.utf8.count, many = 16_000_000 / max(1, size)
            let isWhole = try await onThread {
                let asked = (1...many).map { "GET \(path) HTTP/1.1\r\n\(Self.host)\($0 == many ? "Connection: close\r\n" : "")\r\n" }.joined()
                // On a busy machine we ourselves may stand still for a second: then once more. What the system holds for us comes at once.
                return try (0..<8).contains { _ in
                    let client = try RawClient(port: port, receiveBuffer: 32_768), began = ContinuousClock.now
                    client.say(asked)
                    return client.sip(32_768, pause: 0.012) >= many * size && ContinuousClock.now - began > .seconds(4)
                }
            }
            #expect(isWhole)
        }
    }

    @Test("One address has only so many connections; they come free again")
    func many() async throws {
        var listening = Listening(host: "127.0.0.1", port: 0, trustedProxies: [])
        listening.limits.connectionsPerAddress = 5
        try await servedOnBothEngines(at: listening) { _, port in
            @Sendable func answered(_ clients: [RawClient]) -> Int {
                clients.filter { client in
                    client.say("GET /sign-in HTTP/1.1\r\n\(Self.host)\r\n")
                    return client.status() == 200
                }.count
            }
            let first = try await onThread { answered(try (0..<8).map { _ in try RawClient(port: port) }) }
            #expect(first == 5)
            // The server sees by and by that they have gone.
            try await eventually { try await onThread { answered(try (0..<3).map { _ in try RawClient(port: port) }) } == 3 }
        }
    }
}
