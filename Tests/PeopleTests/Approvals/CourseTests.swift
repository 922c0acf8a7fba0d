@testable import Approvals
import Kit
import Testing

@Suite("The steps of an approval", .ownThreads) struct CourseTests {
    private static let day = Day(number: 100)

    /// `1 2 2 3`: four steps, of which the middle two go on beside each other.
    private static func steps(_ turns: [Int], within: Int? = nil) -> [ApprovalStep] {
        turns.enumerated().map { ApprovalStep(place: $0.offset, turn: $0.element, decider: .person(Int64($0.offset)), within: within) }
    }
    private static func states(_ steps: [ApprovalStep]) -> [ApprovalStep.State] { steps.map(\.state) }
    private static func decided(_ place: Int, _ verb: ApprovalVerb, _ steps: [ApprovalStep]) -> (steps: [ApprovalStep], state: Approval.State, turn: Int) {
        ApprovalCourse.decided(place, verb, steps, on: day, until: nil)
    }

    @Test("One turn opens after the other, both of a turn must consent, the last consent ends it")
    func inTurn() {
        var course = (steps: ApprovalCourse.opening(1, Self.steps([1, 2, 2, 3]), on: Self.day, until: nil), state: Approval.State.asked, turn: 1)
        #expect(Self.states(course.steps) == [.open, .waiting, .waiting, .waiting])
        course = Self.decided(0, .consent, course.steps)
        #expect(Self.states(course.steps) == [.consented, .open, .open, .waiting] && course.turn == 2)
        course = Self.decided(2, .consent, course.steps)
        #expect(Self.states(course.steps) == [.consented, .open, .consented, .waiting] && course.turn == 2 && course.state == .asked)
        course = Self.decided(1, .consent, course.steps)
        #expect(Self.states(course.steps) == [.consented, .consented, .consented, .open] && course.turn == 3)
        course = Self.decided(3, .consent, course.steps)
        #expect(course.state == .consented && course.turn == 3)
    }

    @Test("A no or a return ends the round, whatever goes on beside it; taken back, it stands as before", arguments: [ApprovalVerb.decline, .return])
    func ends(_ verb: ApprovalVerb) {
        let before = Self.decided(0, .consent, ApprovalCourse.opening(1, Self.steps([1, 2, 2, 3]), on: Self.day, until: nil)).steps
        let after = Self.decided(1, verb, before)
        #expect(Self.states(after.steps) == [.consented, verb == .return ? .returned : .declined, .void, .void])
        #expect(after.state == (verb == .return ? .returned : .declined))
        let back = ApprovalCourse.reopened(1, after.steps, on: Self.day, until: nil)
        #expect(back.steps == before && back.turn == 2)
    }

    @Test("A consent that is taken back lets those wait who came after it, and keeps what was consented to beside it")
    func reopened() {
        var steps = ApprovalCourse.opening(1, Self.steps([1, 1, 2]), on: Self.day, until: nil)
        steps = Self.decided(0, .consent, steps).steps
        steps = Self.decided(1, .consent, steps).steps
        #expect(Self.states(steps) == [.consented, .consented, .open])
        let back = ApprovalCourse.reopened(1, steps, on: Self.day, until: nil)
        #expect(Self.states(back.steps) == [.consented, .open, .waiting] && back.turn == 1)
    }

    @Test("A step is due so many days after its turn has come, but not later than the matter itself; it is reminded of on the days named")
    func due() {
        let steps = Self.steps([1, 2], within: 10)
        #expect(ApprovalCourse.opening(1, steps, on: Self.day, until: nil).map(\.due) == [Self.day + 10, nil])
        #expect(ApprovalCourse.opening(1, steps, on: Self.day, until: Self.day + 9)[0].due == Self.day + 9)
        #expect(ApprovalCourse.opening(1, steps, on: Self.day, until: Self.day + 11)[0].due == Self.day + 10)
        #expect(ApprovalCourse.opening(1, Self.steps([1]), on: Self.day, until: nil)[0].due == nil)
        let step = ApprovalStep(place: 0, turn: 1, decider: .person(1), remind: [3, 0], due: Self.day)
        #expect([-4, -3, -2, 0, 1].map { step.isReminder(on: Self.day + $0) } == [false, true, true, true, true])
    }

