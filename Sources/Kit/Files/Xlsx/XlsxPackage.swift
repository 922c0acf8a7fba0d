import Foundation

/// The parts of an .xlsx that matter for its first sheet.
struct XlsxPackage {
    let archive: ZipArchive
    let sheetName: String
    let sheet: ZipArchive.Entry
    let strings: ZipArchive.Entry?
    let styles: ZipArchive.Entry?
    /// Who points to what in the workbook, and where a styles part is or would be.
    let relations: ZipArchive.Entry
    let stylesPath: String
    let from1904: Bool

    init(path: String) throws {
        archive = try ZipArchive(path: path)
        for entry in archive.entries {
            let name = entry.name.lowercased()
            if name.hasSuffix("vbaproject.bin") || name.contains("xl/macrosheets/") {
                throw Refusal("file.macros", "工作簿含有宏，为安全起见不予接收；请在表格软件中另存为“Excel 工作簿 (*.xlsx)”后再传")
            }
        }
        guard archive["[Content_Types].xml"] != nil || archive["_rels/.rels"] != nil else {
            if archive["content.xml"] != nil || archive["Index/Document.iwa"] != nil {
                throw Refusal("file.unknownKind", "这是其他软件格式的表格；请另存为 .xlsx 后再传")
            }
            throw Refusal("file.unknownKind", "这是压缩包，不是工作簿；请解压后传其中的 .xlsx、.xls 或 .csv 文件")
        }
        var workbook = "xl/workbook.xml"
        if let entry = archive["_rels/.rels"] {
            let relations = try Relations(archive, entry, base: "")
            if let target = relations.first("officeDocument")?.target { workbook = target }
        }
        guard let book = archive[workbook] else {
            if workbook.hasPrefix("word/") || workbook.hasPrefix("ppt/") {
                throw Refusal("file.unknownKind", "这是文档或演示文稿，不是工作簿；请传 .xlsx、.xls 或 .csv 文件")
            }
            throw Refusal.brokenWorkbook("缺少工作簿部件")
        }
        guard !workbook.lowercased().hasSuffix(".bin") else {
            throw Refusal("file.unknownKind", "这是 .xlsb 二进制工作簿；请另存为 .xlsx 后再传")
        }
        guard workbook.lowercased().hasSuffix(".xml"), !workbook.hasPrefix("word/"), !workbook.hasPrefix("ppt/") else {
            throw Refusal("file.unknownKind", "这不是工作簿；请传 .xlsx、.xls 或 .csv 文件")
        }
        let folder = workbook.split(separator: "/").dropLast().joined(separator: "/")
        let file = workbook.split(separator: "/").last.map(String.init) ?? ""
        let relationsPath = (folder.isEmpty ? "" : folder + "/") + "_rels/" + file + ".rels"
        guard let entry = archive[relationsPath] else { throw Refusal.brokenWorkbook("缺少部件关系") }
        self.relations = entry
        let relations = try Relations(archive, entry, base: folder)
        let contents = Contents()
        try archive.parse(book, with: contents)
        from1904 = contents.from1904
        let sheets = contents.sheets.filter { relations.byId[$0.relation]?.type == "worksheet" }
        // What a person calls the first sheet is the first one that shows.
        guard let first = sheets.first(where: { !$0.isHidden }) ?? sheets.first, let target = relations.byId[first.relation]?.target else {
            throw Refusal.brokenWorkbook("没有工作表")
        }
        guard let part = archive[target] else { throw Refusal.brokenWorkbook("第一张工作表的内容缺失") }
        sheetName = first.name
        sheet = part
        strings = relations.first("sharedStrings").flatMap { [archive] in archive[$0.target] }
        styles = relations.first("styles").flatMap { [archive] in archive[$0.target] }
        // Some readers look for the styles under this very name.
        let usual = (folder.isEmpty ? "" : folder + "/") + "styles.xml"
        stylesPath = styles?.name ?? (archive[usual] == nil ? usual : usual.replacing("styles.xml", with: "styles2.xml"))
    }

    /// Who points to what in a package.
    final class Relations: XMLHandler {
        private(set) var byId: [String: (type: String, target: String)] = [:]
        private var order: [String] = []
        private let base: String

        init(_ archive: ZipArchive, _ entry: ZipArchive.Entry, base: String) throws {
            self.base = base
            super.init()
            try archive.parse(entry, with: self)
        }

        /// Types differ in their prefix between transitional and strict workbooks, not in their last word.
        func first(_ type: String) -> (type: String, target: String)? {
            for id in order { if let relation = byId[id], relation.type == type { return relation } }
            return nil
        }

        override func start(_ name: XMLText, _ attributes: XMLAttributes) {
            guard name.isName("Relationship"), let id = attributes.string("Id"), let type = attributes.string("Type"),
                let target = attributes.string("Target"), attributes.string("TargetMode") != "External"
            else { return }
            byId[id] = (type.split(separator: "/").last.map(String.init) ?? "", resolve(target))
            order.append(id)
        }

        private func resolve(_ target: String) -> String {
            let target = target.replacing("\\", with: "/")
            var parts = target.hasPrefix("/") ? [] : base.split(separator: "/").map(String.init)
            for part in target.split(separator: "/") {
                if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
            }
            return parts.joined(separator: "/").removingPercentEncoding ?? parts.joined(separator: "/")
        }
    }

