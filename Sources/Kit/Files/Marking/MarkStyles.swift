import Foundation

/// The styles part with a clone of each needed cell style that differs in its fill alone.
struct MarkStyles {
    /// The edited part, or a new one where the workbook had none.
    private(set) var part: [UInt8]
    private var markedOf: [Int: Int] = [:]
    private var cleanOf: [Int: Int] = [:]

    /// The style to give a wrong cell that has `style`.
    func marked(_ style: Int) -> Int { markedOf[style] ?? style }
    /// The style of a cell without the mark of an earlier answer; nil where it carries none.
    func clean(_ style: Int) -> Int? { cleanOf[style] }

    /// A styles part of nothing but the default and the mark.
    init() {
        part = Array(
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>\
            <fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
            <fill><patternFill patternType="solid"><fgColor rgb="\(Marking.fill)"/><bgColor indexed="64"/></patternFill></fill></fills>\
            <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
            <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
            <cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
            <xf numFmtId="0" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1"/></cellXfs></styleSheet>
            """.utf8)
        markedOf[0] = 1
    }

    /// Edits the part for the styles that wrong cells have; with `cleaning`, knows the styles of earlier marks too.
    init(_ original: [UInt8], marking styles: Set<Int>, cleaning: Bool) throws {
        let survey = Survey(original)
        let pump = try XMLPump(survey)
        try original.withUnsafeBufferPointer { try pump.feed($0, isLast: true) }
        guard original.first != 0xFE, original.first != 0xFF, let fillsEnd = survey.fillsEnd, let stylesEnd = survey.stylesEnd,
            let fillsTag = survey.fillsTag, let stylesTag = survey.stylesTag,
            // Into a tag that closes itself nothing can be put.
            ![fillsTag, stylesTag].contains(where: { original[$0].suffix(2).first == UInt8(ascii: "/") })
        else { throw Refusal.brokenWorkbook("单元格格式部件有误") }

        let p = Markup.prefix(of: Array(original[stylesTag]))
        let orange = survey.markFills.first ?? survey.fillCount
        let newFill = survey.markFills.isEmpty
            ? "<\(p)fill><\(p)patternFill patternType=\"solid\"><\(p)fgColor rgb=\"\(Marking.fill)\"/><\(p)bgColor indexed=\"64\"/></\(p)patternFill></\(p)fill>" : ""
        var clones: [UInt8] = [], count = survey.styles.count
        func clone(_ style: Int, fill: Int) -> Int {
            let element = Array(original[survey.styles[style]])
            let tagEnd = (element.firstIndex(of: 0x3E) ?? element.count - 1) + 1
            var tag = Array(element[..<tagEnd])
            tag = Markup.setting("fillId", to: String(fill), in: tag)
            tag = Markup.setting("applyFill", to: "1", in: tag)
            clones += tag + element[tagEnd...]
            count += 1
            return count - 1
        }
        func isMark(_ style: Int) -> Bool { survey.markFills.contains(survey.fillOfStyle[style]) }
        for style in styles.sorted() {
            if survey.styles.indices.contains(style) {
                markedOf[style] = isMark(style) ? style : clone(style, fill: orange)
            } else if !survey.styles.isEmpty {
                markedOf[style] = markedOf[0] ?? clone(0, fill: orange)
            }
        }
        if cleaning {
            func unfilled(_ style: Int) -> [UInt8] {
                Markup.setting("applyFill", to: nil, in: Markup.setting("fillId", to: nil, in: Array(original[survey.styles[style]])))
            }
            // The style a mark was cloned from, if the workbook still has it.
            let originals = Dictionary(survey.styles.indices.filter { !isMark($0) }.map { (unfilled($0), $0) }, uniquingKeysWith: { first, _ in first })
            for style in survey.styles.indices where isMark(style) { cleanOf[style] = originals[unfilled(style)] ?? clone(style, fill: 0) }
        }

        part = []
        let edits: [(Range<Int>, [UInt8])] = [
            (fillsTag, newFill.isEmpty ? Array(original[fillsTag]) : Markup.setting("count", to: String(survey.fillCount + 1), in: Array(original[fillsTag]))),
            (fillsEnd..<fillsEnd, Array(newFill.utf8)),
            (stylesTag, Markup.setting("count", to: String(count), in: Array(original[stylesTag]))),
            (stylesEnd..<stylesEnd, clones),
        ].sorted { ($0.0.lowerBound, $0.0.upperBound) < ($1.0.lowerBound, $1.0.upperBound) }
        var done = 0
        for (range, bytes) in edits {
            guard done <= range.lowerBound else { throw Refusal.brokenWorkbook("单元格格式部件有误") }
            part += original[done..<range.lowerBound] + bytes
            done = range.upperBound
        }
        part += original[done...]
    }

    private final class Survey: XMLHandler {
        private(set) var fillsTag: Range<Int>?, fillsEnd: Int?, stylesTag: Range<Int>?, stylesEnd: Int?
        private(set) var fillCount = 0, markFills: Set<Int> = []
        /// Where each cell style stands in the part.
        private(set) var styles: [Range<Int>] = []
        private(set) var fillOfStyle: [Int] = []
        private var inFills = false, inStyles = false, inStyle = false, start = 0
        private let bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        override func start(_ name: XMLText, _ attributes: XMLAttributes) throws {
            if name.isName("fills") {
                inFills = true
                fillsTag = eventIndex..<eventIndex + eventLength
            } else if name.isName("cellXfs") {
                inStyles = true
                stylesTag = eventIndex..<eventIndex + eventLength
            } else if inFills, name.isName("fill") {
                fillCount += 1
            } else if inFills, name.isName("fgColor") {
                if attributes.string("rgb")?.uppercased() == Marking.fill { markFills.insert(fillCount - 1) }
            } else if inStyles, name.isName("xf") {
                guard styles.count < Limits.styles else { throw Refusal.suspicious("单元格格式过多") }
                // One inside another would be copied once for each.
                guard !inStyle else { throw Refusal.brokenWorkbook("单元格格式部件有误") }
                inStyle = true
                start = eventIndex
                fillOfStyle.append(attributes.int("fillId") ?? 0)
            }
        }

        override func end(_ name: XMLText) {
            if name.isName("fills") {
                inFills = false
                fillsEnd = eventIndex
            } else if name.isName("cellXfs") {
                inStyles = false
                stylesEnd = eventIndex
            } else if inStyles, name.isName("xf") {
                inStyle = false
                styles.append(start..<eventIndex + eventLength)
            }
        }
    }
}
