/// Reads `multipart/form-data` as it arrives, in pieces of any size, holding no more than a piece and a header.
package struct MultipartReader {
    package enum Event: Equatable {
        /// A part begins; `fileName` is set for files, even empty ones.
        case part(name: String, fileName: String?)
        /// More of the current part.
        case content(ArraySlice<UInt8>)
        /// The last part has ended.
        case end
    }

    private enum State { case preamble, afterBoundary, headers, content, done }

    private let delimiter: [UInt8]
    private var state = State.preamble
    /// What has arrived and is not yet judged. A leading CRLF lets the first boundary be found like the others.
    private var pending: [UInt8] = [13, 10]
    private var parts = 0
    /// Bytes of a header that were looked through for its end.
    private var searched = 0

    /// Bytes and lines that may stand before the content of a part: a long name in each, and more than browsers write.
    private static let headerLimit = 4096, headerLines = 8
    private static let partLimit = 1000

    /// Takes the boundary out of a `Content-Type`; nil where it is no multipart form or the boundary is not allowed.
    package init?(contentType: String) {
        guard contentType.utf8.count <= 300 else { return nil }
        let pieces = contentType.split(separator: ";").map { $0.drop { $0 == " " } }
        guard let first = pieces.first, first.lowercased().trimmingSuffix(" ") == "multipart/form-data" else { return nil }
        guard let piece = pieces.dropFirst().first(where: { $0.lowercased().hasPrefix("boundary=") }) else { return nil }
        var boundary = piece.dropFirst("boundary=".count)
        if boundary.count >= 2, boundary.first == "\"", boundary.last == "\"" { boundary = boundary.dropFirst().dropLast() }
        let bytes = Array(boundary.utf8)
        guard (1...70).contains(bytes.count), bytes.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        delimiter = [13, 10, 45, 45] + bytes
    }

    /// Whether the closing boundary has been seen.
    package var isComplete: Bool { state == .done }

    /// Takes the next piece and says what it held. Throws `WebProblem.malformed` for what is no multipart form.
    package mutating func read(_ bytes: some Collection<UInt8>) throws(WebProblem) -> [Event] {
        pending.append(contentsOf: bytes)
        var events: [Event] = []
        var start = 0
        scanning: while true {
            switch state {
            case .preamble:
                guard let found = find(delimiter, from: start) else {
                    start = max(start, pending.count - delimiter.count + 1)
                    break scanning
                }
                start = found + delimiter.count
                state = .afterBoundary
            case .afterBoundary:
                guard pending.count - start >= 2 else { break scanning }
                if pending[start] == 45, pending[start + 1] == 45 {
                    state = .done
                    events.append(.end)
                } else {
                    // Blanks may stand between a boundary and its line end.
                    var end = start
                    while end < pending.count, pending[end] == 32 || pending[end] == 9, end - start < 100 { end += 1 }
                    guard pending.count - end >= 2 else { break scanning }
                    guard pending[end] == 13, pending[end + 1] == 10 else { throw .malformed }
                    // The line end stays: it may at once begin the blank line of a part without headers.
                    start = end
                    state = .headers
                }
            case .headers:
                guard let end = find([13, 10, 13, 10], from: start + searched) else {
                    guard pending.count - start <= Self.headerLimit else { throw .malformed }
                    searched = max(0, pending.count - start - 3)
                    break scanning
                }
                guard end - start <= Self.headerLimit else { throw .malformed }
                searched = 0
                parts += 1
                guard parts <= Self.partLimit else { throw .malformed }
                events.append(try MultipartHeader.event(pending[start..<end], mostLines: Self.headerLines))
                start = end + 4
                state = .content
            case .content:
                if let found = find(delimiter, from: start) {
                    emit(start, found, into: &events)
                    start = found + delimiter.count
                    state = .afterBoundary
                } else {
                    // What may be the beginning of a boundary waits for the next piece.
                    let safe = max(start, pending.count - delimiter.count + 1)
                    emit(start, safe, into: &events)
                    start = safe
                    break scanning
                }
            case .done:
                // An epilogue is ignored.
                start = pending.count
                break scanning
            }
        }
        pending.removeFirst(min(start, pending.count))
        return events
    }

    private func emit(_ from: Int, _ to: Int, into events: inout [Event]) {
        if to > from { events.append(.content(ArraySlice(Array(pending[from..<to])))) }
    }

    private func find(_ needle: [UInt8], from: Int) -> Int? {
        guard pending.count - from >= needle.count else { return nil }
        return pending.withUnsafeBufferPointer { bytes in
            needle.withUnsafeBufferPointer { needle in
                var index = from
                let last = bytes.count - needle.count
                search: while index <= last {
                    guard bytes[index] == needle[0] else {
                        index += 1
                        continue
                    }
                    for offset in 1..<needle.count where bytes[index + offset] != needle[offset] {
                        index += 1
                        continue search
                    }
                    return index
                }
                return nil
            }
        }
    }
}