    @Test("Days of reminders on which nobody served are made up for once; what came before the turn did is none")
    func reminders() {
        func step(_ told: Int) -> ApprovalStep { ApprovalStep(place: 0, turn: 1, decider: .person(1), remind: [3, 0], due: Self.day, told: Self.day + told) }
        #expect([-4, -3, -2, 0].map { step(-5).isReminder(on: Self.day + $0) } == [false, true, true, true])
        #expect([-2, -1, 0, 9].map { step(-2).isReminder(on: Self.day + $0) } == [false, false, true, true])
        #expect([0, 1, 99].map { step(0).isReminder(on: Self.day + $0) } == [false, false, false])
        #expect(ApprovalCourse.opening(1, Self.steps([1, 2]), on: Self.day, until: nil).map(\.told) == [Self.day, nil])
        #expect(!ApprovalStep(place: 0, turn: 1, decider: .person(1), remind: [3]).isReminder(on: Self.day))
    }
}

@Suite("代理人", .ownThreads) struct SubstituteTests {
    private static let today = Day(number: 1000)
    private static func one(_ absent: Int64, _ other: Int64, _ from: Int = 0, _ to: Int = 10, id: Int64 = 0, by: Int64? = nil) -> Substitute {
        Substitute(id: id, absentID: absent, substituteID: other, from: today + from, to: today + to, chosenByID: by)
    }
    private static func refusal(_ new: Substitute, _ others: [Substitute] = []) -> String? {
        do throws(Refusal) { try Substitute.check(new, besides: others, today: today) } catch { return error.name }
        return nil
    }

    @Test("What cannot be is refused by its name; what just can is not")
    func refused() {
        #expect(Self.refusal(Self.one(1, 1)) == "substitute.self")
        #expect(Self.refusal(Self.one(1, 2, 5, 5)) == "substitute.span")
        #expect(Self.refusal(Self.one(1, 2, -9, 0)) == "substitute.past")
        #expect(Self.refusal(Self.one(1, 2, -9, 1)) == nil)
        #expect(Self.refusal(Self.one(1, 2, 0, Substitute.mostDays)) == nil)
        #expect(Self.refusal(Self.one(1, 2, 0, Substitute.mostDays + 1)) == "substitute.long")
        #expect(Self.refusal(Self.one(1, 2), [Self.one(1, 3, 9, 12)]) == "substitute.twice")
        #expect(Self.refusal(Self.one(1, 2), [Self.one(1, 3, 10, 12)]) == nil)
    }

    @Test("Nobody stands in in a circle, however long; days that do not meet make none")
    func circles() {
        #expect(Self.refusal(Self.one(1, 2), [Self.one(2, 1)]) == "substitute.circle")
        #expect(Self.refusal(Self.one(1, 2), [Self.one(2, 1, 10, 20)]) == nil)
        #expect(Self.refusal(Self.one(1, 2), [Self.one(2, 3), Self.one(3, 1)]) == "substitute.circle")
        #expect(Self.refusal(Self.one(1, 2), [Self.one(2, 3), Self.one(3, 4)]) == nil)
        let chain = (2...Int64(Substitute.mostLinks)).map { Self.one($0, $0 + 1) }
        #expect(Self.refusal(Self.one(1, 2), chain) == nil)
        #expect(Self.refusal(Self.one(1, 2), chain + [Self.one(Int64(Substitute.mostLinks) + 1, 99)]) == "substitute.chain")
        #expect(Self.refusal(Self.one(50, 1), [Self.one(1, 2)] + chain) == "substitute.chain")
    }

    @Test("Somebody stands in for those behind those who are away themselves, each once, with who chose on the way; a circle in the rows ends nothing")
    func behind() {
        let rows = [Self.one(1, 2, by: 1), Self.one(2, 3, by: 9), Self.one(4, 3, by: 4), Self.one(5, 3, 11, 20)]
        let found = Substitute.absent(from: 3, on: Self.today, rows) { _ in true }
        #expect(found.map(\.id) == [2, 4, 1] && found.map(\.chosenBy) == [[9], [4], [1, 9]])
        #expect(Substitute.absent(from: 2, on: Self.today + 10, rows) { _ in true }.isEmpty)
        #expect(Substitute.absent(from: 1, on: Self.today, [Self.one(1, 2), Self.one(2, 1)]) { _ in true }.map(\.id) == [2])
    }

    @Test("A chain goes on only through those who may stand in, from either end")
    func broken() {
        let rows = [Self.one(1, 2), Self.one(2, 3), Self.one(3, 4)]
        func absent(_ barred: Int64) -> [Int64] { Substitute.absent(from: 4, on: Self.today, rows) { $0 != barred }.map(\.id) }
        #expect([0, 2, 3, 4].map(absent) == [[3, 2, 1], [3, 2], [3], []])
        func standing(_ barred: Int64) -> Set<Int64> { Substitute.standing(inFor: [1], on: Self.today, rows) { $0 != barred } }
        #expect([0, 2, 3, 4].map(standing) == [[2, 3, 4], [], [2], [2, 3]])
    }
}
