@testable import Approvals
import Kit
@testable import People
@testable import Register
import TestBench
import Testing

@Suite("调入：怎样办、还能不能同意", .ownThreads)
struct TransferTests {
    static func post(_ unit: Int64, _ from: Int32, _ to: Day = .open, primary: Bool = true) -> Appointment {
        Appointment(id: unit, personID: 1, organizationID: unit, from: Day(number: from), to: to, isPrimary: primary)
    }

    @Test("Nothing in the way: appointed; one's own in the way: moved; another's: asked")
    func ways() {
        let wanted = Self.post(9, 100)
        func way(_ post: Appointment, _ posts: [Appointment], keeps: Set<Int64> = []) -> Transfer.Way {
            Transfer.way(to: post, posts: posts, today: Day(number: 200), mayKeep: keeps.contains)
        }
        #expect(way(wanted, []) == .appoint)
        #expect(way(wanted, [Self.post(2, 0, Day(number: 100)), Self.post(3, 0, Day(number: 150), primary: false)]) == .appoint)
        #expect(way(wanted, [Self.post(2, 0)], keeps: [2]) == .move(from: Self.post(2, 0)))
        #expect(way(wanted, [Self.post(2, 0)], keeps: [9]) == .ask(from: Self.post(2, 0)))
        // A span in nobody's way, past or to come, opens the file as well: the unit that has the person is asked.
        let present = Self.post(2, 100), past = Self.post(9, 1, Day(number: 50)), next = Self.post(9, 300), until = Self.post(2, 100, Day(number: 300))
        #expect(way(past, [present]) == .ask(from: present) && way(next, [until]) == .ask(from: until))
        #expect(way(past, [present], keeps: [2]) == .appoint)
        // In office nowhere: what begins is nobody else's affair, what is over already would only take the file from who keeps it.
        let left = Self.post(2, 0, Day(number: 100)), over = Self.post(9, 120, Day(number: 150)), today = Self.post(9, 120, Day(number: 201))
        #expect(way(over, [left]) == .ask(from: left) && way(over, [left], keeps: [2]) == .appoint && way(over, []) == .appoint)
        #expect(way(today, [left]) == .appoint && way(Self.post(9, 300), [left]) == .appoint)
        #expect(way(Self.post(9, 120, Day(number: 150), primary: false), [left]) == .ask(from: left))
        func former(_ post: Appointment, _ posts: [Appointment], keeps: Set<Int64> = []) -> Int64? {
            Transfer.former(before: post, posts: posts, today: Day(number: 200), mayKeep: keeps.contains)
        }
        #expect(former(today, [left]) == 2 && former(today, [left], keeps: [2]) == nil && former(today, [present]) == nil && former(today, []) == nil)
    }

    @Test("A side post is asked for where the person is at home elsewhere, and not by who keeps a post of theirs already")
    func side() {
        let also = Self.post(9, 100, primary: false), home = Self.post(2, 0), side = Self.post(8, 0, primary: false)
        func way(_ posts: [Appointment], keeps: Set<Int64> = []) -> Transfer.Way {
            Transfer.way(to: also, posts: posts, today: Day(number: 200), mayKeep: keeps.contains)
        }
        #expect(way([home]) == .ask(from: home) && way([home, side], keeps: [9]) == .ask(from: home))
        #expect(way([home], keeps: [2]) == .appoint && way([home, side], keeps: [8]) == .appoint)
        #expect(way([]) == .appoint && way([Self.post(2, 0, Day(number: 90))]) == .appoint)
        // Somebody who comes only later is asked for there.
        let coming = Self.post(2, 300)
        #expect(way([coming]) == .ask(from: coming))
        // What was consented to until a day opens nothing beyond it, neither by another post nor by the same made longer.
        let short = Self.post(8, 0, Day(number: 250), primary: false)
        #expect(way([home, short], keeps: [8]) == .ask(from: home))
        func refusal(to day: Int32) -> String? {
            var longer = short
            longer.to = Day(number: day)
            do {
                try Transfer.checkChange(of: short, to: longer, posts: [home, short], today: Day(number: 200), mayKeep: { $0 == 8 })
                return nil
            } catch { return error.name }
        }
        #expect(refusal(to: 251) == "transfer.consent" && refusal(to: 250) == nil && refusal(to: 220) == nil)
    }

    @Test("A side post that becomes the primary one takes the person over as a new one would")
    func becomes() {
        let home = Self.post(2, 0, Day(number: 300)), side = Self.post(8, 0, primary: false)
        var primary = side
        (primary.isPrimary, primary.from) = (true, Day(number: 300))
        func refusal(keeps: Set<Int64>) -> String? {
            do {
                try Transfer.checkChange(of: side, to: primary, posts: [home, side], today: Day(number: 200), mayKeep: keeps.contains)
                return nil
            } catch { return error.name }
        }
        #expect(refusal(keeps: [8]) == "transfer.consent" && refusal(keeps: [2, 8]) == nil)
    }

    @Test("Consent is refused by name once the post has ended or the person is elsewhere")
    func consent() throws {
        let wanted = Self.post(9, 100)
        let today = Day(number: 95)
        try Transfer.checkConsent(to: wanted, askedOf: 2, unitName: "乙", posts: [Self.post(2, 0)], today: today)
        func refusal(_ posts: [Appointment]) -> String? {
            do {
                try Transfer.checkConsent(to: wanted, askedOf: 2, unitName: "乙", posts: posts, today: today)
                return nil
            } catch { return (error as? Refusal)?.name }
        }
        #expect(refusal([Self.post(2, 0, Day(number: 90))]) == "transfer.ended")
        // For a post that is over the unit that keeps the file still has the word.
        try Transfer.checkConsent(to: Self.post(9, 91, Day(number: 93)), askedOf: 2, unitName: "乙", posts: [Self.post(2, 0, Day(number: 90))], today: today)
        #expect(refusal([Self.post(2, 0, Day(number: 90)), Self.post(3, 90)]) == "transfer.moved")
    }

    @Test("Whoever may not know where somebody is learns neither unit nor days from a refusal", arguments: ["transfer.tooEarly", "appointment.primaryOverlap", "transfer.asked"])
    func hidden(name: String) {
        let told = Transfer.hiding(Refusal(name, "现主任职（滨河街道总工会，2019-03-01 至今）"))
        #expect(told.name == name && !told.sentence.contains("滨河") && !told.sentence.contains("2019"))
    }
}
