import Access
import Accounts
import Kit
import Register

/// What a feature brings that wants something decided: words, what happens, and how it is shown. The
/// mechanism knows no kind by name.
package struct ApprovalKind: Sendable {
    package let key: Approval.Key
    /// 调入申请.
    package let word: String
    /// What may be done with one, besides deciding yes or no.
    package let verbs: Set<ApprovalVerb>
    /// Asked by a person in the own matter, not by officers for their unit.
    let isPersonal: Bool
    /// Several are consented to at once from the list.
    package let isTogether: Bool
    /// What somebody must hold at either unit to open its page: whoever decides or asked may always.
    package let right: Right
    /// The names of the acts, by verb.
    package let acts: [ApprovalVerb: String]

    /// 调入吴静的申请: as it stands in a message to whoever asked.
    package let matter: @Sendable (Approval, Reading) throws -> String
    /// How one appears in lists and messages. What the reader may not know is left out.
    package let lines: @Sendable ([Approval], ApprovalEye, Reading) throws -> [ApprovalLine]
    /// The page of one; asked for after `lines` has given its line.
    package let shown: @Sendable (Approval, ApprovalLine, ApprovalEye, Reading) throws -> ApprovalShown
    /// What of the content is read and remarked on.
    package let parts: @Sendable (Approval, ApprovalEye, Reading) throws -> [ApprovalPart]
    /// Whether somebody may look who neither asks nor decides.
    package let isSeen: @Sendable (Approval, ApprovalEye, Reading) throws -> Bool
    /// The approvals that such a one finds in the list; all of which `isSeen` holds are among them.
    package let seen: @Sendable (ApprovalEye, Reading) throws -> [Int64]

    /// Throws what a decision, a withdrawal or a taking back is refused for besides what holds for all kinds.
    package let check: @Sendable (Approval, ApprovalVerb, Form, ApprovalDecider, Writing) throws -> Void
    /// What the last consent brings about, in the same act.
    package let consented: @Sendable (Approval, ApprovalDecider, Writing) throws -> Void
    /// Tells whoever is to know, after the state has changed; nil for the sentence that every kind has.
    package let tell: (@Sendable (Approval, ApprovalDecider, Writing) throws -> Void)?
    /// The content of a form in which one is asked again.
    package let amended: @Sendable (Approval, Form, ApprovalEye, Reading) throws -> RowImage
    /// Whether a last decision may be taken back by somebody, and what then happens; nil for: by whoever may decide the step, and it is open again.
    package let takingBack: TakingBackRule?
    /// The day on which the matter is due by itself, whatever the steps say.
    package let due: @Sendable (Approval) -> Day?
    /// The content without what tells of a person.
    package let forgotten: @Sendable (Approval) -> RowImage
    /// Whether whoever decides must have nothing to do with whoever asked.
    package let second: Second
    /// Whose own the matter is: nobody decides about themselves.
    package let people: @Sendable (Approval) -> [Int64]
    /// The field of the forms that a refusal of the kind is about; empty for one about the whole.
    package let field: @Sendable (Refusal) -> String

    package enum Second: Sendable {
        /// Two independent people; `isFinal` where nothing can be set right afterwards.
        case independent(isFinal: Bool)
        /// Two people; the kind asks for more itself.
        case another
    }

    /// How a decision is taken back where a kind has its own rule.
    package struct TakingBackRule: Sendable {
        package let isAllowed: @Sendable (Approval, ApprovalEye, Reading) throws -> Bool
        /// Takes back what it brought about, and leaves the approval open again or ended.
        package let takeBack: @Sendable (Approval, _ act: Int64, ApprovalDecider, Writing) throws -> Void

        package init(
            isAllowed: @escaping @Sendable (Approval, ApprovalEye, Reading) throws -> Bool,
            takeBack: @escaping @Sendable (Approval, _ act: Int64, ApprovalDecider, Writing) throws -> Void
        ) {
            self.isAllowed = isAllowed
            self.takeBack = takeBack
        }
    }

    package init(
        _ key: Approval.Key, _ word: String, verbs: Set<ApprovalVerb> = Set(ApprovalVerb.allCases), isPersonal: Bool = false, isTogether: Bool = false, right: Right = .seeing,
        acts: [ApprovalVerb: String], second: Second = .independent(isFinal: false),
        matter: @escaping @Sendable (Approval, Reading) throws -> String,
        lines: @escaping @Sendable ([Approval], ApprovalEye, Reading) throws -> [ApprovalLine],
        shown: @escaping @Sendable (Approval, ApprovalLine, ApprovalEye, Reading) throws -> ApprovalShown,
        parts: @escaping @Sendable (Approval, ApprovalEye, Reading) throws -> [ApprovalPart] = { _, _, _ in [] },
        isSeen: @escaping @Sendable (Approval, ApprovalEye, Reading) throws -> Bool = { _, _, _ in false },
        seen: @escaping @Sendable (ApprovalEye, Reading) throws -> [Int64] = { _, _ in [] },
        check: @escaping @Sendable (Approval, ApprovalVerb, Form, ApprovalDecider, Writing) throws -> Void = { _, _, _, _, _ in },
        consented: @escaping @Sendable (Approval, ApprovalDecider, Writing) throws -> Void = { _, _, _ in },
        tell: (@Sendable (Approval, ApprovalDecider, Writing) throws -> Void)? = nil,
        amended: @escaping @Sendable (Approval, Form, ApprovalEye, Reading) throws -> RowImage = { approval, _, _, _ in approval.content },
        takingBack: TakingBackRule? = nil, due: @escaping @Sendable (Approval) -> Day? = { _ in nil },
        people: @escaping @Sendable (Approval) -> [Int64] = { [$0.personID].compactMap(\.self) },
        field: @escaping @Sendable (Refusal) -> String = { $0.formField }, forgotten: @escaping @Sendable (Approval) -> RowImage
    ) {
        self.key = key
        self.word = word
        self.verbs = verbs
        self.isPersonal = isPersonal
        self.isTogether = isTogether
        self.right = right
        self.acts = acts
        self.second = second
        self.matter = matter
        self.lines = lines
        self.shown = shown
        self.parts = parts
        self.isSeen = isSeen
        self.seen = seen
        self.check = check
        self.consented = consented
        self.tell = tell
        self.amended = amended
        self.takingBack = takingBack
        self.due = due
        self.people = people
        self.field = field
        self.forgotten = forgotten
    }
}

