@testable import Access
@testable import Accounts
@testable import App
import Kit
import TestBench

/// Somebody with one role at one place, or without any, as the routes are walked.
struct Caller: Sendable {
    /// Where a grant stands, seen from 滨河街道总工会.
    enum Place: String, CaseIterable { case root = "HX", above = "HX-LJ", own = "HX-LJ-BH", below = "HX-LJ-BH-Q001", beside = "HX-LJ-XD" }

    let role: Role?
    let place: Place?
    /// The account of 刘芳, without any grant.
    let isLearner: Bool
    let browser: Browser

    var isOver: Bool { place.map { [.root, .above, .own].contains($0) } ?? false }
    var name: String { "\(role?.rawValue ?? (isLearner ? "learner" : "nobody")) \(place?.rawValue ?? "")" }

    /// What the table promises about the subjects of `Subjects`.
    func reaches(_ row: RightsRow) -> Bool {
        switch row.need {
        case .open: return true
        case .step: return false
        case .signedIn where row.path.hasPrefix("/files/:file"): return role == .personnelOfficer && place == .own
        case .signedIn: return !["/notices/:message", "/account/sessions/:session/end", "/substitutes/:substitute/end", "/views/:view/rename", "/views/:view/delete"].contains(row.path) || isLearner
        case .ownPerson: return isLearner
        case .role(let needed): return role == needed && place == .root
        // The approvals of `Subjects` are transfers of and to the unit.
        case .approval(let side):
            guard let role, isOver else { return false }
            return role.rights.contains(side == .seer ? .seeing : .keeping)
        case .right(let right, let where_):
            guard let role, role.rights.contains(right) else { return false }
            switch where_ {
            case .anywhere: return true
            case .root: return place == .root
            // The account of this role at this place uploaded the import of `Subjects`.
            case .ownImport: return role == .personnelOfficer && place == .own
            case .superiorUnit: return isOver && place != .own
            case .unit, .person, .primaryUnit, .record, .releasingUnit, .askingUnit, .eitherUnit: return isOver
            }
        }
    }

    /// The form token of every session here.
    static let token = "the-forms-token-of-every-session"

    /// A session as it is after signing in, for a browser's cookie.
    static func session(_ account: Int64, isStrong: Bool = true, in db: Writing) throws -> String {
        try SessionStore.open(account, proof: .password, isStrong: isStrong, at: SignInPlace(address: "", device: nil, words: ""), formSecret: token, in: db)
    }

    /// Every role at every place, an account without any grant, and the learner.
    static func all(_ app: App, _ port: Int, _ subjects: Subjects) async throws -> [Caller] {
        func browser(_ name: String, as known: Int64? = nil, _ grant: Grant? = nil) async throws -> Browser {
            let token = try await app.database.write(Bench.act) { db in
                let id = try known ?? AccountStore.add(name, displayName: name, hash: "-", in: db)
                if let grant { try GrantStore.give(grant, to: id, in: db) }
                return try session(id, in: db)
            }
            let browser = Browser(port: port)
            await browser.setCookie("yugong", token)
            return browser
        }
        var callers: [Caller] = []
        for role in Role.allCases {
            for place in Place.allCases {
                let grant = Grant(role: role, organizationID: subjects.named.units[place.rawValue]!, from: .always, to: .open)
                let isUploader = role == .personnelOfficer && place == .own
                let browser = try await browser("\(role.rawValue.lowercased())-\(place)", as: isUploader ? subjects.uploader : nil, grant)
                callers.append(Caller(role: role, place: place, isLearner: false, browser: browser))
            }
        }
        callers.append(Caller(role: nil, place: nil, isLearner: false, browser: try await browser("nobody")))
        callers.append(Caller(role: nil, place: nil, isLearner: true, browser: try await browser("liufang", as: subjects.learner)))
        return callers
    }
}

/// Runs the closure for each item, a few at a time.
func atOnce<Item: Sendable>(_ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (number, item) in items.enumerated() {
            if number >= 6 { try await group.next() }
            group.addTask { try await body(item) }
        }
        try await group.waitForAll()
    }
}
