import Access
import App
import Foundation
import Kit
@testable import Ledger
import Register
import Rules
import TestBench

/// Four people in two units, for the ledger's tests.
enum SmallWorld {
    static let numbers = PersonalNumbers(key: KeyFile.Key(bytes: [UInt8](repeating: 7, count: 32)))
    static let today = Day(2023, 6, 1)!
    static let federation: Int64 = 1001, town: Int64 = 1002
    static let zhang: Int64 = 2001, li: Int64 = 2002, wang: Int64 = 2003, bo: Int64 = 2004
    static let idOfZhang = "11010519491231002X", idOfLi = "440524188001010014", idOfWang = "110105197001010011", idOfBo = "32010219850505002X"

    /// The library of two policies of one conversion each, in force one after the other.
    static let library: PolicyLibrary = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/Policies"
        do { return try PolicyLibrary(folders: [folder], digest: Fingerprint.text) } catch { fatalError("\(error)") }
    }()

    static func fill(_ database: Database) throws {
        try database.writeNow(Bench.act) { db in
            var reader = PinyinReader()
            for (id, code, name) in [(federation, "LJ", "临江区总工会"), (town, "LJ-031", "西渡街道总工会")] {
                try db.run("INSERT INTO organization (id, code, act_id) VALUES (\(id), \(code), \(db.actID))")
                try db.run("""
                    INSERT INTO organization_version (id, organization_id, from_day, to_day, parent_id, name, kind, act_id)
                    VALUES (\(id + 5000), \(id), \(Day.always), \(Day.open), \(id == town ? federation : nil), \(name),
                        \(id == town ? "townFederation" : "districtFederation"), \(db.actID))
                    """)
            }
            for (id, name, number, unit) in [
                (zhang, "张三", idOfZhang, federation), (li, "李四", idOfLi, town), (wang, "王五", idOfWang, town),
                (bo, "阿卜杜·热合曼", idOfBo, town),
            ] {
                let cipher = try RosterStore.person(
                    id, PersonFacts(name: name, idNumber: try IDNumber(number, today: today)), numbers: numbers, reader: &reader).idCipher
                try db.run("""
                    INSERT INTO person (id, name, pinyin, initials, id_cipher, id_index, id_part_index, birth_day, act_id)
                    VALUES (\(id), \(name), '', '', \(cipher), \(numbers.index(idNumber: number)), \([UInt8]([2])), \(Day(1970, 1, 1)!), \(db.actID))
                    """)
                try db.run("""
                    INSERT INTO appointment (id, person_id, organization_id, from_day, to_day, is_primary, act_id)
                    VALUES (\(id + 5000), \(id), \(unit), \(Day(2020, 1, 1)!), \(Day.open), 1, \(db.actID))
                    """)
            }
        }
    }

    /// Imports rows under a header, as a .csv file.
    static func importRows(
        _ header: String, _ rows: [String], into database: Database, partial: Bool = false, reach: ImportReach = .everything
    ) throws -> ImportReport {
        let path = NSTemporaryDirectory() + "/records-\(UUID().uuidString).csv"
        try ([header] + rows).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try importFile(path, into: database, partial: partial, reach: reach)
    }

    static func importFile(
        _ path: String, into database: Database, partial: Bool = false, reach: ImportReach = .everything
    ) throws -> ImportReport {
        let table = try TableReader(file: path, columns: TrainingRecordSheet.columns(library.vocabulary))
        let file = try TrainingRecordImport(
            table, library: library, numbers: numbers, today: today, options: ImportOptions(partial: partial), reach: reach)
        return try database.writeNow(Bench.act) { try file.run($0) }
    }

    static func standing(_ person: Int64, _ database: Database) throws -> [TrainingRecord] {
        try database.readNow { Posting.standingAmong(try HourEntryStore.entries(of: person, from: $0)).map(\.record) }
    }
}
