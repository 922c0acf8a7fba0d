import Foundation

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
        guard isatty(STDERR_FILENO) == 1 else { return { _, _ in } }
        let start = ContinuousClock.now
        return { done, total in
            let seconds = max(0.001, (ContinuousClock.now - start) / .seconds(1))
            let rate = Double(done) / seconds
            var line = "\r\u{1B}[K\(what)：\(done)"
            if let total {
                line += " / \(total)，每秒 \(Int(rate)) 行"
                if rate > 0, total > done { line += "，约剩 \(Int(Double(total - done) / rate) + 1) 秒" }
                if done >= total { line += "\n" }
            }
            write(line, to: STDERR_FILENO)
        }
    }
}
