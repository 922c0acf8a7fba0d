import Access
import Kit
import Register

/// People whom a form names: ticked in a list, or written one a line by name, 人员编号 or 证件号码.
package struct PersonPick: Sendable {
    /// Each once, the ticked ones first.
    package let ids: [Int64]
    /// What could not be made out of what was written, a sentence a line.
    package let faults: [String]
    /// Whether a line means several people of one name.
    let isAmbiguous: Bool

    /// People that a form names at most.
    package static let most = 500
    /// Names of the fields: of the boxes, and of the lines.
    package static let ticked = "person", written = "who"

    package init(ids: [Int64], faults: [String], isAmbiguous: Bool = false) {
        var seen: Set<Int64> = []
        self.ids = ids.filter { seen.insert($0).inserted }
        self.faults = faults
        self.isAmbiguous = isAmbiguous
    }

    /// What was written, line by line; separated by commas just as well.
    static func lines(_ text: String) -> [String] {
        text.split(whereSeparator: { $0.isNewline || "、，,；;\t".contains($0) }).map { $0.filter { $0 != "\u{FEFF}" }.trimmingSpaces }.filter { !$0.isEmpty }
    }

    /// Notes in `check` what is wrong: nobody, too many, or a line that means nobody.
    package func check(_ check: inout FormCheck) {
        if !faults.isEmpty {
            let more = faults.count > 5 ? "；另有 \(faults.count - 5) 行也没有找到" : ""
            check.fault(Refusal("form.\(Self.written)", faults.prefix(5).joined(separator: "；") + more + "。"))
        } else if ids.isEmpty {
            check.fault(Refusal("form.\(Self.written)", "还没有选人；请打勾，或一行写一个姓名、人员编号或证件号码。"))
        }
        if ids.count > Self.most { check.fault(Refusal("form.\(Self.written)", "一次最多 \(Self.most) 人，现在是 \(ids.count) 人；请分几次办。")) }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
