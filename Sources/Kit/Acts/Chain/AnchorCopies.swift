import AsyncHTTPClient
import Foundation
import NIOCore

/// Places outside the folder of the key that each anchor is sent to, so that whoever owns the folder cannot forge alone.
package struct AnchorCopies: Sendable, Hashable {
    /// A file that is only ever added to.
    package var file: String?
    /// The socket of the system's log, `/dev/log`.
    package var syslog: String?
    /// An address that takes a POST.
    package var webhook: String?

    package init(file: String? = nil, syslog: String? = nil, webhook: String? = nil) {
        func said(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        (self.file, self.syslog, self.webhook) = (said(file), said(syslog), said(webhook))
    }

    /// What options say wins over the surroundings.
    package func overridden(by other: AnchorCopies) -> AnchorCopies {
        AnchorCopies(file: other.file ?? file, syslog: other.syslog ?? syslog, webhook: other.webhook ?? webhook)
    }

    package var isEmpty: Bool { file == nil && syslog == nil && webhook == nil }

    /// Refusal `usage.anchorWebhook`.
    package func check() throws(Refusal) {
        guard let webhook, !PublicAddress.mayBeAsked(webhook) else { return }
        throw Refusal("usage.anchorWebhook", "接收锚点的地址不能用：应以 https:// 开头（本机可以用 http://），不带用户名。")
    }

    private static let word = "yugong-anchor"

    /// An anchor as one line, whatever stands before it in a log.
    static func line(_ anchor: String) -> String { "\(word) \(Data(anchor.utf8).base64EncodedString())" }

    /// Every anchor in a text: lines of the form above, or one anchor as its own file has it. An anchor that none of the keys has sealed is broken.
    package static func anchors(in text: String, _ key: AuditKey) -> [AnchorFile.Content] {
        func read(_ text: String) -> AnchorFile.Content {
            Anchor.opened(text, key).map { .anchor($0) } ?? .broken
        }
        let lines = text.split(whereSeparator: \.isNewline).compactMap { line -> AnchorFile.Content? in
            guard let start = line.range(of: word + " ", options: .backwards) else { return nil }
            let base = line[start.upperBound...].prefix { !$0.isWhitespace }
            guard base.count > 20 else { return nil }
            return Data(base64Encoded: String(base)).map { read(String(decoding: $0, as: UTF8.self)) } ?? .broken
        }
        return lines.isEmpty ? [read(text)] : lines
    }

    /// Sends the anchor everywhere; what could not be reached, as sentences.
    package func send(_ anchor: String) async -> [String] {
        let line = Self.line(anchor)
        var failures: [String] = []
        if let file, (try? await onThread { Self.add(line + "\n", to: file) }) != true { failures.append("锚点没有抄到 \(file)：请检查路径、权限和空间。") }
        if let syslog, (try? await onThread { Self.log("<134>yugong: " + line, to: syslog) }) != true { failures.append("锚点没有送到系统日志 \(syslog)：请检查日志服务是否在运行。") }
        if let webhook, await !Self.post(line + "\n", to: webhook) { failures.append("锚点没有送到 \(webhook)：请检查地址和网络。") }
        return failures
    }

    private static func add(_ text: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let bytes = Array(text.utf8)
        return write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
    }

    private static func log(_ text: String, to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let place = Array(path.utf8), room = MemoryLayout.size(ofValue: address.sun_path)
        guard place.count < room else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: place) }
        let sender = socket(AF_UNIX, Int32(truncatingIfNeeded: SOCK_DGRAM.rawValue), 0)
        guard sender >= 0 else { return false }
        defer { close(sender) }
        let bytes = Array(text.utf8)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(sender, bytes, bytes.count, Int32(truncatingIfNeeded: MSG_DONTWAIT), $0, socklen_t(truncatingIfNeeded: MemoryLayout<sockaddr_un>.size))
            }
        }
        return sent == bytes.count
    }

    private static func post(_ text: String, to address: String) async -> Bool {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(10))
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        request.body = .bytes(Array(text.utf8))
        let status = try? await client.execute(request, timeout: .seconds(15)).status.code
        try? await client.shutdown()
        return status.map { (200..<300).contains($0) } ?? false
    }
}
