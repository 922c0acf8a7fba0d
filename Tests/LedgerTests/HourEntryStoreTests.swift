import Kit
import TestBench
import Testing

@testable import Ledger

@Suite("学时台账", .ownThreads)
struct HourEntryStoreTests {
    private let class1 = TrainingRecord(
        sourceCode: "P-1", title: "主席班", form: "offJob", isSelected: true, purpose: "appointment", content: "theory", institution: "党校",
        from: Day(2022, 12, 30)!, to: Day(2023, 1, 3)!, halfDays: 10)

    @Test("What is posted is read back as it was written")
    func roundTrip() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let id = try database.writeNow(Bench.act) { try HourEntryStore.post(class1, to: SmallWorld.zhang, $0) }
            let entry = try database.readNow { try HourEntryStore.entry(id, from: $0) }
            #expect(entry?.record == class1)
            #expect(entry?.personID == SmallWorld.zhang && entry?.revision == 0 && entry?.sign == .posting)
        }
    }

    @Test("A source cannot be posted twice, not even around the store and at the same moment")
    func twice() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let step = try Posting.post(class1, after: [])
            // Twenty at once, none of them looking first: the constraint alone decides.
            let posted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do {
                            try await database.write(Bench.act) { try HourEntryStore.writeAll([(SmallWorld.zhang, step)], $0) }
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(posted == 1)
            #expect(throws: Refusal.self) { try database.writeNow(Bench.act) { try HourEntryStore.post(class1, to: SmallWorld.zhang, $0) } }
            // Nor a second reversal, nor a revision that nothing was taken back for.
            for wrong in [
                Posting.Step(sourceKey: step.sourceKey, revision: 1, sign: .posting, record: class1),
                Posting.Step(sourceKey: step.sourceKey, revision: 5, sign: .reversal, record: class1),
            ] {
                #expect(throws: (any Error).self) {
                    try database.writeNow(Bench.act) { try HourEntryStore.writeAll([(SmallWorld.zhang, wrong)], $0) }
                }
            }
            #expect(try SmallWorld.standing(SmallWorld.zhang, database).count == 1)
        }
    }

    @Test("Entries are neither changed nor removed")
    func appendOnly() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let id = try database.writeNow(Bench.act) { try HourEntryStore.post(class1, to: SmallWorld.zhang, $0) }
            #expect(throws: (any Error).self) { try database.writeNow(Bench.act) { try $0.run("UPDATE hour_entry SET hours = 1 WHERE id = \(id)") } }
            #expect(throws: (any Error).self) { try database.writeNow(Bench.act) { try $0.run("DELETE FROM hour_entry WHERE id = \(id)") } }
        }
    }

    @Test("A correction leaves the reversal and the right posting behind, with the dates of what it reverses")
    func correction() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let id = try database.writeNow(Bench.act) { try HourEntryStore.post(class1, to: SmallWorld.zhang, $0) }
            var right = class1
            right.halfDays = 8
            try database.writeNow(Bench.act) { [right] in try HourEntryStore.correct(id, to: right, why: "实为四天", $0) }
            let entries = try database.readNow { try HourEntryStore.entries(of: SmallWorld.zhang, from: $0) }
            #expect(entries.map(\.sign) == [.posting, .reversal, .posting])
            #expect(entries[1].record == class1)
            #expect(try SmallWorld.standing(SmallWorld.zhang, database) == [right])
            try database.writeNow(Bench.act) { try HourEntryStore.reverse(entries[2].id, why: "未参加", $0) }
            #expect(try SmallWorld.standing(SmallWorld.zhang, database).isEmpty)
            #expect(throws: Refusal.self) { try database.writeNow(Bench.act) { try HourEntryStore.reverse(id, why: "再撤", $0) } }
            try database.writeNow(Bench.act) { _ = try HourEntryStore.post(class1, to: SmallWorld.zhang, $0) }
            #expect(try SmallWorld.standing(SmallWorld.zhang, database) == [class1])
        }
    }

    @Test("After a merge the file holds both people's hours, and what both had once")
    func merge() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            var other = class1
            other.sourceCode = "P-2"
            try database.writeNow(Bench.act) { [other] db in
                try HourEntryStore.post(class1, to: SmallWorld.zhang, db)
                try HourEntryStore.post(class1, to: SmallWorld.li, db)
                try HourEntryStore.post(other, to: SmallWorld.li, db)
            }
            let taken = try database.writeNow(Bench.act) { db in
                try db.run("UPDATE person SET merged_into = \(SmallWorld.zhang) WHERE id = \(SmallWorld.li)")
                return try HourEntryStore.reverseDoubles(survivor: SmallWorld.zhang, loser: SmallWorld.li, db)
            }
            #expect(taken == 1)
            #expect(try SmallWorld.standing(SmallWorld.zhang, database) == [class1, other])
            // What stands in the merged file is not posted again, and can still be corrected there.
            #expect(throws: Refusal.self) { try database.writeNow(Bench.act) { [other] in try HourEntryStore.post(other, to: SmallWorld.zhang, $0) } }
            #expect(throws: Refusal.self) { try database.writeNow(Bench.act) { try HourEntryStore.post(class1, to: SmallWorld.zhang, $0) } }
        }
    }

    @Test("The register of institutions keeps a name once")
    func institutions() async throws {
        try await onBothEngines { database in
            try database.writeNow(Bench.act) { db in try UnrecognisedInstitutionStore.add(" 某某进修学校 ", db) }
            for name in ["某某进修学校", " "] {
                #expect(throws: Refusal.self) { try database.writeNow(Bench.act) { db in try UnrecognisedInstitutionStore.add(name, db) } }
            }
            #expect(try database.readNow { try UnrecognisedInstitutionStore.all(from: $0) } == ["某某进修学校"])
            try database.writeNow(Bench.act) { try UnrecognisedInstitutionStore.remove("某某进修学校", $0) }
            #expect(try database.readNow { try UnrecognisedInstitutionStore.all(from: $0) }.isEmpty)
            #expect(throws: Refusal.self) { try database.writeNow(Bench.act) { try UnrecognisedInstitutionStore.remove("某某进修学校", $0) } }
            let changes = try database.readNow { try UnrecognisedInstitutionStore.changes(from: $0) }
            #expect(changes.map(\.isMarked) == [false, true] && changes.map(\.name) == ["某某进修学校", "某某进修学校"])
        }
    }
}