    private final class Contents: XMLHandler {
        var sheets: [(name: String, relation: String, isHidden: Bool)] = []
        var from1904 = false

        override func start(_ name: XMLText, _ attributes: XMLAttributes) {
            if name.isName("sheet"), let relation = attributes.string("id") {
                sheets.append((attributes.string("name") ?? "", relation, attributes["state"].map { !$0.isName("visible") } ?? false))
            } else if name.isName("workbookPr") {
                from1904 = attributes.flag("date1904") ?? false
            }
        }
    }
}

/// Which cell styles show a number as a date.
final class DateStyles: XMLHandler {
    private var isDateFormat: [Int: Bool] = [:]
    private var isDateStyle: [Bool] = []
    private var inCellStyles = false

    subscript(style: Int) -> Bool { isDateStyle.indices.contains(style) && isDateStyle[style] }

    override func start(_ name: XMLText, _ attributes: XMLAttributes) throws {
        if name.isName("numFmt") {
            guard let id = attributes.int("numFmtId"), let code = attributes.string("formatCode") else { return }
            isDateFormat[id] = NumberText.isDate(format: code)
        } else if name.isName("cellXfs") {
            inCellStyles = true
        } else if inCellStyles, name.isName("xf") {
            guard isDateStyle.count < Limits.styles else { throw Refusal.suspicious("单元格格式过多") }
            let id = attributes.int("numFmtId") ?? 0
            isDateStyle.append(isDateFormat[id] ?? NumberText.isDate(builtIn: id))
        }
    }

    override func end(_ name: XMLText) {
        if name.isName("cellXfs") { inCellStyles = false }
    }
}

/// The workbook's shared strings, packed end to end so that a million of them stay small.
final class SharedStrings: XMLHandler {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity = 1 << 16
    private var count = 0
    private var ends: [UInt32] = []
    private var isText = false, inItem = false
    private var phoneticDepth = 0
    private var start = 0

    override init() {
        bytes = malloc(capacity).assumingMemoryBound(to: UInt8.self)
    }
    deinit { free(bytes) }

    subscript(index: Int) -> String? {
        guard ends.indices.contains(index) else { return nil }
        let from = index == 0 ? 0 : Int(ends[index - 1])
        return String(decoding: UnsafeBufferPointer(start: bytes + from, count: Int(ends[index]) - from), as: UTF8.self)
    }

    override func start(_ name: XMLText, _ attributes: XMLAttributes) throws {
        if name.isName("t") {
            isText = phoneticDepth == 0
        } else if name.isName("si") {
            // One inside another would be decoded once for each.
            guard !inItem else { throw Refusal.brokenWorkbook("文字部件有误") }
            inItem = true
            start = count
            guard ends.count < Limits.sharedStrings else { throw Refusal.tooLarge("文字过多") }
        } else if name.isName("rPh") {
            phoneticDepth += 1
        }
    }

    override func end(_ name: XMLText) {
        if name.isName("t") {
            isText = false
        } else if name.isName("si") {
            inItem = false
            count = start + Escapes.decode(UnsafeMutableBufferPointer(start: bytes + start, count: count - start))
            ends.append(UInt32(truncatingIfNeeded: count))
        } else if name.isName("rPh") {
            phoneticDepth -= 1
        }
    }

    override func characters(_ text: UnsafeBufferPointer<UInt8>) throws {
        guard isText, let from = text.baseAddress else { return }
        guard count - start + text.count <= Limits.cellBytes else { throw Refusal.tooLarge("单元格文字过长") }
        guard count + text.count <= Limits.sharedStringBytes else { throw Refusal.tooLarge("文字过多") }
        if count + text.count > capacity {
            // realloc moves pages instead of copying them, so growing does not double the peak.
            capacity = max(capacity * 2, count + text.count)
            guard let grown = realloc(bytes, capacity) else { throw Refusal.memory }
            bytes = grown.assumingMemoryBound(to: UInt8.self)
        }
        memcpy(bytes + count, from, text.count)
        count += text.count
    }
}

/// Excel's `_x000D_` for characters XML cannot hold.
enum Escapes {
    /// Decodes in place and gives the new length.
    static func decode(_ text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard text.count >= 7, let base = text.baseAddress, memchr(base, 0x5F, text.count) != nil else { return text.count }
        var read = 0, write = 0
        while read < text.count {
            if text[read] == 0x5F, let unit = unit(text, read), let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: unit)) {
                for byte in String(scalar).utf8 {
                    text[write] = byte
                    write += 1
                }
                read += 7
            } else {
                text[write] = text[read]
                write += 1
                read += 1
            }
        }
        return write
    }

    private static func unit(_ text: UnsafeMutableBufferPointer<UInt8>, _ at: Int) -> UInt16? {
        guard at + 7 <= text.count, text[at + 1] == 0x78, text[at + 6] == 0x5F else { return nil }
        var value: UInt16 = 0
        for index in 2..<6 {
            guard let digit = Character(Unicode.Scalar(text[at + index])).hexDigitValue, text[at + index] < 0x80 else { return nil }
            value = value << 4 | UInt16(truncatingIfNeeded: digit)
        }
        return value
    }
}
