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

    private static let headerLimit = 8192
    private static let partLimit = 1000

    /// Takes the boundary out of a `Content-Type`; nil where it is no multipart form or the boundary is not allowed.
    package init?(contentType: String) {
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
                guard let end = find([13, 10, 13, 10], from: start) else {
                    guard pending.count - start <= Self.headerLimit else { throw .malformed }
                    break scanning
                }
                guard end - start <= Self.headerLimit else { throw .malformed }
                parts += 1
                guard parts <= Self.partLimit else { throw .malformed }
                events.append(try part(String(decoding: pending[start..<end], as: UTF8.self)))
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

    private func part(_ headers: String) throws(WebProblem) -> Event {
        for line in headers.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "content-disposition" else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            guard value.lowercased().hasPrefix("form-data"), let name = Self.quoted("name", in: value) else { throw .malformed }
            return .part(name: name, fileName: Self.quoted("filename", in: value).map(Self.lastComponent))
        }
        throw .malformed
    }

    /// The value of `; key="…"`, as browsers write it: `%22`, `%0D`, `%0A` for the three characters they escape.
    private static func quoted(_ key: String, in text: Substring) -> String? {
        var rest = text
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " }
            guard rest.lowercased().hasPrefix(key + "=\"") else {
                // Step over a quoted value, which may hold semicolons.
                if let open = rest.firstIndex(of: "\""), rest[..<open].firstIndex(of: ";") == nil,
                    let close = rest[rest.index(after: open)...].firstIndex(of: "\"") {
                    rest = rest[rest.index(after: close)...]
                }
                continue
            }
            let value = rest.dropFirst(key.count + 2)
            guard let close = value.firstIndex(of: "\"") else { return nil }
            return String(value[..<close]).replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
        }
        return nil
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
