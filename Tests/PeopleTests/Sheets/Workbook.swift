import Access
import App
import Foundation
import Kit
import People
import Register
import Rules
import TestBench
import Testing

/// Workbooks of units and people as tests write them: lines of a .csv in, reports out.
enum Workbook {
    static let numbers = PersonalNumbers(key: KeyFile.Key(bytes: [UInt8](repeating: 7, count: 32)))
    static let today = Day(2023, 6, 1)!
    static let words: RosterWords = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        do { return RosterWords(try PolicyLibrary(folders: [root.path + "/Policies"], digest: Fingerprint.text)) } catch { fatalError("\(error)") }
    }()

    /// A good number: born on the day, told apart by the sequence.
    static func number(_ birth: String, _ sequence: Int) -> String {
        let body = "110105" + birth + String(repeating: "0", count: 3 - String(sequence).count) + String(sequence)
        for last in "0123456789X" where (try? IDNumber(body + String(last), today: today)) != nil { return body + String(last) }
        fatalError("no such number")
    }

    static func file<T>(_ lines: [String], _ body: (String) throws -> T) throws -> T {
        let path = NSTemporaryDirectory() + "/workbook-\(UUID().uuidString).csv"
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    static let unitTitles = "单位编码,单位名称,上级单位编码,单位类型"

    @discardableResult
    static func units(
        _ lines: [String], titles: String = unitTitles, into database: Database, partial: Bool = false, effective: String? = nil,
        reach: ImportReach = .everything
    ) throws -> ImportReport {
        try file([titles] + lines) { path in
            let rows = try OrganizationSheet.read(try TableReader(file: path, columns: OrganizationSheet.columns(words)), words: words)
            let options = ImportOptions(partial: partial, effective: effective.flatMap { Day(iso: $0) })
            return try database.writeNow(Bench.act) { try OrganizationSheet.run(rows, in: $0, options: options, reach: reach) }
        }
    }

    static let peopleTitles = "姓名,证件号码,单位编码,主任职,职务,任职日期,离任日期"

    @discardableResult
    static func people(
        _ lines: [String], titles: String = peopleTitles, into database: Database, partial: Bool = false, reach: ImportReach = .everything
    ) throws -> ImportReport {
        try file([titles] + lines) { path in
            let rows = try PeopleSheet.read(
                try TableReader(file: path, columns: PeopleSheet.columns(words)), words: words, numbers: numbers, today: today)
            let options = ImportOptions(partial: partial)
            return try database.writeNow(Bench.act) { try PeopleSheet.run(rows, numbers: numbers, in: $0, options: options, reach: reach) }
        }
    }

    static func export(
        _ kind: String, from database: Database, unit: String? = nil, subtree: Bool = true, asOf: String? = nil
    ) throws -> [String] {
        let path = NSTemporaryDirectory() + "/export-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let day = asOf.flatMap { Day(iso: $0) }
        try database.readNow { db in
            let id = try unit.flatMap { try OrganizationStore.id(code: $0, in: db) }
            if kind == "units" {
                try OrganizationSheet.export(to: path, unit: id, subtree: subtree, asOf: day, today: today, words: words, in: db)
            } else {
                try PeopleSheet.export(to: path, unit: id, subtree: subtree, asOf: day, today: today, words: words, numbers: numbers, in: db)
            }
        }
        return try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: "\u{FEFF}", with: "")
            .split(whereSeparator: \.isNewline).map(String.init)
    }

    /// Exports and imports again: the answer to the second.
    static func again(_ kind: String, in database: Database, unit: String? = nil, subtree: Bool = true, asOf: String? = nil) throws -> ImportReport {
        let lines = try export(kind, from: database, unit: unit, subtree: subtree, asOf: asOf)
        return try kind == "units"
            ? units(Array(lines.dropFirst()), titles: lines[0], into: database) : people(Array(lines.dropFirst()), titles: lines[0], into: database)
    }

    /// 临江区总工会 with two streets, one of which has a station.
    static func plant(_ database: Database) throws {
        let report = try units(
            ["LJ,临江区总工会,,区县总工会", "LJ-031,西渡街道总工会,LJ,街道乡镇总工会", "LJ-032,滨河街道总工会,LJ,街道乡镇总工会", "LJ-031-1,西渡工会服务站,LJ-031,工会服务站"],
            into: database)
        #expect(report.applied && report.new == 4)
    }

    static func id(_ code: String, _ database: Database) throws -> Int64 {
        try #require(try database.readNow { try OrganizationStore.id(code: code, in: $0) })
    }

    static func posts(_ number: String, _ database: Database) throws -> [Appointment] {
        try database.readNow { db in
            guard let person = try RosterStore.bearer(of: try IDNumber(number, today: today), numbers: numbers, in: db) else { return [] }
            return try RosterStore.appointments(of: [person.id], in: db)
        }
    }
}

extension ImportReport {
    /// `2 证件号码` for each error, in the order of the rows.
    var marks: [String] { errors.map { "\($0.row) \($0.column ?? "—")" } }
    var counts: [Int] { [new, changed, unchanged, rejected] }
}
