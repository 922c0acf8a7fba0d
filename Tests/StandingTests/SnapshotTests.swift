import App
@testable import Figures
import Foundation
@testable import Kit
import Ledger
import Register
import Representatives
@testable import Rules
import TestBench
import Testing
import World

/// A made world, chained and sealed as a served one, with a folder for what is kept of its columns.
private struct KeptWorld {
    let database: Database
    let url: String
    let folder: String
    let key = AuditKey(bytes: Secrets.random(32))
    let library: PolicyLibrary

    var file: SealedFile { SealedFile(path: folder + "/the.key.columns", name: "columns") }
    var snapshot: FactsSnapshot { FactsSnapshot(file, key, leastEntries: 0) }
    /// As after a start.
    func facts() -> Facts { Facts(database: database, shelf: PolicyShelf(library), snapshot: snapshot) }
    func anew() -> Facts { Facts(database: database, shelf: PolicyShelf(library)) }
    var bytes: [UInt8] { FileManager.default.contents(atPath: file.path).map { Array($0) } ?? [] }
    func put(_ bytes: some Sequence<UInt8>) { _ = FileManager.default.createFile(atPath: file.path, contents: Data(bytes)) }

    static func onBothEngines(people: Int, _ body: (KeptWorld) async throws -> Void) async throws {
        for engine in Bench.engines { try await on(engine, people: people, body) }
    }

    static func on(_ engine: Engine, people: Int, _ body: (KeptWorld) async throws -> Void) async throws {
        try await Bench.with(engine) { database, url in
            let folder = NSTemporaryDirectory() + "/yugong-kept-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let world = KeptWorld(database: database, url: url, folder: folder, library: try FactsTests.library.get()), key = KeyFile.Key.random()
            database.chainActs(under: world.key)
            database.sealImages(with: PersonVault(key: key))
            _ = try await Demo.fill(database, numbers: PersonalNumbers(key: key), people: people, who: .system, passwords: .least)
            try await body(world)
        }
    }

    /// All findings of every unit, alone and with its subtree, of several policies.
    func figures(_ facts: Facts) async throws -> [String: [Finding]] {
        let view = try await facts.view()
        var all: [String: [Finding]] = [:]
        for (policy, year) in [("beijing-cadres-2019-2023", 2021), ("beijing-cadres-2019-2023", 2023), ("national-worker-representatives-2019-2023", 2022), ("beijing-workforce-2015", 2021)] {
            guard let policy = library[policy] else { continue }
            let cube = view.cube(policy, year: year, day: .lastDay(of: year))
            for (id, organization) in view.history.organizations {
                guard let number = view.number(ofOrganization: id) else { continue }
                for subtree in [false, true] { all["\(organization.code) \(policy.id) \(year) \(subtree)"] = cube.findings(unit: number, subtree: subtree) }
            }
        }
        return all
    }

    /// What starts from the file, and what reads everything, tell the same; the sums agree.
    func same(_ what: Comment) async throws {
        let started = facts(), figures = try await figures(started)
        #expect(started.isFromFile, what)
        #expect(try await figures == self.figures(anew()), what)
        #expect(try await onThread { try started.check() }, what)
        #expect(started.isFromFile, what)
        // What was followed is written whole, and read again.
        #expect(try await onThread { try started.keep(since: 0) }, what)
        let again = facts()
        #expect(try await self.figures(again) == figures, what)
        #expect(again.isFromFile, what)
    }
}

