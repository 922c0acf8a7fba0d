/// How much a file may ask for before it is refused; memory stays bounded whatever the file claims.
enum Limits {
    /// Rows and columns a spreadsheet can have.
    static let rows = 1_048_576, columns = 16_384
    static let cells = 60_000_000
    /// A spreadsheet's cell holds 32,767 characters.
    static let cellBytes = 131_072
    static let rowBytes = 8 << 20
    static let sharedStrings = 6_000_000
    static let sharedStringBytes = 96 << 20
    static let sheetBytes: UInt64 = 3 << 30
    static let stringsPartBytes: UInt64 = 1 << 30
    static let stylesPartBytes: UInt64 = 32 << 20
    static let smallPartBytes: UInt64 = 4 << 20
    static let styles = 70_000
    static let zipEntries: UInt64 = 20_000
    /// Inflated bytes per packed byte that are believed once a part is large; text tables stay far below.
    static let ratio: UInt64 = 250
    static let ratioFrom: UInt64 = 64 << 20
    /// Longest single piece of XML markup.
    static let token = 2 << 20
    static let xlsBytes: Int64 = 64 << 20
    static let xlsSheets = 255
    /// Cells of one sheet of an .xls, which is read as a whole.
    static let xlsCells = 4_000_000
    /// Text of a workbook that is copied to be marked: one piece of it may stand in every cell.
    static let copiedBytes = 128 << 20
    /// What is repeated of a file in a report: characters of a cell or title, titles of no column.
    static let shownCharacters = 200, unknownTitles = 200
    /// As much of a text as a report repeats. What looks like one character may be as long as the text.
    static func shown(_ text: String) -> String { String(text.unicodeScalars.prefix(shownCharacters)) }
    /// Rows in which the header row is looked for.
    static let headerRows = 100
}

/// The refusals of this folder that more than one place speaks.
extension Refusal {
    static func brokenWorkbook(_ what: String) -> Refusal {
        Refusal("file.broken", "工作簿已损坏（\(what)），无法读取；请用表格软件打开，另存为 .xlsx 后再传")
    }
    static func tooLarge(_ what: String) -> Refusal {
        Refusal("file.tooLarge", "文件过大（\(what)），已停止读取；请删去多余内容或分成几个文件后再传")
    }
    static func suspicious(_ what: String) -> Refusal {
        Refusal("file.suspicious", "文件结构异常（\(what)），为安全起见不予读取；请用表格软件打开，另存为 .xlsx 后再传")
    }
    static func cannotRead(_ path: String) -> Refusal {
        Refusal(cannotReadName, "无法打开文件 \(path)；请核对路径，并确认有读取权限")
    }
    /// The output could not be written; the command line exits 73 on this name.
    package static func cannotWrite(_ path: String) -> Refusal {
        Refusal(cannotWriteName, "无法写入 \(path)；请确认文件夹存在、有写入权限、磁盘未满，且文件没有被其他程序打开")
    }
    package static let cannotWriteName = "file.cannotWrite"
    static let cannotReadName = "file.cannotRead"
    static let memory = Refusal("file.memory", "内存不足，无法读取文件；请稍后再试")
}
