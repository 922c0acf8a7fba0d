import Kit
import Rules
import TestBench
import Testing

@testable import Ledger

@Suite("学时明细", .ownThreads)
struct StatementTests {
    private var policy: Policy { SmallWorld.library.policies.first { $0.conversion != nil }! }
    private let class1 = TrainingRecord(
        sourceCode: "P-1", title: "跨年班", form: "offJob", from: Day(2022, 12, 30)!, to: Day(2023, 1, 2)!, halfDays: 8)

    private func statement(through day: Day) async throws -> Statement {
        let (statement, _) = try await made(through: day)
        return statement
    }

    private func made(through day: Day) async throws -> (Statement, Int64) {
        try await Bench.with(.sqlite) { database, _ in
            try SmallWorld.fill(database)
            let first = try database.writeNow(Act(who: .commandLine("anna"), origin: "", kind: "import.training-records", why: "一月.xlsx")) { db in
                try HourEntryStore.post(TrainingRecord(title: "网课", form: "online", from: Day(2022, 5, 1)!, to: Day(2022, 5, 1)!, hours: 1250), to: SmallWorld.zhang, db)
                try HourEntryStore.post(TrainingRecord(title: "自学", form: "selfStudy", from: Day(2022, 6, 1)!, to: Day(2022, 6, 1)!, hours: 100), to: SmallWorld.zhang, db)
                try HourEntryStore.post(TrainingRecord(title: "未结业", form: "offJob", from: Day(2022, 7, 1)!, to: Day(2022, 7, 1)!, halfDays: 2, isCompleted: false), to: SmallWorld.zhang, db)
                return try HourEntryStore.post(class1, to: SmallWorld.zhang, db)
            }
            return (try database.readNow { try StatementStore.statement(of: SmallWorld.zhang, under: policy, through: day, from: $0) }, first)
        }
    }

    @Test("Hours stand by year and account, shared over New Year, converted by the policy asked; what was not completed counts nothing")
    func sums() async throws {
        let statement = try await statement(through: Day(2023, 12, 31)!)
        let offJob = try #require(statement.accounts.first { $0.key.contains("off-job") })
        #expect(statement.sum(2022, offJob) == 1600 && statement.sum(2023, offJob) == 1600)
        let online = try #require(statement.accounts.first { $0.key.contains("online") })
        #expect(statement.sum(2022, online) == 1250)
        #expect(statement.sum(2022, Statement.other) == 100)
        #expect(statement.lines.count == 4 && statement.lines.allSatisfy(\.stands))
        #expect(statement.lines[0].origin?.who == "服务器管理员 anna" && statement.lines[0].origin?.why == "一月.xlsx")
    }

    @Test("What accrues after the day asked does not count")
    func asOf() async throws {
        let statement = try await statement(through: Day(2022, 12, 30)!)
        let offJob = try #require(statement.accounts.first { $0.key.contains("off-job") })
        #expect(statement.sum(2022, offJob) == 800 && statement.sum(2023, offJob) == 0)
    }

    @Test("A reversal stands beside what it took back, and the sums agree with what stands")
    func reversal() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let id = try database.writeNow(Bench.act) { try HourEntryStore.post(class1, to: SmallWorld.zhang, $0) }
            try database.writeNow(Bench.act) { db in
                var right = class1
                right.halfDays = 4
                try HourEntryStore.correct(id, to: right, why: "实为两天", db)
            }
            let statement = try database.readNow { try StatementStore.statement(of: SmallWorld.zhang, under: policy, through: Day(2023, 12, 31)!, from: $0) }
            let offJob = try #require(statement.accounts.first { $0.key.contains("off-job") })
            #expect(statement.sum(2022, offJob) == 800 && statement.sum(2023, offJob) == 800)
            #expect(statement.lines.map(\.stands) == [false, false, true])
            #expect(statement.lines[0].counterpart == statement.lines[1].entry.id && statement.lines[1].counterpart == id)
            #expect(statement.lines[2].counterpart == nil)
        }
    }
}