/// One line about an approval, in plain words.
package struct ApprovalLine: Sendable {
    /// 调入 吴静.
    package var title: String
    /// What it asks of whoever decides, in one sentence without its end: “滨河街道总工会”申请调入吴静，自 2026-12-01 起.
    package var asks: String
    /// The unit that asks, or the person.
    package var asker: String
    /// Whose file the line tells of, for the record of who looked.
    package var person: Int64?

    package init(title: String, asks: String, asker: String, person: Int64? = nil) {
        self.title = title
        self.asks = asks
        self.asker = asker
        self.person = person
    }
}

/// A piece of the content that can be remarked on and compared with what was asked before.
package struct ApprovalPart: Sendable {
    package let key: String, name: String, text: String

    package init(_ key: String, _ name: String, _ text: String) {
        self.key = key
        self.name = name
        self.text = text
    }
}

/// The page of one as its kind makes it, for one reader.
package struct ApprovalShown: Sendable {
    /// What stands below the title.
    package var subtitle: String
    /// How it stands, in one sentence.
    package var answer: HTML
    /// What is known besides the parts of the content.
    package var facts: [(name: String, value: HTML)] = []
    /// Below everything that all kinds have; above the timeline.
    package var more: HTML = ""
    /// What the forms of the verbs say; a verb without one is not offered.
    package var forms: [ApprovalVerb: Form]
    /// What has happened besides deeds.
    package var after: [(when: String, what: HTML, who: String?)] = []

    package struct Form: Sendable {
        package var button: String
        /// What it brings about.
        package var note: HTML
        /// Further fields, above the reason.
        package var fields: @Sendable (FilledForm) -> HTML

        package init(_ button: String, note: HTML = "", fields: @escaping @Sendable (FilledForm) -> HTML = { _ in "" }) {
            self.button = button
            self.note = note
            self.fields = fields
        }
    }

    /// What is said of the reason of a decision.
    package var hint: HTML = "同意时可以不填；退回、不同意时必填，提出的一方会看到。"

    package init(subtitle: String = "", answer: HTML, facts: [(name: String, value: HTML)] = [], more: HTML = "", forms: [ApprovalVerb: Form]) {
        self.subtitle = subtitle
        self.answer = answer
        self.facts = facts
        self.more = more
        self.forms = forms
    }
}

