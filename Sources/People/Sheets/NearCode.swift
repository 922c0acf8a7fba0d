import Kit
import Register

/// Finds the units a mistyped code may have meant. Made once per import: the codes are folded once, answers are kept.
package struct NearCode {
    private let known: [(folded: [UInt8], code: String, name: String)]
    private let byName: [String: String]
    private var answers: [String: String] = [:]
    /// Comparing with every code costs; a file full of foreign codes needs no more hints than this.
    private static let mostSearches = 200

    /// `visible` keeps the units that whoever imports may know of.
    package init(_ history: OrgHistory, visible: (Int64) -> Bool) {
        let units = history.organizations.values.filter { visible($0.id) }.sorted { $0.code < $1.code }
        known = units.map { (Self.fold($0.code), $0.code, history.name($0.id)) }
        byName = Dictionary(known.map { ($0.name, $0.code) }, uniquingKeysWith: { first, _ in first })
    }

    /// 没有这个单位；相近的有 LJ-031 西渡街道总工会
    package mutating func sentence(_ code: String) -> String {
        if let answer = answers[code] { return answer }
        let answer = answers.count < Self.mostSearches ? search(code) : Self.plain
        answers[code] = answer
        return answer
    }

    private static let plain = "没有这个单位；请核对单位编码，新单位请先导入单位表"

    private func search(_ code: String) -> String {
        if let meant = byName[code] { return "这里要填单位编码；“\(code)”的编码是 \(meant)" }
        let folded = Self.fold(code)
        let most = folded.count < 4 ? 1 : 2
        var best: [(distance: Int, index: Int)] = []
        for (index, unit) in known.enumerated() where abs(unit.folded.count - folded.count) <= most {
            let distance = Self.distance(folded, unit.folded, atMost: most)
            if distance <= most { best.append((distance, index)) }
        }
        guard let least = best.map(\.distance).min() else { return Self.plain }
        let near = best.filter { $0.distance == least }.prefix(3).map { "\(known[$0.index].code) \(known[$0.index].name)" }
        return "没有这个单位；相近的有 \(near.joined(separator: "、"))"
    }

    /// Capitals and digits only, without the zeros in front of numbers: LJ-0031 and lj31 fold alike.
    private static func fold(_ code: String) -> [UInt8] {
        var folded: [UInt8] = []
        for byte in code.uppercased().utf8 where byte > 127 || (48...57).contains(byte) || (65...90).contains(byte) {
            if byte == 48, folded.last.map({ !(48...57).contains($0) }) ?? true { continue }
            folded.append(byte)
        }
        return folded
    }

    /// Levenshtein's distance; anything above `most` may come back as `most + 1`.
    private static func distance(_ a: [UInt8], _ b: [UInt8], atMost most: Int) -> Int {
        if a == b { return 0 }
        var row = Array(0...b.count)
        for i in 0..<a.count {
            var diagonal = row[0], least = i + 1
            row[0] = i + 1
            for j in 0..<b.count {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
                diagonal = above
                least = min(least, row[j + 1])
            }
            if least > most { return most + 1 }
        }
        return row[b.count]
    }
}
