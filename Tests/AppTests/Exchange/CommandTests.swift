import Access
import App
import Foundation
import Kit
import TestBench
import Testing

/// The built `yugong`, run as a user runs it, in a folder of its own.
struct CommandLineUser {
    let folder: String
    let database: String

    struct Answer {
        let status: Int32
        let said: String
        let noted: String

        /// What stands on stdout as one JSON object, and nothing else does.
        func json() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: Any])
        }
    }

    /// Gives a folder and an empty database of each engine to the closure.
    static func onBothEngines(_ body: (CommandLineUser) throws -> Void) throws {
        for engine in Bench.engines {
            let (user, end) = try make(engine)
            defer { end() }
            try body(user)
        }
    }

    /// The same for long stories: who waits in `command` keeps no other test waiting.
    static func onBothEngines(_ body: (CommandLineUser) async throws -> Void) async throws {
        for engine in Bench.engines {
            let (user, end) = try make(engine)
            defer { end() }
            try await body(user)
        }
    }

    /// As `run`, on a thread of its own.
    func command(_ arguments: String...) async throws -> Answer { try await onThread { [self] in try run(arguments) } }

    private static func make(_ engine: Engine) throws -> (CommandLineUser, end: () -> Void) {
        let folder = NSTemporaryDirectory() + "/yugong-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let url = engine == .sqlite ? "sqlite:\(folder)/a.db" : try Bench.makeEmpty(engine)
        return (CommandLineUser(folder: folder, database: url), {
            try? FileManager.default.removeItem(atPath: folder)
            if engine == .postgres { Bench.remove(url) }
        })
    }

    /// `.build/debug/yugong` beside the test bundle.
    static let program: URL = {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ProcessInfo.processInfo.environment["YUGONG_BUNDLE"]
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle ?? executable).deletingLastPathComponent().appending(path: "yugong")
    }()

    @discardableResult
    func run(_ arguments: String..., database: String? = nil) throws -> Answer { try run(arguments, database: database) }

    func run(_ arguments: [String], database: String? = nil, program: URL = program) throws -> Answer {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var environment = ProcessInfo.processInfo.environment
        environment["YUGONG_DATABASE"] = database ?? self.database
        environment["YUGONG_KEY_FILE"] = folder + "/the.key"
        process.environment = environment
        let said = folder + "/stdout", noted = folder + "/stderr"
        for path in [said, noted] { FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: said)
        process.standardError = FileHandle(forWritingAtPath: noted)
        try process.run()
        process.waitUntilExit()
        return Answer(
            status: process.terminationStatus, said: try String(contentsOfFile: said, encoding: .utf8),
            noted: try String(contentsOfFile: noted, encoding: .utf8))
    }

    func write(_ name: String, _ lines: String...) throws {
        try lines.joined(separator: "\n").write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }

    /// Two units, two people.
    func fill() throws {
        #expect(try run("migrate").status == 0)
        try write("o.csv", "单位编码,单位名称,上级单位编码,单位类型", "HX,衡溪市总工会,,地市总工会", "HX-LJ,临江区总工会,HX,区县总工会")
        try write(
            "p.csv", "姓名,证件号码,单位编码,任职日期,人员类别,职务", "张三,11010519491231002X,HX-LJ,2000-01-01,处级及以上,主席",
            "李四,110105197001010011,HX-LJ,2020-01-01,基层,干事")
        #expect(try run("import", "organizations", "o.csv").status == 0)
        #expect(try run("import", "people", "p.csv").status == 0)
    }
}

@Suite("The command line keeps its contract", .ownThreads)
struct CommandTests {
    private let records = "证件号码,姓名,培训名称,培训形式,开始日期,结束日期,天数,学时,备注"
    private let good = "11010519491231002X,张三,主席班,脱产培训,2022-03-07,2022-03-11,5,,x"
    private let wrong = "110105197001010011,李四,错班,脱产培训,2022-03-07,2022-03-11,9,,"

    @Test("Wrong usage ends with 64: unknown commands, kinds, options, endings of files")
    func wrongUsage() throws {
        try CommandLineUser.onBothEngines { user in
            #expect(try user.run("migrate").status == 0)
            for arguments in [
                ["nonsense"], [], ["import"], ["import", "lecturers", "x.csv"],
                ["import", "nonsense", "x.csv"], ["export", "people", "x.pdf"], ["template", "people", "x.csv"],
                ["import", "people", "x.csv", "--nonsense"], ["import", "people", "x.csv", "--effective", "gestern"],
                ["indicators", "--policy", "nonsense", "--year", "2022", "--unit", "HX"],
                ["indicators", "--policy", "beijing-cadres-2019-2023", "--year", "2022", "--unit", "HX", "--rule", "Z9"],
                ["indicators", "--policy", "beijing-cadres-2019-2023", "--year", "2022", "--unit", "HX", "--format", "xlsx"],
            ] {
                let answer = try user.run(arguments)
                #expect(answer.status == 64, "\(arguments): \(answer.noted)")
                #expect(!answer.noted.isEmpty && answer.said.isEmpty, "\(arguments)")
            }
            let help = try user.run("--help")
            #expect(help.status == 0)
            for present in ["serve", "migrate", "demo", "import", "template", "export", "indicators", "explain", "policy", "user", "verify", "backup", "restore", "keys"] {
                #expect(help.said.contains(present))
            }
        }
    }