/// What stands before the content of a part, read byte by byte and each byte once.
private enum MultipartHeader {
    static func event(_ bytes: ArraySlice<UInt8>, mostLines: Int) throws(WebProblem) -> MultipartReader.Event {
        let lines = bytes.split(separator: 10).map { $0.last == 13 ? $0.dropLast() : $0 }.filter { !$0.isEmpty }
        guard lines.count <= mostLines else { throw .malformed }
        for line in lines {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isWord(line[..<colon], "content-disposition") else { continue }
            return try part(line[(colon + 1)...].drop { $0 == 32 })
        }
        throw .malformed
    }

    /// `form-data; name="…"; filename="…"` in any order, as browsers write it; of a name twice the first counts.
    private static func part(_ value: ArraySlice<UInt8>) throws(WebProblem) -> MultipartReader.Event {
        guard isWord(value.prefix(9), "form-data") else { throw .malformed }
        var name: String?, fileName: String?
        var at = value.startIndex + 9
        while at < value.endIndex {
            switch value[at] {
            case UInt8(ascii: ";"):
                at += 1
                while at < value.endIndex, value[at] == 32 { at += 1 }
                let start = at
                while at < value.endIndex, ![UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: "\"")].contains(value[at]) { at += 1 }
                guard at + 1 < value.endIndex, value[at] == UInt8(ascii: "="), value[at + 1] == UInt8(ascii: "\"") else { continue }
                let key = value[start..<at]
                let text = try quoted(value, from: at + 1)
                if isWord(key, "name") { name = name ?? unescaped(text) }
                if isWord(key, "filename") { fileName = fileName ?? unescaped(text) }
                at = text.endIndex + 1
            case UInt8(ascii: "\""): at = try quoted(value, from: at).endIndex + 1
            default: at += 1
            }
        }
        guard let name else { throw .malformed }
        return .part(name: name, fileName: fileName.map(lastComponent))
    }

    /// What stands between a quote and the next one; it may hold semicolons.
    private static func quoted(_ value: ArraySlice<UInt8>, from quote: Int) throws(WebProblem) -> ArraySlice<UInt8> {
        guard let end = value[(quote + 1)...].firstIndex(of: UInt8(ascii: "\"")) else { throw .malformed }
        return value[(quote + 1)..<end]
    }

    /// Browsers write `%22`, `%0D` and `%0A` for the three characters that cannot stand there, and nothing else in that way.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = [], at = text.startIndex
        while at < text.endIndex {
            let meant: UInt8? = switch text[at...].prefix(3) {
            case [37, 50, 50]: 34
            case [37, 48, 68]: 13
            case [37, 48, 65]: 10
            default: nil
            }
            bytes.append(meant ?? text[at])
            at += meant == nil ? 1 : 3
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether bytes are a word, given in lower case, in whatever capitals.
    private static func isWord(_ bytes: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
        let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return bytes.count == word.count && zip(bytes, word).allSatisfy { byte, letter in
            byte == letter || (65...90).contains(byte) && byte + 32 == letter
        }
    }

    /// A file name without folders and control characters.
    private static func lastComponent(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let clean = String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200)))
        return clean == "." || clean == ".." ? "" : clean
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
