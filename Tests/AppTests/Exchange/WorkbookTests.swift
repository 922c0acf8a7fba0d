import Foundation
import TestBench
import Testing

@Suite("Workbooks as unions keep them, through the command line", .ownThreads)
struct WorkbookTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    private static let python = ProcessInfo.processInfo.environment["YUGONG_PYTHON"]
        ?? root.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: ".venv/bin/python").path

    private func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process(), output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) \(arguments)")
        return text
    }

    private func script(_ arguments: String...) throws -> String {
        try run(Self.python, [Self.root.appending(path: "workbooks.py").path] + arguments)
    }

    private struct Sheet: Decodable { let sheets: [String], rows: [[String]], marked: [String] }

    private func read(_ path: String) throws -> Sheet { try JSONDecoder().decode(Sheet.self, from: Data(try script("read", path).utf8)) }

    private func expectMarked(_ path: String, _ answer: [String: Any], keptFill: Bool) throws {
        #expect(answer["new"] as? Int == 2 && answer["rejected"] as? Int == 2 && answer["hidden"] as? Int == 1, "\(answer)")
        #expect(Set(answer["unknownColumns"] as? [String] ?? []) == ["序号", "备注"])
        let back = try read(path)
        #expect(back.sheets.prefix(2) == ["培训台账", "说明"])
        #expect(back.rows[0][0] == "临江区总工会 2022 年培训台账" && back.rows[3][8] == "优秀学员")
        #expect(back.rows[2].last == "错误说明")
        #expect(back.rows[3].last == "" && back.rows[6].last == "")
        #expect(back.rows[4].last?.contains("天数") == true && back.rows[5].last?.contains("设为“文本”") == true, "\(back.rows)")
        #expect(back.rows.count == 7)
        #expect(Set(back.marked).isSuperset(of: ["H5", "C6"]))
        if keptFill { #expect(back.marked.contains("I4")) }
    }

    @Test("The same workbook comes back with the wrong cells marked, from a spreadsheet's .xlsx")
    func xlsx() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            _ = try script(user.folder)
            let answer = try user.run("import", "training-records", "ledger.xlsx", "--rejects", "back.xlsx", "--format", "json")
            #expect(answer.status == 65)
            try expectMarked(user.folder + "/back.xlsx", try answer.json(), keptFill: true)
            // Two rows go in; the answer's own file is taken as well, and nothing changes the second time.
            #expect(try user.run("import", "training-records", "ledger.xlsx", "--partial").status == 0)
            let again = try user.run("import", "training-records", "back.xlsx", "--partial", "--format", "json").json()
            #expect(again["new"] as? Int == 0 && again["unchanged"] as? Int == 2)
        }
    }

    @Test("LibreOffice's .xlsx and .xls of the same workbook are read alike", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/soffice")))
    func libreOffice() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            _ = try script(user.folder)
            for ending in ["xls", "xlsx"] {
                let folder = user.folder + "/" + ending
                _ = try run("/usr/bin/soffice", [
                    "-env:UserInstallation=file://\(user.folder)/office", "--headless", "--convert-to", ending, "--outdir", folder, user.folder + "/ledger.xlsx",
                ])
                let answer = try user.run("import", "training-records", "\(ending)/ledger.\(ending)", "--rejects", "back-\(ending).xlsx", "--format", "json")
                #expect(answer.status == 65, "\(answer.noted)")
                let json = try answer.json()
                // freexl does not tell hidden rows.
                if ending == "xlsx" {
                    try expectMarked(user.folder + "/back-xlsx.xlsx", json, keptFill: true)
                } else {
                    #expect(json["new"] as? Int == 2 && json["rejected"] as? Int == 2, "\(json)")
                    let back = try read(user.folder + "/back-xls.xlsx")
                    #expect(back.rows[4].last?.contains("天数") == true && Set(back.marked).isSuperset(of: ["H5", "C6"]))
                }
            }
        }
    }
}
