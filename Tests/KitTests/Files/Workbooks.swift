import Foundation
import Testing

@testable import Kit

/// Workbooks of other programs, made once per test run by `make_workbooks.py`.
enum Workbooks {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let python = ProcessInfo.processInfo.environment["YUGONG_PYTHON"] ?? root.appending(path: ".venv/bin/python").path

    static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "yugong-workbooks-\(getpid())")
        if ProcessInfo.processInfo.environment["YUGONG_KEEP_FILES"] == nil { atexit { try? FileManager.default.removeItem(at: FileManager.default.temporaryDirectory.appending(path: "yugong-workbooks-\(getpid())")) } }
        do { _ = try runPython("make_workbooks.py", [folder.path]) } catch { Issue.record(error) }
        return folder
    }()

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Runs a script that lies beside the tests and gives what it prints.
    static func runPython(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process(), output = Pipe()
        process.executableURL = URL(filePath: python)
        process.arguments = [root.appending(path: "Tests/KitTests/Files/\(script)").path] + arguments
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script) \(arguments) failed")
        return text
    }

    static let columns = [
        SheetColumn(key: "code", title: "编码", required: true, kind: .code),
        SheetColumn(key: "name", title: "姓名", required: true),
        SheetColumn(key: "day", title: "日期", kind: .day),
        SheetColumn(key: "amount", title: "数量", kind: .number),
        SheetColumn(key: "flag", title: "是否", kind: .yesNo),
        SheetColumn(key: "sort", title: "类别", choices: ["甲", "乙", "丙"]),
    ]

    /// All rows of a file, for small ones.
    static func rows(_ name: String, columns: [SheetColumn] = columns) throws -> [TableRow] {
        let table = try TableReader(file: path(name), columns: columns)
        var rows: [TableRow] = []
        while let row = try table.next() { rows.append(row) }
        return rows
    }

    static func refusal(_ name: String, columns: [SheetColumn] = columns) -> String {
        do {
            _ = try rows(name, columns: columns)
            return "read"
        } catch let refusal as Refusal {
            return refusal.name
        } catch {
            return "\(error)"
        }
    }
}