@Suite("Columns that are kept beside the database", .ownThreads) struct SnapshotTests {
    @Test("A start from the file gives the figures of reading anew, after changes of every kind, on both engines")
    func changes() async throws {
        try await KeptWorld.onBothEngines(people: 200) { world in
            let database = world.database, first = world.facts()
            _ = try await first.view()
            #expect(!first.isFromFile)
            #expect(try await onThread { try first.keep(since: 1_000_000) }, "nobody has written it yet")
            #expect(try await onThread { try !first.keep(since: 1) }, "nothing came since")
            try await world.same("nothing changed")

            let people = try await database.read { db in try db.rows("SELECT id FROM person WHERE merged_into IS NULL ORDER BY id") { $0.int(0) } }
            let top = try await database.read { db in try db.count("SELECT min(id) FROM organization") }
            let (from, to) = (try #require(Day(2021, 3, 1)), try #require(Day(2021, 3, 10)))
            let posted = try await database.write(Bench.act) { db in
                try people.prefix(30).map { person in
                    try HourEntryStore.post(TrainingRecord(title: "补登的班", form: "offJob", isSelected: true, hostID: top, from: from, to: to, halfDays: 20), to: person, db)
                }
            }
            try await database.write(Bench.act) { db in try HourEntryStore.reverse(posted[0], why: "登错了人", db) }
            try await world.same("entries")

            let moved = try await database.read { db in try RosterStore.appointments(of: Array(people.prefix(60)), in: db) }
                .first { $0.isPrimary && $0.to == .open && !$0.category.isEmpty && $0.from < from && $0.organizationID != top }
            var post = try #require(moved)
            (post.organizationID, post.from) = (top, try #require(Day(2021, 6, 1)))
            let transfer = post
            try await database.write(Bench.act) { db in try RosterStore.transfer(to: transfer, in: db) }
            try await world.same("a post")

            let (gone, stays) = (people[2], people[1])
            let merging = try await database.write(Bench.act) { db in
                for post in try RosterStore.appointments(of: [gone], in: db) {
                    var secondary = post
                    secondary.isPrimary = false
                    try RosterStore.correct(post.id, to: secondary, in: db)
                }
                try RosterStore.merge(gone, into: stays, in: db)
                try HourEntryStore.reverseDoubles(survivor: stays, loser: gone, db)
                _ = try HourEntryStore.post(TrainingRecord(title: "合并后的班", form: "offJob", from: from, to: to, halfDays: 6), to: stays, db)
                return db.actID
            }
            #expect(merging > 0)
            try await world.same("a merge")

            let term = try await database.write(Bench.act) { db in
                let term = TermOfOffice(
                    personID: people[5], organizationID: top, kind: "workerRepresentative", session: "第一届", elected: try #require(Day(2020, 1, 1)),
                    expiry: try #require(Day(2025, 1, 1)))
                try TermStore.insert([term], in: db)
                return try #require(try TermStore.terms(of: [people[5]], in: db).last)
            }
            try await world.same("a term")
            try await database.write(Bench.act) { db in
                var left = term
                left.left = try #require(Day(2021, 5, 1))
                try TermStore.update(term, to: left, in: db)
            }
            try await world.same("the end of a term")

            let tree = try await database.read { db in try OrganizationStore.history(in: db).tree(on: to) }
            let leaf = try #require(tree.units.last { $0.parentID != top && $0.depth >= 2 })
            try await database.write(Bench.act) { db in try OrganizationStore.move(leaf.id, to: top, from: try #require(Day(2021, 2, 1)), in: db) }
            try await world.same("a moved unit")

            let policy = try #require(world.library["beijing-workforce-2015"])
            try await database.write(Bench.act) { db in try AdoptionStore.adopt(policy, by: top, from: try #require(Day(2020, 1, 1)), in: db) }
            let (followed, started) = (try await first.view(), try await world.facts().view())
            #expect(followed.bindings.adoptions == started.bindings.adoptions && followed.bindings.adoptions.count == 1)
            #expect(try await world.figures(first) == world.figures(world.anew()), "the one that followed all of it")
        }
    }

    @Test("A term that its holder left is followed where images are sealed, on both engines")
    func terms() async throws {
        try await KeptWorld.onBothEngines(people: 60) { world in
            let followed = world.anew()
            let (person, unit) = try await world.database.read { db in (try db.count("SELECT min(id) FROM person"), try db.count("SELECT min(id) FROM organization")) }
            let term = try await world.database.write(Bench.act) { db in
                try TermStore.insert([TermOfOffice(
                    personID: person, organizationID: unit, kind: "workerDirector", session: "第一届", elected: try #require(Day(2019, 5, 1)), expiry: try #require(Day(2024, 5, 1)))], in: db)
                return try #require(try TermStore.terms(of: [person], in: db).first { $0.kind == "workerDirector" })
            }
            let before = try await world.figures(followed)
            try await world.database.write(Bench.act) { db in
                var left = term
                left.left = try #require(Day(2020, 5, 1))
                try TermStore.update(term, to: left, in: db)
            }
            let after = try await world.figures(followed)
            #expect(after != before)
            #expect(try await after == world.figures(world.anew()))
        }
    }

    @Test("A file of another database, key, program or vocabulary, or of an older form, is not believed, on both engines")
    func foreign() async throws {
        try await KeptWorld.onBothEngines(people: 60) { world in
            let facts = world.facts()
            _ = try await facts.view()
            #expect(try await onThread { try facts.keep(since: 0) })
            func isRead(_ snapshot: FactsSnapshot, _ library: PolicyLibrary, _ database: Database) async throws -> Bool {
                try await onThread { try snapshot.read(library, database) != nil }
            }
            #expect(try await isRead(world.snapshot, world.library, world.database))
            #expect(try await !isRead(FactsSnapshot(world.file, AuditKey(bytes: Secrets.random(32))), world.library, world.database), "another key")
            #expect(try await !isRead(FactsSnapshot(SealedFile(path: world.file.path, name: "others"), world.key), world.library, world.database), "another purpose")
            #expect(try await !isRead(FactsSnapshot(world.file, world.key, program: "/usr/bin/yugong 1"), world.library, world.database), "another program")

            var texts: [PolicyText] = []
            for folder in try Settings.fromEnvironment().allPolicyFolders { texts += try PolicyLibrary.texts(folder: folder) }
            let words = try #require(texts.first { $0.file.hasSuffix("vocabulary.yaml") }), other = words.text.replacing("selfStudy: { word: 在职自学", with: "selfStudy: { days: true, word: 在职自学")
            #expect(other != words.text)
            let library = try PolicyLibrary(texts + [PolicyText(file: words.file, text: other)]) { Fingerprint.text(of: $0) }
            #expect(try await !isRead(world.snapshot, library, world.database), "another vocabulary")

            // The same people and posts, and the key of the other: the log is another.
            try await Bench.with(world.database.engine) { database, _ in
                database.chainActs(under: world.key)
                _ = try await Demo.fill(database, numbers: PersonalNumbers(key: .random()), people: 60, who: .system, passwords: .least)
                #expect(try await !isRead(world.snapshot, world.library, database), "another database")
                #expect(try await !isRead(world.snapshot, world.library, database))
            }

            // What was sealed in another form.
            var body = Array(world.bytes.dropFirst(88))
            body[0] = 0
            let older = body
            #expect(try await onThread { try world.file.write(world.key, room: 0) { sink in try older.withUnsafeBytes { try sink.put($0) } } })
            #expect(try await !isRead(world.snapshot, world.library, world.database), "an older form")
            let started = world.facts()
            #expect(try await world.figures(started) == world.figures(world.anew()))
            #expect(!started.isFromFile)
        }
    }

    @Test("A file of which a byte was changed, that was cut or that is something else is not believed, nor one sealed with counts that cannot be")
    func damaged() async throws {
        try await KeptWorld.on(.sqlite, people: 60) { world in
            let facts = world.facts(), expected = try await world.figures(facts)
            #expect(try await onThread { try facts.keep(since: 0) })
            let whole = world.bytes, library = world.library
            func isRead() async throws -> Bool { try await onThread { try world.snapshot.read(library, world.database) != nil } }
            func isRead(_ bytes: some Sequence<UInt8>) async throws -> Bool {
                world.put(bytes)
                return try await isRead()
            }
            #expect(try await isRead(whole))
            for part in 0..<50 { #expect(try await !isRead(whole.prefix(whole.count * part / 50)), "\(part)/50") }
            #expect(try await !isRead(whole + [0]))
            for place in Array(0..<120) + Array(stride(from: 120, to: whole.count, by: max(1, whole.count / 300))) + [whole.count - 1] {
                var other = whole
                other[place] ^= UInt8(1) << UInt8(place % 8)
                #expect(try await !isRead(other), "byte \(place)")
            }
            let started = world.facts()
            #expect(try await world.figures(started) == expected)
            #expect(!started.isFromFile)

            // Counts of people, units and rows as they cannot be, under the right seal.
            let body = Array(whole.dropFirst(88)), view = try await facts.view()
            var index: [UInt8] = [], absurd = 0
            try view.index.dump(to: DumpWriter { index.append(contentsOf: $0) })
            let start = try #require(body.firstRange(of: index)).lowerBound
            // People, units, files merged away, and units once more: the first count of the columns.
            for place in [start, start + 8 + view.index.people.count * 8, start + 16 + (view.index.people.count + view.index.organizations.count) * 8, start + index.count] {
                for number in [Int64.max, Int64.min, -1, 1 << 31, 1 << 33, Int64(body.count), 0] {
                    var other = body
                    other.replaceSubrange(place..<place + 8, with: withUnsafeBytes(of: number) { Array($0) })
                    let sealed = other
                    #expect(try await onThread { try world.file.write(world.key, room: 0) { sink in try sealed.withUnsafeBytes { try sink.put($0) } } })
                    let isAsItWas = body[place..<place + 8].elementsEqual(withUnsafeBytes(of: number) { Array($0) })
                    #expect(try await isRead() == isAsItWas, "\(place - start): \(number)")
                    absurd += isAsItWas ? 0 : 1
                }
            }
            #expect(absurd >= 26)

            world.file.remove()
            mkfifo(world.file.path, 0o600)
            #expect(try await !isRead(), "a pipe keeps nobody waiting")
            world.file.remove()
            try FileManager.default.createDirectory(atPath: world.file.path, withIntermediateDirectories: false)
            #expect(try await !isRead(), "a folder")
        }
    }

    @Test("Rows that were changed by hand are noticed by their sums: the columns are read anew and kept anew, on both engines")
    func byHand() async throws {
        try await KeptWorld.onBothEngines(people: 60) { world in
            let facts = world.facts(), unit = try await world.database.read { try $0.count("SELECT min(id) FROM organization") }
            let person = try await world.database.read { try $0.count("SELECT min(id) FROM person") }
            try await world.database.write(Bench.act) { db in
                try TermStore.insert([TermOfOffice(
                    personID: person, organizationID: unit, kind: "workerDirector", session: "第一届", elected: try #require(Day(2019, 5, 1)), expiry: try #require(Day(2024, 5, 1)))], in: db)
            }
            _ = try await facts.view()
            #expect(try await onThread { try facts.keep(since: 0) })
            for edit in [
                "UPDATE hour_entry SET hours = hours + 100 WHERE id = (SELECT min(id) FROM hour_entry WHERE hours IS NOT NULL AND half_days IS NULL)",
                "UPDATE hour_entry SET half_days = half_days + 1 WHERE id = (SELECT max(id) FROM hour_entry WHERE half_days IS NOT NULL)",
                "UPDATE hour_entry SET is_completed = 1 - is_completed WHERE id = (SELECT max(id) FROM hour_entry)",
                "DELETE FROM hour_entry WHERE id = (SELECT max(id) FROM hour_entry)",
                "UPDATE appointment SET to_day = to_day - 1 WHERE id = (SELECT min(id) FROM appointment)",
                "DELETE FROM appointment WHERE id = (SELECT max(id) FROM appointment)",
                "UPDATE organization_version SET to_day = to_day - 1 WHERE id = (SELECT max(id) FROM organization_version)",
                "UPDATE term_of_office SET expiry_day = expiry_day + 1 WHERE id = (SELECT max(id) FROM term_of_office)",
            ] {
                let sound = world.facts()
                _ = try await sound.view()
                #expect(try await onThread { try sound.check() })
                #expect(sound.isFromFile)
                try Bench.byHand(world.url, edit)
                let started = world.facts()
                _ = try await started.view()
                #expect(started.isFromFile)
                #expect(try await onThread { try !started.check() }, "\(edit)")
                #expect(!started.isFromFile)
                #expect(try await world.figures(started) == world.figures(world.anew()), "\(edit)")
                #expect(try await onThread { try started.keep(since: 1_000_000) }, "it is kept anew")
                #expect(try await onThread { try started.check() }, "and told once")
            }
        }
    }

    @Test("Of few entries, and of what nobody chained, nothing is kept; what cannot be written is refused once and leaves nothing behind")
    func notKept() async throws {
        try await KeptWorld.onBothEngines(people: 60) { world in
            let few = Facts(database: world.database, shelf: PolicyShelf(world.library), snapshot: FactsSnapshot(world.file, world.key))
            _ = try await few.view()
            #expect(try await onThread { try !few.keep(since: 0) })
            // Where there is no folder that takes a file.
            for path in ["/proc/the.key.columns", world.folder + "/none/the.key.columns"] {
                let facts = Facts(database: world.database, shelf: PolicyShelf(world.library), snapshot: FactsSnapshot(SealedFile(path: path, name: "columns"), world.key, leastEntries: 0))
                let figures = try await world.figures(facts)
                await #expect(throws: SealedFile.Failure.self) { try await onThread { try facts.keep(since: 1) } }
                #expect(try await onThread { try !facts.keep(since: 1) }, "not before something came")
                #expect(try await world.figures(facts) == figures)
            }
            await #expect(throws: SealedFile.Failure.noRoom) { try await onThread { try world.file.write(world.key, room: .max) { _ in } } }
            #expect(try FileManager.default.contentsOfDirectory(atPath: world.folder).isEmpty)
        }
        try await onBothEngines { database in
            _ = try await Demo.fill(database, numbers: PersonalNumbers(key: .random()), people: 60, who: .system, passwords: .least)
            let file = SealedFile(path: NSTemporaryDirectory() + "/\(UUID().uuidString).columns", name: "columns")
            let facts = Facts(database: database, shelf: PolicyShelf(try FactsTests.library.get()), snapshot: FactsSnapshot(file, AuditKey(bytes: Secrets.random(32)), leastEntries: 0))
            _ = try await facts.view()
            #expect(try await onThread { try !facts.keep(since: 0) })
        }
    }

    @Test("The file is its owner's alone, and holds no name, no number of a person and no code of one")
    func nobody() async throws {
        try await KeptWorld.on(.sqlite, people: 150) { world in
            let facts = world.facts()
            _ = try await facts.view()
            #expect(try await onThread { try facts.keep(since: 0) })
            #expect(try FileManager.default.attributesOfItem(atPath: world.file.path)[.posixPermissions] as? Int == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: world.folder) == ["the.key.columns"])
            let text = String(decoding: world.bytes, as: UTF8.self)
            let said = try await world.database.read { db in try db.rows("SELECT name, code, pinyin FROM person") { [$0.text(0), $0.textOrNil(1) ?? "", $0.text(2)] } }
            #expect(said.count == 150)
            for words in said { for word in words where !word.isEmpty { #expect(!text.contains(word), "\(word)") } }
            #expect(text.contains("主席"), "titles of posts are there")
        }
    }
}

@Suite("Sealed files beside the key", .ownThreads) struct SealedFileTests {
    private let key = AuditKey(bytes: Secrets.random(32))

    private struct Ended: Error {}

    private func with(_ body: (SealedFile, String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "/yugong-sealed-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(SealedFile(path: folder + "/a", name: "a"), folder)
    }

    private func write(_ file: SealedFile, _ byte: UInt8, _ count: Int) throws -> Bool {
        try file.write(key, room: count) { sink in
            // In pieces of every size.
            var left = count, piece = 1
            while left > 0 {
                try [UInt8](repeating: byte, count: min(piece, left)).withUnsafeBytes { try sink.put($0) }
                (left, piece) = (left - min(piece, left), piece * 3)
            }
        }
    }

    private func read(_ file: SealedFile) throws -> [UInt8] {
        try file.read(key) { source in
            var bytes = [UInt8](repeating: 0, count: source.left)
            try bytes.withUnsafeMutableBytes { try source.fill($0) }
            return bytes
        }
    }

    @Test("Whoever reads while it is written again and again finds one of them whole")
    func replaced() async throws {
        try await with { file, _ in
            #expect(throws: SealedFile.Failure.missing) { try read(file) }
            #expect(try write(file, 0, 0))
            #expect(try read(file) == [])
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await onThread {
                            // Who finds the other writing leaves it to that one, and comes again.
                            for round in 1...60 { while try !self.write(file, UInt8(round), round * 20_011) { usleep(200) } }
                            return 60
                        }
                    }
                }
                group.addTask {
                    try await onThread {
                        for _ in 0..<200 {
                            let bytes = try self.read(file), round = bytes.first ?? 0
                            guard bytes == [UInt8](repeating: round, count: Int(round) * 20_011) else { throw SealedFile.Failure.broken }
                        }
                        return 0
                    }
                }
                var written = 0
                for try await count in group { written += count }
                #expect(written == 120, "nobody is kept out for good")
            }
        }
    }

    @Test("What ends in the middle of writing leaves the old file, and what a killed process left is written over")
    func interrupted() async throws {
        try await with { (file: SealedFile, folder: String) throws in
            #expect(try write(file, 1, 1000))
            #expect(throws: Ended.self) {
                _ = try file.write(key, room: 0) { sink in
                    try [UInt8](repeating: 2, count: 3_000_000).withUnsafeBytes { try sink.put($0) }
                    throw Ended()
                }
            }
            #expect(try read(file) == [UInt8](repeating: 1, count: 1000))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
            _ = FileManager.default.createFile(atPath: file.path + ".new", contents: Data(repeating: 9, count: 5_000_000), attributes: [.posixPermissions: 0o666])
            #expect(try write(file, 3, 10))
            #expect(try read(file) == [UInt8](repeating: 3, count: 10))
            #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)

            // Another process is at it.
            let other = open(file.path + ".new", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            #expect(flock(other, LOCK_EX) == 0)
            #expect(try !write(file, 4, 10))
            close(other)
            #expect(try write(file, 4, 10))

            // A link does not lead elsewhere.
            symlink(folder + "/elsewhere", file.path + ".new")
            #expect(throws: SealedFile.Failure.self) { try write(file, 5, 10) }
            #expect(!FileManager.default.fileExists(atPath: folder + "/elsewhere"))
            #expect(try read(file) == [UInt8](repeating: 4, count: 10))
        }
    }

    @Test("kill -9 while it is written leaves the old one or the new one")
    func killed() async throws {
        try await with { file, folder in
            #expect(try write(file, 1, 100_000))
            let old = FileManager.default.contents(atPath: file.path)
            // What a process does that is killed between any two of its steps: the new one is there in part, whole, or in its place.
            #expect(try write(file, 2, 100_000))
            let new = try #require(FileManager.default.contents(atPath: file.path))
            for length in [0, 10, 88, 5_000, new.count] {
                _ = FileManager.default.createFile(atPath: file.path, contents: old)
                _ = FileManager.default.createFile(atPath: file.path + ".new", contents: new.prefix(length))
                #expect(try read(file) == [UInt8](repeating: 1, count: 100_000), "\(length)")
                #expect(try write(file, 3, 7))
                #expect(try read(file) == [3, 3, 3, 3, 3, 3, 3])
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
            }
        }
    }
}
