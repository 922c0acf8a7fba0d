import Access
import Kit

/// 审批事项: what somebody asks and others decide, step by step. One shape for every kind; the kind says what happens on consent.
package struct Approval: Hashable, Sendable, Identifiable {
    package enum State: String, CaseIterable, Sendable {
        /// Somebody is to decide.
        case asked
        /// Sent back to be changed and asked again.
        case returned
        case consented, declined, withdrawn

        package var word: String {
            switch self {
            case .asked: "待办"
            case .returned: "退回修改"
            case .consented: "已同意"
            case .declined: "不同意"
            case .withdrawn: "已撤销"
            }
        }

        /// Whether anything more is to happen.
        package var isOpen: Bool { self == .asked || self == .returned }
    }

    /// What is asked for. Each feature that has something decided names its own.
    package struct Key: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
    }

    package let id: Int64
    package let kind: Key
    package let subjectID: Int64
    /// The unit that asks.
    package let organizationID: Int64
    /// The unit that is asked.
    package let deciderID: Int64
    package var state: State
    /// How often it was asked, and whose turn it is among the steps of this round; from 1.
    package var round: Int, turn: Int
    /// What was asked last.
    package var content: RowImage

    package init(
        id: Int64, kind: Key, subjectID: Int64, organizationID: Int64, deciderID: Int64, state: State = .asked, round: Int = 1, turn: Int = 1, content: RowImage
    ) {
        self.id = id
        self.kind = kind
        self.subjectID = subjectID
        self.organizationID = organizationID
        self.deciderID = deciderID
        self.state = state
        self.round = round
        self.turn = turn
        self.content = content
    }

    /// The person whose own the matter is; nil where it is about no one's file, or the file may not be told by it.
    package var personID: Int64? { content.int("person_id") }

    /// What a decision is bound to.
    package var digest: String { Approval.digest(of: content) }

    package static func digest(of content: RowImage) -> String { Fingerprint.text(of: content.sorted.json) }

    /// The page of one.
    package static func link(_ id: Int64) -> String { "/approvals/\(id)" }
    package var link: String { Approval.link(id) }
    /// The page, and where messages of earlier versions lead.
    package var links: [String] { [link] + Approval.formerly.map { "/\($0)/\(id)" } }
    static let formerly = ["requests", "erasures", "objections"]
}

/// What is done with an approval.
package enum ApprovalVerb: String, CaseIterable, Sendable {
    /// The first time, or again with other content.
    case ask
    case consent
    /// Back to whoever asked, to be changed.
    case `return`
    case decline
    /// By whoever asked.
    case withdraw
    /// Of the last decision.
    case takeBack

    /// Where its form is sent, after the link of the approval.
    package var path: String { self == .takeBack ? "take-back" : rawValue }

    package var isDecision: Bool { self == .consent || self == .return || self == .decline }
}

/// One who is to decide: whoever has a role at a unit or above it, or a person.
package struct ApprovalStep: Hashable, Sendable {
    package enum State: String, Sendable {
        /// Others come first.
        case waiting
        case open
        case consented, returned, declined
        /// Its round ended before anybody decided.
        case void
    }

    package enum Decider: Hashable, Sendable {
        case role(Role, at: Int64)
        case person(Int64)
    }

    package let place: Int
    /// Steps of one turn go on beside each other.
    package let turn: Int
    package let decider: Decider
    package let within: Int?
    package let remind: [Int]
    package var due: Day?
    /// When those who are to decide were told last: that it is their turn, or again.
    package var told: Day?
    package var state: State
    /// The act that left it so.
    package let actID: Int64

    package init(
        place: Int, turn: Int, decider: Decider, within: Int? = nil, remind: [Int] = [], due: Day? = nil, told: Day? = nil, state: State = .waiting, actID: Int64 = 0
    ) {
        self.place = place
        self.turn = turn
        self.decider = decider
        self.within = within
        self.remind = remind
        self.due = due
        self.told = told
        self.state = state
        self.actID = actID
    }

    package var isDecided: Bool { state == .consented || state == .returned || state == .declined }

    /// The same as an act leaves it.
    package func left(by act: Int64) -> ApprovalStep {
        ApprovalStep(place: place, turn: turn, decider: decider, within: within, remind: remind, due: due, told: told, state: state, actID: act)
    }

    /// Whether those who are to decide are told again on a day: one of the days named for it has come since they were told last, however long ago,
    /// so that nothing is lost where nobody served for days.
    package func isReminder(on day: Day) -> Bool {
        guard let due else { return false }
        return remind.contains { due - $0 <= day && (told ?? due - $0 - 1) < due - $0 }
    }
}

