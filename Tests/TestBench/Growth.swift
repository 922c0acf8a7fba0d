import Foundation
import Testing

/// How the work of a parser grows with its input: processor time of the own thread, so that a busy machine does not
/// matter, the best of several.
package struct Growth: CustomStringConvertible {
    /// Length of the smallest input.
    package let length: Int
    /// Seconds for the length and for eight times as much.
    package let seconds: [Double]

    /// Whether eight times the input takes about eight times the work. Its square would be sixty-four times.
    package var isLinear: Bool { seconds[1] <= 3 * 8 * seconds[0] || seconds[1] < 0.002 }

    package var description: String {
        let times = seconds.map { String(format: "%.2f", $0 * 1000) }.joined(separator: ", ")
        return "\(length) bytes and eight times as many take \(times) ms"
    }

    /// Feeds a parser with one hostile shape. `make` gives an input of about a length; `most` is the longest that the parser
    /// is ever given. The shortest is so long that it can be measured. What looks worse than linear is measured again: a
    /// parser that is, looks so every time.
    package static func of(_ make: (Int) throws -> [UInt8], upTo most: Int = 1 << 20, _ parse: ([UInt8]) throws -> Void) rethrows -> Growth {
        var length = max(1, min(512, most / 8)), input = try make(length)
        while length * 16 <= most, try best(of: 1, input, parse) < 0.0003 {
            length *= 2
            input = try make(length)
        }
        let inputs = try [1, 8].map { try make(length * $0) }
        var growth = Growth(length: length, seconds: [])
        for attempt in 0..<4 {
            growth = Growth(length: length, seconds: try inputs.map { try best(of: 1 + 2 * attempt, $0, parse) })
            if growth.isLinear { return growth }
        }
        // Where what is small is unusually cheap, what is large tells: a square stays one.
        if length * 64 <= most {
            let larger = try [8, 64].map { try make(length * $0) }
            growth = Growth(length: length * 8, seconds: try larger.map { try best(of: 3, $0, parse) })
        }
        return growth
    }

    private static func best(of times: Int, _ input: [UInt8], _ parse: ([UInt8]) throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<times {
            let start = now()
            try parse(input)
            best = min(best, now() - start)
        }
        return best
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Expects that a parser is linear in each of these shapes. That it refuses some of them is its business.
package func expectLinear(
    _ shapes: [Hostile], upTo most: Int = 1 << 20, at place: SourceLocation = #_sourceLocation, _ parse: ([UInt8]) throws -> Void
) throws {
    for shape in shapes {
        let growth = Growth.of(shape.make, upTo: most) { try? parse($0) }
        #expect(growth.isLinear, "\(shape.name): \(growth)", sourceLocation: place)
    }
}

/// A shape of input that some parser may not like.
package struct Hostile {
    package let name: String
    /// An input of about so many bytes.
    package let make: (Int) -> [UInt8]

    package init(_ name: String, _ make: @escaping (Int) -> [UInt8]) {
        self.name = name
        self.make = make
    }

    /// A beginning, a piece over and over, an end.
    package init(_ piece: String, after start: String = "", before end: String = "") {
        self.init("\(start.suffix(30))…\(piece.debugDescription)…\(end.prefix(30))") { length in
            let piece = Array(piece.utf8)
            var bytes = Array(start.utf8)
            bytes.reserveCapacity(length + start.utf8.count + end.utf8.count)
            for _ in 0..<max(1, length / piece.count) { bytes += piece }
            return bytes + Array(end.utf8)
        }
    }

    /// Pieces that differ by their number.
    package static func numbered(_ name: String, after start: String = "", before end: String = "", _ piece: @escaping (Int) -> String) -> Hostile {
        Hostile(name) { length in
            var bytes = Array(start.utf8), number = 0
            while bytes.count < length {
                bytes += Array(piece(number).utf8)
                number += 1
            }
            return bytes + Array(end.utf8)
        }
    }

    /// Single signs at which some parser turns, characters that belong together however many they are, and broken ones.
    package static let pieces = [
        "a", " ", ";", "\"", "&", "=", "%", "%2", "+", ",", "<", ">", "/", "\\", ".", "-", "~", "*", "[", "{", "'", "\n", "\r", "\r\n", "\t", "\u{0}", "\u{301}", "🇨🇳",
        "👨\u{200D}", "长", "\u{3000}", "9", "_x0041_", "a=b&", "a;b=\"c\";",
    ]

    /// Each of the pieces in one place of a text.
    package static func everywhere(after start: String = "", before end: String = "") -> [Hostile] {
        pieces.map { Hostile($0, after: start, before: end) }
    }
}
