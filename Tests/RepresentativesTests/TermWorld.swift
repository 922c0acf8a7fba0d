import Access
import App
import Foundation
import Kit
import Register
@testable import Representatives
import Rules
import TestBench
import World

/// The named world with workbooks of terms in and out.
struct TermWorld: Sendable {
    static let numbers = PersonalNumbers(key: KeyFile.Key(bytes: [UInt8](repeating: 7, count: 32)))
    static let today = Day(2026, 6, 1)!
    static let library: PolicyLibrary = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        do { return try PolicyLibrary(folders: [root.path + "/Policies"], digest: Fingerprint.text) } catch { fatalError("\(error)") }
    }()
    static let titles = "证件号码,姓名,单位编码,代表类型,届次,当选日期,届满日期,离任日期,选区,人员构成"
    /// The unit of most rows, where 杨帆 and 黄磊 work.
    static let unit = "HX-LJ-BH-Q001"

    let database: Database
    let named: Named

    static func onBothEngines(_ body: (TermWorld) async throws -> Void) async throws {
        try await TestBench.onBothEngines { database in
            try await body(TermWorld(database: database, named: try await Named.fill(database, numbers: numbers)))
        }
    }

    static func idNumber(_ name: String) -> String { Named.residents.first { $0.name == name }!.idNumber }

    static func row(
        _ name: String = "黄磊", id: String? = nil, unit: String = unit, kind: String = "职工代表", session: String = "第一届", elected: String = "2020-03-01",
        expiry: String = "2025-03-01", left: String = "", constituency: String = "", composition: String = ""
    ) -> String {
        [id ?? idNumber(name), name, unit, kind, session, elected, expiry, left, constituency, composition].joined(separator: ",")
    }

    private func setting(partial: Bool, reach: ImportReach) -> SheetSetting {
        SheetSetting(
            library: Self.library, words: RosterWords(Self.library), numbers: Self.numbers, today: Self.today, options: ImportOptions(partial: partial), reach: reach)
    }

    @discardableResult
    func take(_ rows: [String], titles: String = titles, partial: Bool = false, reach: ImportReach = .everything) throws -> ImportReport {
        let path = NSTemporaryDirectory() + "/terms-\(UUID().uuidString).csv"
        try ([titles] + rows).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let setting = setting(partial: partial, reach: reach), library = Self.library
        let content = try SheetKind.representatives.read(TableReader(file: path, columns: SheetKind.representatives.columns(library)), setting)
        return try database.writeNow(Bench.act) { try content.run(setting, in: $0) }
    }

    /// The lines of an export, without its titles.
    func export(_ code: String? = nil, subtree: Bool = true, asOf: String? = nil, units: Set<Int64>? = nil, isMasked: Bool = false) throws -> [String] {
        let path = NSTemporaryDirectory() + "/terms-\(UUID().uuidString).csv", id = code.flatMap { named.units[$0] }
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try database.readNow { db in
            try SheetKind.representatives.export(
                SheetExport(
                    path: path, unit: id, subtree: subtree, asOf: asOf.map { Day(iso: $0)! }, today: Self.today, units: units, hidden: .nobody, isMasked: isMasked,
                    library: Self.library, words: RosterWords(Self.library), numbers: Self.numbers, progress: { _, _ in }), db)
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        // A line ends with two signs that Swift takes for one.
        return text.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
    }

    func terms(of name: String) throws -> [TermOfOffice] {
        let id = named.people[name]!
        return try database.readNow { try TermStore.terms(of: [id], in: $0) }
    }

    /// What an officer of a unit keeps, with everything below it.
    func reach(of code: String) throws -> ImportReach {
        let id = named.units[code]!
        let units = try database.readNow { try Set(OrganizationStore.tree(on: Self.today, in: $0).subtree(of: id).map(\.id)) }
        return ImportReach(units: units) { _ in nil }
    }
}