    @Test("What is not there in the data ends with 65")
    func noSuchData() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            for arguments in [
                ["import", "people", "absent.csv"], ["export", "people", "x.csv", "--unit", "NO"],
                ["indicators", "--policy", "beijing-cadres-2019-2023", "--year", "2022", "--unit", "NO"],
                ["indicators", "--policy", "beijing-cadres-2019-2023", "--year", "2031", "--unit", "HX"],
            ] {
                let answer = try user.run(arguments)
                #expect(answer.status == 65, "\(arguments): \(answer.noted)")
            }
        }
    }

    @Test("A program copied without the folders it is shipped with says so, and that it is nobody's data: 70")
    func copied() throws {
        let folder = NSTemporaryDirectory() + "/yugong-copied-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: CommandLineUser.program.path, toPath: folder + "/yugong")
        let answer = try CommandLineUser(folder: folder, database: "sqlite:\(folder)/a.db").run(["migrate"], program: URL(fileURLWithPath: folder + "/yugong"))
        #expect(answer.status == 70 && answer.noted.contains("Policies"), "\(answer.status) \(answer.noted)")
    }

    @Test("An unreachable database and a missing key end with 69, an unwritable file with 73")
    func surroundings() throws {
        try CommandLineUser.onBothEngines { user in
            #expect(try user.run("export", "people", "x.csv", database: "sqlite:\(user.folder)/none/none.db").status == 69)
            #expect(try user.run("export", "people", "x.csv", database: "postgres://nobody@127.0.0.1:1/none").status == 69)
            try user.fill()
            #expect(try user.run("export", "people", "none/x.csv").status == 73)
            #expect(try user.run("template", "people", "none/x.xlsx").status == 73)
            try FileManager.default.moveItem(atPath: user.folder + "/the.key", toPath: user.folder + "/away.key")
            let answer = try user.run("export", "people", "x.csv")
            #expect(answer.status == 69 && answer.noted.contains("密钥"))
            #expect(!user.has("the.key"))
        }
    }

    @Test("An import is all or nothing; its answer for programs is one JSON object")
    func allOrNothing() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            try user.write("r.csv", records, good, wrong)
            let refused = try user.run("import", "training-records", "r.csv", "--format", "json", "--rejects", "back.xlsx")
            #expect(refused.status == 65)
            let answer = try refused.json()
            #expect(answer["new"] as? Int == 1 && answer["rejected"] as? Int == 1 && answer["applied"] as? Bool == false)
            #expect(answer["kind"] as? String == "training-records" && answer["file"] as? String == "r.csv")
            #expect(answer["unknownColumns"] as? [String] == ["备注"])
            let errors = try #require(answer["errors"] as? [[String: Any]])
            #expect(errors.count == 1 && errors[0]["row"] as? Int == 3 && errors[0]["column"] as? String == "天数")
            #expect(user.has("back.xlsx"))
            // Nothing went in: partially it does, and a second time changes nothing.
            let partial = try user.run("import", "training-records", "r.csv", "--partial", "--format", "json")
            #expect(partial.status == 0)
            #expect(try partial.json()["new"] as? Int == 1)
            let again = try user.run("import", "training-records", "r.csv", "--partial", "--format", "json")
            #expect(try again.json()["new"] as? Int == 0 && again.json()["unchanged"] as? Int == 1)
        }
    }

    @Test("A file without mistakes writes no rejects; a trial run changes nothing")
    func clean() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            try user.write("r.csv", records, good)
            #expect(try user.run("import", "training-records", "r.csv", "--dry-run", "--rejects", "back.xlsx").status == 0)
            #expect(!user.has("back.xlsx"))
            let answer = try user.run("import", "training-records", "r.csv", "--format", "json")
            #expect(try answer.status == 0 && answer.json()["new"] as? Int == 1)
        }
    }

    @Test("What goes out comes in again without a change, of every kind, as .xlsx and .csv")
    func roundTrip() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            try user.write("r.csv", records, good)
            try user.write(
                "t.csv", "证件号码,姓名,单位编码,代表类型,届次,当选日期,届满日期,离任日期", "11010519491231002X,张三,HX-LJ,职工代表,第一届,2015-03-01,2020-03-01,",
                "110105197001010011,李四,HX-LJ,职工监事,第二届,2021-03-01,2024-03-01,2022-01-01")
            #expect(try user.run("import", "training-records", "r.csv").status == 0)
            #expect(try user.run("import", "representatives", "t.csv").status == 0)
            let kinds = [("organizations", 2), ("people", 2), ("training-records", 1), ("representatives", 2)]
            #expect(kinds.map(\.0) == Features.all.sheets.map(\.key))
            for (kind, rows) in kinds {
                for ending in ["xlsx", "csv"] {
                    let file = "\(kind).\(ending)"
                    #expect(try user.run("export", kind, file).status == 0)
                    let again = try user.run("import", kind, file, "--format", "json")
                    #expect(again.status == 0, "\(file): \(again.noted)")
                    let answer = try again.json()
                    #expect(answer["new"] as? Int == 0 && answer["changed"] as? Int == 0 && answer["unchanged"] as? Int == rows, "\(file): \(again.said)")
                }
                #expect(try user.run("template", kind, "template-\(kind).xlsx").status == 0)
                #expect(try user.run("import", kind, "template-\(kind).xlsx").status == 0)
            }
        }
    }

    @Test("Many mistakes: the first twenty are told, and how many more there are")
    func manyMistakes() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            try user.write("r.csv", ([records] + Array(repeating: wrong, count: 25)).joined(separator: "\n"))
            let answer = try user.run("import", "training-records", "r.csv")
            #expect(answer.status == 65)
            #expect(answer.noted.contains("还有 5 条"))
        }
    }
}
