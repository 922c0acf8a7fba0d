import Kit
import Ledger
import Rules

/// The columns as a file beside the key of the database, so that a start need not read the whole ledger.
///
/// It is believed only where the database's own key has sealed it, this very program wrote it under words that mean the same, and the log holds
/// the end of every chain that it names. What came since is followed from there.
package struct FactsSnapshot: Sendable {
    let file: SealedFile
    private let key: AuditKey
    /// Of fewer entries no file is kept.
    private let leastEntries: Int
    private let program: String

    /// `leastEntries`: fewer are read as quickly from the database. `program` tells one build from another: each reads in its own way.
    package init(_ file: SealedFile, _ key: AuditKey, leastEntries: Int = 20_000, program: String = Program.mark) {
        self.file = file
        self.key = key
        self.leastEntries = leastEntries
        self.program = program
    }

    /// Grows with every change of what is written, or of what it means.
    private static let format: Int64 = 1
    /// More chains than ever grew at a time.
    private static let mostHeads: Int64 = 100_000

    /// What decides, beside rows and program, what columns hold.
    static func basis(_ library: PolicyLibrary) -> String {
        ([Columns.dumpedLayout] + Columns.convertingForms(of: library.vocabulary).sorted() + [""] + library.namedPurposes.sorted()).joined(separator: "\n")
    }

    /// The columns of the file; nil where there is none, or none to be believed.
    func read(_ library: PolicyLibrary, _ database: Database) throws -> FactsStore.Loaded? {
        let found: (loaded: FactsStore.Loaded, heads: [ChainHead])
        do {
            found = try file.read(key) { source in
                var dump = DumpReader(bytes: source.left) { try source.fill($0) }
                return try read(&dump, library)
            }
        } catch is SealedFile.Failure {
            return nil
        } catch is DumpReader.Broken {
            return nil
        }
        let isOfHere = try database.readNow { db in
            try db.lastID() >= found.loaded.last && found.heads.allSatisfy { try ChainStore.entry($0.sequence, of: $0.chain, in: db) == $0 }
        }
        return isOfHere && !found.heads.isEmpty ? found.loaded : nil
    }

    /// What the file says, whether it is to be believed or not. Throws `Broken` where it was not written by this program in this way.
    func read(_ dump: inout DumpReader, _ library: PolicyLibrary) throws -> (loaded: FactsStore.Loaded, heads: [ChainHead]) {
        let basis = Self.basis(library)
        guard try dump.number() == Self.format, try dump.texts() == [program, basis] else { throw DumpReader.Broken() }
        let last = try dump.number(in: 0...Int64.max)
        let heads = try (0..<dump.number(in: 0...Self.mostHeads)).map { _ in
            ChainHead(chain: try dump.number(), sequence: try dump.number(), mac: try dump.numbers(UInt8.self))
        }
        let index = try FactsIndex(from: &dump)
        let days = HourEntryStore.days, all = Day.numbers
        let columns = try Columns(
            from: &dump, vocabulary: library.vocabulary,
            days: Columns.Days(
                entries: Int32(clamping: days.lowerBound)...Int32(clamping: days.upperBound), others: Int32(clamping: all.lowerBound)...Int32(clamping: all.upperBound)))
        guard dump.left == 0, columns.peopleCount <= index.people.count, columns.organizationCount == index.organizations.count else { throw DumpReader.Broken() }
        return (FactsStore.Loaded(columns: columns, index: index, last: last, basis: basis), heads)
    }

    /// Puts columns in the place of those of before. False where they are too few to be worth a file, where nothing is chained of which they
    /// could be, or where another process is writing at this moment.
    func write(_ loaded: FactsStore.Loaded, _ database: Database) throws -> Bool {
        guard loaded.columns.entryCount >= leastEntries else { return false }
        // Of now: posts may be younger than the last id. What has no link says nothing.
        let heads = try database.readNow { db in try ChainStore.tips(in: db).filter { try ChainStore.entry($0.sequence, of: $0.chain, in: db) == $0 } }
        guard !heads.isEmpty else { return false }
        return try file.write(key, room: loaded.columns.dumpedBytes) { sink in
            try write(loaded, heads, to: DumpWriter { try sink.put($0) })
        }
    }

    func write(_ loaded: FactsStore.Loaded, _ heads: [ChainHead], to out: DumpWriter) throws {
        try out.number(Self.format)
        try out.texts([program, loaded.basis])
        try out.number(loaded.last)
        try out.number(heads.count)
        for head in heads {
            try out.number(head.chain)
            try out.number(head.sequence)
            try out.numbers(head.mac)
        }
        try loaded.index.dump(to: out)
        try loaded.columns.dump(to: out)
    }
}

extension KeyFile {
    /// Where the columns of this key's database are kept between two starts.
    package var columns: SealedFile { sealedFile("columns") }
}

// MARK: Who has which number

extension FactsIndex {
    func dump(to out: DumpWriter) throws {
        try out.numbers(people)
        try out.numbers(organizations)
        let gone = mergedFiles
        try out.numbers(gone.map(\.key))
        try out.numbers(gone.map(\.value))
    }

    init(from dump: inout DumpReader) throws {
        let people = try dump.numbers(Int64.self), organizations = try dump.numbers(Int64.self)
        let gone = try dump.numbers(Int64.self), survivors = try dump.numbers(Int32.self)
        guard gone.count == survivors.count, survivors.allSatisfy({ people.indices.contains(Int($0)) }) else { throw DumpReader.Broken() }
        self.init(people: people, organizations: organizations, merged: Dictionary(zip(gone, survivors)) { first, _ in first })
        guard mergedFiles.count == gone.count, hasOrganizationsOnce else { throw DumpReader.Broken() }
    }
}
