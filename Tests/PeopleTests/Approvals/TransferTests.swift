import Kit
import TestBench
import Testing

@testable import People

@Suite("调入：怎样办、还能不能同意", .ownThreads)
struct TransferTests {
    static func post(_ unit: Int64, _ from: Int32, _ to: Day = .open, primary: Bool = true) -> Appointment {
        Appointment(id: unit, personID: 1, organizationID: unit, from: Day(number: from), to: to, isPrimary: primary)
    }

    @Test("Nothing in the way: appointed; one's own in the way: moved; another's: asked")
    func ways() {
        let wanted = Self.post(9, 100)
        #expect(Transfer.way(to: wanted, posts: [], mayKeep: { _ in false }) == .appoint)
        #expect(Transfer.way(to: wanted, posts: [Self.post(2, 0, Day(number: 100)), Self.post(3, 0, primary: false)], mayKeep: { _ in false }) == .appoint)
        #expect(Transfer.way(to: wanted, posts: [Self.post(2, 0)], mayKeep: { $0 == 2 }) == .move(from: Self.post(2, 0)))
        #expect(Transfer.way(to: wanted, posts: [Self.post(2, 0)], mayKeep: { $0 == 9 }) == .ask(from: Self.post(2, 0)))
    }

    @Test("Consent is refused by name once the post has ended or the person is elsewhere")
    func consent() throws {
        let wanted = Self.post(9, 100)
        try Transfer.checkConsent(to: wanted, askedOf: 2, unitName: "乙", posts: [Self.post(2, 0)])
        func refusal(_ posts: [Appointment]) -> String? {
            do {
                try Transfer.checkConsent(to: wanted, askedOf: 2, unitName: "乙", posts: posts)
                return nil
            } catch { return (error as? Refusal)?.name }
        }
        #expect(refusal([Self.post(2, 0, Day(number: 90))]) == "transfer.ended")
        #expect(refusal([Self.post(2, 0, Day(number: 90)), Self.post(3, 90)]) == "transfer.moved")
    }

    @Test("Whoever may not know where somebody is learns neither unit nor days from a refusal", arguments: ["transfer.tooEarly", "appointment.primaryOverlap", "transfer.asked"])
    func hidden(name: String) {
        let told = Transfer.hiding(Refusal(name, "现主任职（滨河街道总工会，2019-03-01 至今）"))
        #expect(told.name == name && !told.sentence.contains("滨河") && !told.sentence.contains("2019"))
    }

    @Test("A request is decided once, and not declined without a reason")
    func decided() throws {
        let asked = Request(id: 1, kind: .transfer, subjectID: 1, organizationID: 9, deciderID: 2, content: RowImage([:]))
        #expect(try asked.deciding(.consented, why: "").state == .consented)
        #expect(throws: Refusal.self) { try asked.deciding(.declined, why: " ") }
        for state in [Request.State.consented, .declined, .withdrawn] {
            var decided = asked
            decided.state = state
            #expect(throws: Refusal.self) { try decided.deciding(.consented, why: "") }
        }
    }
}
