import Kit
import Register

/// How much of a person's file one account sees. The person's posts alone decide it, so that lists, files, statements
/// and records agree: somebody with a post here is seen whole; somebody who was here, up to the end of the last post here.
package struct PersonSight: Hashable, Sendable {
    /// The first day that is no longer seen; `Day.open` where the file is seen as it stands.
    package let until: Day
    /// Whether posts and records may be changed: somebody with a post here, or who last was here.
    package private(set) var mayKeep: Bool
    /// Whether name, number and what else identifies the person may be changed: the primary post is here.
    package private(set) var mayKeepFacts: Bool

    package var isWhole: Bool { until == .open }

    /// The same for somebody who may only look.
    var withoutKeeping: PersonSight {
        var sight = self
        (sight.mayKeep, sight.mayKeepFacts) = (false, false)
        return sight
    }

    /// Nil where no post of the person, past or present, lies in the scope.
    package init?(_ posts: [Appointment], _ scope: ScopeOverTime, today: Day) {
        self.init(posts, today: today, sees: { scope.covers($0, for: .seeing) }, keeps: { scope.covers($0, for: .keeping) })
    }

    /// `sees` and `keeps` say of which units somebody sees the people, and of which he keeps them.
    package init?(_ posts: [Appointment], today: Day, sees: (Int64) -> Bool, keeps: (Int64) -> Bool) {
        let seen = posts.filter { sees($0.organizationID) }
        guard let last = seen.map(\.to).max() else { return nil }
        // Somebody who has left altogether stays with the unit of the last primary post, as does a closed unit's with its heir.
        let home = posts.home(on: today)
        let isHomeSeen = home.map { sees($0.organizationID) } ?? false
        until = last > today || isHomeSeen ? .open : last
        mayKeepFacts = home.map { keeps($0.organizationID) } ?? false
        mayKeep = mayKeepFacts || posts.contains { $0.to > today && keeps($0.organizationID) }
    }

    /// What of people an account's workbooks leave out: those who were in its units and are elsewhere now, and numbers of those
    /// who are seen by another right than the one by which their former unit is kept.
    package static func partial(_ signedIn: SignedIn, in db: Reading) throws -> Hidden {
        let scope = ScopeOverTime(signedIn.scope)
        func gone(_ right: Right) throws -> [(id: Int64, sight: PersonSight?)] {
            let units = signedIn.scope.units(for: right).map(\.id) + scope.absentUnits(for: right)
            let gone = try RosterStore.peopleGone(from: units, on: signedIn.today, in: db)
            let posts = Dictionary(grouping: try RosterStore.appointments(of: gone, in: db), by: \.personID)
            return gone.map { ($0, PersonSight(posts[$0] ?? [], scope, today: signedIn.today)) }
        }
        let unseen = try gone(.seeing).filter { $0.sight?.isWhole != true }.map(\.id)
        let isKeptOtherwise = signedIn.scope.isAnywhere(.keeping) && signedIn.scope.organizationIDs(for: .keeping) != signedIn.scope.organizationIDs(for: .seeing)
        let unkept = try isKeptOtherwise ? gone(.keeping).filter { $0.sight?.mayKeep != true }.map(\.id) : []
        return Hidden(people: Set(unseen), numbers: Set(unkept))
    }

    /// People that a workbook leaves out, and people whose whole numbers it does not tell.
    package struct Hidden: Sendable {
        package let people: Set<Int64>
        package let numbers: Set<Int64>
        package static let nobody = Hidden(people: [], numbers: [])
    }

    /// Whether what began on a day is seen.
    package func shows(from day: Day) -> Bool { day < until }

    /// The last day seen, at most `today`.
    package func through(_ today: Day) -> Day { min(today, until - 1) }
}

/// What an act needs of somebody's file. Pages, workbooks and the command line ask here, so that no way in is judged by
/// another measure; where a page shows nothing at all, a workbook says why in the words of `refusal`.
package enum FileNeed: Sendable {
    case seeing
    /// Changing posts and records.
    case keeping
    /// Changing what identifies the person.
    case keepingFacts

    /// Nil where the sight is enough. `ask` is whom to ask, by unit and name. Names: `person.unseen`, `person.elsewhere`, `person.factsElsewhere`.
    package func refusal(_ sight: PersonSight?, ask: String? = nil) -> Refusal? {
        let whom = ask.map { "（可问\($0)）" } ?? ""
        guard let sight else { return Refusal("person.unseen", "您所管单位的人员名册中没有这个人；请核对证件号码，或先登记人员") }
        return switch self {
        case .seeing: nil
        case .keeping where !sight.mayKeep:
            Refusal("person.elsewhere", "此人已不在您管理的单位任职，任职和记录由现在的单位办理，没有改动；请与那个单位的组织人事管理员联系\(whom)")
        case .keepingFacts where !sight.mayKeepFacts:
            Refusal("person.factsElsewhere", "个人信息由此人主任职所在单位的组织人事管理员更正，没有改动；请留空或照名册填写，要更正的与那个单位联系\(whom)")
        default: nil
        }
    }
}
