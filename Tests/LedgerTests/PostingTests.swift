import Kit
import TestBench
import Testing

@testable import Ledger

@Suite("学时台账的记、冲、改", .ownThreads)
struct PostingTests {
    private let class1 = TrainingRecord(title: "主席班", form: "offJob", from: Day(2022, 3, 1)!, to: Day(2022, 3, 5)!, halfDays: 10)

    private func ledger(_ steps: [Posting.Step]) -> [HourEntry] {
        steps.enumerated().map {
            HourEntry(id: Int64($0 + 1), personID: 1, sourceKey: $1.sourceKey, revision: $1.revision, sign: $1.sign, record: $1.record, actID: 1)
        }
    }

    @Test("A source is posted once; the second time is refused")
    func once() throws {
        let first = try Posting.post(class1, after: [])
        #expect(first.revision == 0 && first.sign == .posting)
        #expect(throws: Refusal.self) { try Posting.post(class1, after: ledger([first])) }
    }

    @Test("A reversal repeats what it takes back, dates included, and nothing stands after it")
    func reversal() throws {
        let first = try Posting.post(class1, after: [])
        let back = try Posting.reverse(ledger([first]), why: "重复登记")
        #expect(back.sign == .reversal && back.revision == 0 && back.record == class1)
        #expect(Posting.standing(ledger([first, back])) == nil)
        #expect(refusal { try Posting.reverse(ledger([first, back]), why: "再撤一次") } == "ledger.nothingStands")
        #expect(try Posting.post(class1, after: ledger([first, back])).revision == 1)
    }

    @Test("A correction is a reversal and the posting of the next revision")
    func correction() throws {
        let first = try Posting.post(class1, after: [])
        var right = class1
        right.halfDays = 8
        let steps = try Posting.correct(ledger([first]), to: right, others: [], why: "实为四天")
        #expect(steps.map(\.sign) == [.reversal, .posting])
        #expect(steps.map(\.revision) == [0, 1])
        #expect(steps[0].record == class1 && steps[1].record == right)
        #expect(Posting.standing(ledger([first] + steps))?.record == right)
    }

    @Test("A correction of the dates posts under the source those dates make, and only where it does not stand yet")
    func otherSource() throws {
        let first = try Posting.post(class1, after: [])
        var right = class1
        right.to = right.to - 1
        let steps = try Posting.correct(ledger([first]), to: right, others: [], why: "日期有误")
        #expect(steps[1].sourceKey == right.sourceKey && steps[1].revision == 0)
        let taken = ledger([try Posting.post(right, after: [])])
        #expect(refusal { try Posting.correct(ledger([first]), to: right, others: taken, why: "日期有误") } == "ledger.alreadyPosted")
    }

    @Test("Reversals and corrections need a reason; a correction needs something to correct")
    func reasons() throws {
        let first = ledger([try Posting.post(class1, after: [])])
        #expect(refusal { try Posting.reverse(first, why: " \u{3000}") } == "ledger.noReason")
        #expect(refusal { try Posting.correct(first, to: class1, others: [], why: "") } == "ledger.noReason")
        #expect(refusal { try Posting.correct(first, to: class1, others: [], why: "改") } == "ledger.nothingChanged")
    }

    @Test("With 来源编号 the source is the number; without one it is name, form and dates")
    func keys() {
        var coded = class1
        coded.sourceCode = "P-1"
        var sameCode = coded
        sameCode.title = "另一个名称"
        sameCode.hours = 100
        var otherDates = class1
        otherDates.from = otherDates.from + 1
        var otherHours = class1
        otherHours.halfDays = 4
        #expect(coded.sourceKey == sameCode.sourceKey)
        #expect(coded.sourceKey != class1.sourceKey)
        #expect(class1.sourceKey != otherDates.sourceKey)
        #expect(class1.sourceKey == otherHours.sourceKey)
    }

    private func refusal(_ body: () throws -> some Any) -> String? {
        do { _ = try body() } catch { return (error as? Refusal)?.name }
        return nil
    }
}