/// The steps of a round as they go on. Nothing here knows who acts.
package enum ApprovalCourse {
    /// The steps when a turn comes; `until`: the day on which the matter is due by itself.
    package static func opening(_ turn: Int, _ steps: [ApprovalStep], on day: Day, until: Day?) -> [ApprovalStep] {
        steps.map { step in
            guard step.turn == turn, step.state == .waiting else { return step }
            var step = step
            (step.state, step.told) = (.open, day)
            step.due = [step.within.map { day + $0 }, until].compactMap(\.self).min()
            return step
        }
    }

    /// After a decision about an open step: the steps, the state of the whole, and whose turn it is. The last consent of a turn opens the next;
    /// a "no" or a "return" ends the round, whatever goes on beside it.
    package static func decided(
        _ place: Int, _ verb: ApprovalVerb, _ steps: [ApprovalStep], on day: Day, until: Day?
    ) -> (steps: [ApprovalStep], state: Approval.State, turn: Int) {
        var steps = steps
        guard let index = steps.firstIndex(where: { $0.place == place }) else { return (steps, .asked, 1) }
        let turn = steps[index].turn
        switch verb {
        case .consent:
            steps[index].state = .consented
            guard !steps.contains(where: { $0.turn == turn && $0.state == .open }) else { return (steps, .asked, turn) }
            guard let next = steps.filter({ $0.state == .waiting }).map(\.turn).min() else { return (steps, .consented, turn) }
            return (opening(next, steps, on: day, until: until), .asked, next)
        case .return: steps[index].state = .returned
        default: steps[index].state = .declined
        }
        return (ended(steps), verb == .return ? .returned : .declined, turn)
    }

    /// Nobody decides any more.
    package static func ended(_ steps: [ApprovalStep]) -> [ApprovalStep] {
        steps.map { step in
            guard step.state == .open || step.state == .waiting else { return step }
            var step = step
            step.state = .void
            return step
        }
    }

    /// As it was before the decision about a step: that one is open again, what went on beside it too, and what came after waits.
    package static func reopened(_ place: Int, _ steps: [ApprovalStep], on day: Day, until: Day?) -> (steps: [ApprovalStep], turn: Int) {
        guard let turn = steps.first(where: { $0.place == place })?.turn else { return (steps, 1) }
        let waiting = steps.map { step in
            guard step.place == place || step.state == .void || step.turn > turn else { return step }
            var step = step
            (step.state, step.due, step.told) = (.waiting, nil, nil)
            return step
        }
        return (opening(turn, waiting, on: day, until: until), turn)
    }
}

/// A deed on an approval, with who did it, when and why.
package struct ApprovalDeed: Sendable {
    package let verb: ApprovalVerb
    package let round: Int
    package let place: Int?
    package let accountID: Int64?
    /// In whose absence it was done, with the name; nil where it was the own turn.
    package let standsForID: Int64?
    package let standsFor: String?
    /// Of the content that was seen; nil for deeds from before there were digests.
    package let digest: String?
    /// What was said about single parts of the content, by their keys.
    package let remarks: [String: String]
    package let act: ActRecord

    package init(
        verb: ApprovalVerb, round: Int = 1, place: Int? = nil, accountID: Int64? = nil, standsForID: Int64? = nil, standsFor: String? = nil, digest: String? = nil, remarks: [String: String] = [:],
        act: ActRecord
    ) {
        self.verb = verb
        self.round = round
        self.place = place
        self.accountID = accountID
        self.standsForID = standsForID
        self.standsFor = standsFor
        self.digest = digest
        self.remarks = remarks
        self.act = act
    }
}
