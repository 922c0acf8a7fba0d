import Foundation
import Kit

/// What the command line says: answers on stdout, everything else on stderr.
enum Talk {
    static func say(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// One object for programs: the only thing on stdout, keys in the order of the alphabet.
    static func say(json object: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        say(String(decoding: try encoder.encode(object), as: UTF8.self))
    }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// A line on stderr that rewrites itself: done/total, rate and what remains. Nothing where stderr is no terminal.
    static func progress(of what: String) -> @Sendable (Int, Int?) -> Void {
        guard isTerminal else { return { _, _ in } }
        let start = Clock.nowMilliseconds
        return { done, total in
            let milliseconds = Int(max(1, Clock.nowMilliseconds - start))
            let rate = done * 1000 / milliseconds
            var line = "\r\u{1B}[K\(what)：\(done)"
            if let total {
                line += " / \(total)，每秒 \(rate)"
                if rate > 0, total > done { line += "，约剩 \((total - done) / rate + 1) 秒" }
            }
            write(line, to: STDERR_FILENO)
        }
    }

    /// Leaves the line of progress for what is said next.
    static func endProgress() {
        if isTerminal { write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    private static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