/// Whose turn steps are for somebody signed in: for themselves and for those in whose absence they decide.
package struct ApprovalTurns: Sendable {
    package let signedIn: SignedIn
    package let scope: ScopeOverTime
    package let standsFor: [StandsFor]
    /// Whether there is something lent that is not to be seen before a sign-in with a second factor.
    package let lacksFactor: Bool
    /// The files of the one who is signed in, and of each in whose absence they decide.
    private let files: Set<Int64>, absentFiles: [Set<Int64>]

    package init(_ signedIn: SignedIn, in db: Reading) throws {
        self.signedIn = signedIn
        scope = ScopeOverTime(signedIn.scope)
        files = try GrantStore.files(of: signedIn.account.personID, in: db)
        let lent = try SubstituteStore.standsFor(signedIn.account.id, on: signedIn.scope.tree, in: db)
        // What the absent one reaches with a second factor alone nobody reaches without.
        standsFor = lent.filter { signedIn.isStrong || !Factor.isNeeded($0.grants, on: signedIn.today) }
        lacksFactor = standsFor.count < lent.count
        absentFiles = try standsFor.map { try GrantStore.files(of: $0.account.personID, in: db) }
    }

    /// Who has the turn; nil where it is neither one's own nor that of somebody who is away.
    package enum Turn: Sendable {
        case own
        case absent(StandsFor)

        package var standsFor: StandsFor? { if case .absent(let one) = self { one } else { nil } }
    }

    package func turn(of decider: ApprovalStep.Decider) -> Turn? {
        if holds(decider, signedIn.grants, files) { return .own }
        return zip(standsFor, absentFiles).first { holds(decider, $0.grants, $1) }.map { .absent($0.0) }
    }

    /// All files in which somebody would find the own turn or that of whom they stand in for.
    package var allFiles: [Int64] { absentFiles.reduce(files) { $0.union($1) }.sorted() }

    /// Whoever has the role at the unit or above it. A unit that is no more is its nearest superior's.
    private func holds(_ decider: ApprovalStep.Decider, _ grants: [Grant], _ files: Set<Int64>) -> Bool {
        switch decider {
        case .role(let role, let unit):
            guard let unit = scope.standing(unit) else { return false }
            return grants.contains { $0.role == role && $0.covers(signedIn.today) && signedIn.scope.tree.isInside(unit, subtreeOf: $0.organizationID) }
        case .person(let id): return files.contains(id)
        }
    }
}

/// Somebody who looks at approvals, with what the kinds need to show them.
package struct ApprovalEye: Sendable {
    package let turns: ApprovalTurns
    package let house: House

    package init(_ signedIn: SignedIn, _ house: House, in db: Reading) throws {
        turns = try ApprovalTurns(signedIn, in: db)
        self.house = house
    }

    /// For an account that acts without a browser, as in the demo world. Throws where there is no such account.
    package init(acting account: Int64, _ house: House, in db: Writing) throws {
        guard let found = try AccountStore.account(account, in: db) else { throw WebProblem.missing }
        let tree = try OrganizationStore.tree(on: Clock.day(ofMilliseconds: db.now), in: db)
        let signedIn = SignedIn(
            account: found, grants: try GrantStore.grants(of: account, in: db), tree: tree, token: FormToken(""), now: db.now, origin: "", session: [])
        try self.init(signedIn, house, in: db)
    }

    package var signedIn: SignedIn { turns.signedIn }
    package var scope: ScopeOverTime { turns.scope }
    package var today: Day { signedIn.today }

    /// Whoever would decide a step; nil where it is not the reader's turn.
    package func turn(of step: ApprovalStep) -> ApprovalDecider? {
        turns.turn(of: step.decider).map { ApprovalDecider(eye: self, standsFor: $0.standsFor) }
    }

    /// Whether one may speak for those who ask: for the unit, or oneself in the own matter. Whoever asked for a unit and keeps it no more is nobody here.
    package func isAsker(of approval: Approval, _ kind: ApprovalKind, in db: Reading) throws -> Bool {
        guard kind.isPersonal else { return scope.covers(approval.organizationID, for: .keeping) }
        guard let person = approval.personID, try ApprovalStore.askers(of: approval.id, in: db).contains(signedIn.account.id) else { return false }
        return try signedIn.isOwn(person, in: db)
    }
}

/// Whoever decides, for themselves or in somebody's absence.
package struct ApprovalDecider: Sendable {
    package let eye: ApprovalEye
    package let standsFor: StandsFor?

    package var signedIn: SignedIn { eye.signedIn }
    package var house: House { eye.house }

    /// The people behind the decision: the one who acts, and the one in whose absence.
    package func sides(in db: Reading) throws -> [Independence.Side] {
        try [signedIn.account.id, standsFor?.account.id].compactMap(\.self).map { try IndependenceStore.side(of: $0, now: signedIn.now, in: db) }
    }

    /// The same without who made whom.
    package func people(in db: Reading) throws -> [Independence.Side] {
        try [signedIn.account.id, standsFor?.account.id].compactMap(\.self).map { try IndependenceStore.oneself($0, in: db) }
    }

    /// Whether a file is that of one of them.
    package func isOwn(_ person: Int64, in db: Reading) throws -> Bool {
        if try signedIn.isOwn(person, in: db) { return true }
        return try GrantStore.files(of: standsFor?.account.personID, in: db).contains(person)
    }
}

extension House {
    /// Who decides what, in which order.
    package var steps: StepRules { part() }
}

extension FeatureSet {
    package var approvalKinds: [ApprovalKind] { brought() }
    package func kind(of approval: Approval) -> ApprovalKind? { approvalKinds.first { $0.key == approval.kind } }
}
