import Foundation

/// The first sheet of a table file, read row by row in bounded memory.
protocol SheetSource: AnyObject {
    var name: String { get }
    /// Rows the file says it has, where it says so.
    var claimedRows: Int? { get }
    func next() throws -> SheetRow?
}

/// What a file is, by its content; its name is never asked.
package enum FileKind: Sendable {
    case xlsx, xls, text

    /// Recognises a table file. Throws a refusal that says what to do where it is none.
    package init(path: String) throws {
        guard let file = fopen(path, "rb") else { throw Refusal.cannotRead(path) }
        defer { fclose(file) }
        var head = [UInt8](repeating: 0, count: 4096)
        let count = fread(&head, 1, head.count, file)
        guard ferror(file) == 0 else { throw Refusal.cannotRead(path) }
        head.removeLast(head.count - count)
        if head.isEmpty { throw Refusal("file.empty", "文件是空的；请核对后再传") }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            self = .xlsx
        } else if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            self = .xls
        } else if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw Refusal("file.encoding", "文本文件的编码是 UTF-16，无法读取；请在表格软件中另存为 .xlsx 或“CSV UTF-8”后再传")
        } else if head.contains(0) || head.starts(with: Array("%PDF".utf8)) {
            throw Refusal("file.unknownKind", "这不是表格文件；请传 .xlsx、.xls 或 .csv 文件")
        } else if String(decoding: head.prefix(512), as: UTF8.self).lowercased().contains("<html")
            || head.starts(with: Array("<?xml".utf8)) || head.starts(with: Array("{\\rtf".utf8)) {
            throw Refusal("file.unknownKind", "这是网页或 XML 格式的文件，不是工作簿；请用表格软件打开，另存为 .xlsx 后再传")
        } else {
            self = .text
        }
    }

    func open(_ path: String) throws -> any SheetSource {
        switch self {
        case .xlsx: try XlsxSheet(path: path)
        case .xls: try XlsSheet(path: path)
        case .text: try TextSheet(path: path)
        }
    }
}
