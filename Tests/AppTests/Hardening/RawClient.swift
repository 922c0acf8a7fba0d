import Foundation

/// A bare TCP connection to this machine: says exactly what it is told, as slowly as it likes.
final class RawClient {
    private let socket: Int32

    /// `from`: another address of this machine to come from, `127.0.0.2`.
    init(port: Int, receiveBuffer: Int32? = nil, from: String? = nil) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
        if let from {
            var own = sockaddr_in()
            own.sin_family = sa_family_t(AF_INET)
            own.sin_addr.s_addr = inet_addr(from)
            _ = withUnsafePointer(to: &own) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) } }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        guard isConnected else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(socket) }

    /// False once the other end is gone.
    @discardableResult
    func say(_ text: String) -> Bool { say(Array(text.utf8)) }

    @discardableResult
    func say(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// What comes until the other end closes or says nothing for longer than any machine is busy; whether it closed.
    func hear(silenceSeconds: Double = 600, until isEnough: (String) -> Bool = { _ in false }) -> (text: String, isClosed: Bool) {
        var timeout = timeval(tv_sec: Int(silenceSeconds), tv_usec: Int(silenceSeconds.truncatingRemainder(dividingBy: 1) * 1_000_000))
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var heard: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK) { return (String(decoding: heard, as: UTF8.self), true) }
            if count < 0 { return (String(decoding: heard, as: UTF8.self), false) }
            heard += buffer[0..<count]
            if isEnough(String(decoding: heard, as: UTF8.self)) { return (String(decoding: heard, as: UTF8.self), false) }
        }
    }

    /// Takes what comes in sips with a pause after each, until the other end closes; the bytes that came.
    func sip(_ most: Int, pause: TimeInterval) -> Int {
        var taken = 0, buffer = [UInt8](repeating: 0, count: most)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return taken }
            taken += count
            Thread.sleep(forTimeInterval: pause)
        }
    }

    /// The status of the first answer; nil where the other end closes without one.
    func status() -> Int? {
        hear(until: { $0.contains("\r\n") }).text.firstMatch(of: #/^HTTP/1\.1 (\d\d\d) /#).flatMap { Int($0.1) }
    }
}
