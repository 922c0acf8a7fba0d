import App
import AsyncHTTPClient
import Foundation
import Kit
import NIOCore
import NIOSSL
import TestBench
import Testing

@Suite("TLS with one's own certificate", .ownThreads)
struct TransportStories {
    /// A certificate of its own for localhost, as PEM files in a folder.
    private static func makeCertificate(in folder: String, _ name: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", folder + "/key.pem", "-out", folder + "/certificate.pem",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private static func ask(_ port: Int, trusting file: String, most: TLSVersion? = nil) async throws -> HTTPClientResponse {
        var configuration = HTTPClient.Configuration()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(file)
        tls.maximumTLSVersion = most
        configuration.tlsConfiguration = tls
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(configuration: configuration)
        do {
            let response = try await client.execute(HTTPClientRequest(url: "https://localhost:\(port)/sign-in"), timeout: .minutes(10))
            _ = try await response.body.collect(upTo: 1 << 20)
            try await client.shutdown()
            return response
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    @Test("HTTP/2 over TLS 1.2 and later; cookies and HSTS follow; another certificate is taken without a restart, a broken one not")
    func whole() async throws {
        let folder = NSTemporaryDirectory() + "/yugong-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.makeCertificate(in: folder, "first")
        let file = folder + "/certificate.pem", first = folder + "/first.pem"
        let listening = try Settings.Reach(certificate: file, key: folder + "/key.pem").listening(host: "127.0.0.1", port: 0)
        let certificate = try #require(listening.certificate)
        try await servedOnBothEngines(at: listening) { _, port in
            try Self.makeCertificate(in: folder, "first")
            try certificate.reload()
            try? FileManager.default.removeItem(atPath: first)
            try FileManager.default.copyItem(atPath: file, toPath: first)
            let response = try await Self.ask(port, trusting: first)
            #expect(response.status.code == 200 && response.version == .http2)
            #expect(response.headers["strict-transport-security"] == ["max-age=31536000; includeSubDomains"])
            #expect(response.headers["set-cookie"].first?.hasPrefix("__Host-") == true)
            #expect(try await Self.ask(port, trusting: first, most: .tlsv12).status.code == 200)
            await #expect(throws: (any Error).self) { try await Self.ask(port, trusting: first, most: .tlsv11) }

            try Self.makeCertificate(in: folder, "second")
            try certificate.reload()
            #expect(try await Self.ask(port, trusting: file).status.code == 200)
            await #expect(throws: (any Error).self) { try await Self.ask(port, trusting: first) }
            #expect(throws: Refusal.self) { try Certificate(file: first, key: folder + "/key.pem") }
            try Data("no certificate".utf8).write(to: URL(filePath: file))
            #expect(throws: Refusal.self) { try certificate.reload() }
            try FileManager.default.removeItem(atPath: file)
            #expect(throws: Refusal.self) { try certificate.reload() }
            await #expect(throws: (any Error).self) { try await Self.ask(port, trusting: first) }
        }
    }

    /// Whether the other end closes a connection of HTTP/2 on which a byte is said now and then and nothing asked.
    private static func closesDripped(_ port: Int) throws -> Bool {
        signal(SIGPIPE, SIG_IGN)
        let process = Process(), said = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-alpn", "h2", "-quiet"]
        (process.standardInput, process.standardOutput, process.standardError) = (said, FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        defer { process.terminate() }
        // The preface, settings, and a long frame of a kind that nobody knows, byte by byte.
        var bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0] + [0, 0x20, 0, 0xFA, 0, 0, 0, 0, 0]
        for _ in 0..<150 where process.isRunning {
            guard (try? said.fileHandleForWriting.write(contentsOf: Data(bytes))) != nil else { break }
            bytes = [0]
            usleep(200_000)
        }
        usleep(500_000)
        return !process.isRunning
    }

    @Test("A connection of HTTP/2 over which something is said now and then and nothing asked is closed; whoever asks is served")
    func dripped() async throws {
        let folder = NSTemporaryDirectory() + "/yugong-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.makeCertificate(in: folder, "first")
        var listening = try Settings.Reach(certificate: folder + "/certificate.pem", key: folder + "/key.pem").listening(host: "127.0.0.1", port: 0)
        (listening.limits.idle, listening.limits.drain) = (2, 1)
        try await servedOnBothEngines(at: listening) { _, port in
            let isClosed = try await onThread { try Self.closesDripped(port) }
            #expect(isClosed)
            #expect(try await Self.ask(port, trusting: folder + "/certificate.pem").status.code == 200)
            #expect(try await Self.ask(port, trusting: folder + "/certificate.pem", most: .tlsv12).status.code == 200)
        }
    }

    @Test("Who opens a connection and says nothing of TLS is let go")
    func silent() async throws {
        let folder = NSTemporaryDirectory() + "/yugong-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.makeCertificate(in: folder, "first")
        var listening = try Settings.Reach(certificate: folder + "/certificate.pem", key: folder + "/key.pem").listening(host: "127.0.0.1", port: 0)
        listening.limits.handshake = 1
        try await servedOnBothEngines(at: listening) { _, port in
            let isClosed = try await onThread { try RawClient(port: port).hear().isClosed }
            #expect(isClosed)
        }
    }
}
