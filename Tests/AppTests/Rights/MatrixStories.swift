import Foundation
import Kit
import Ledger
import TestBench
import Testing
import World

@testable import App
@testable import People

/// Walks every route as every role at every place around one unit, and holds the answers against the table of rights.
@Suite("Every route, every role, every place") struct MatrixStories {
    /// Where a grant stands, seen from 滨河街道总工会.
    enum Place: String, CaseIterable { case root = "HX", above = "HX-LJ", own = "HX-LJ-BH", below = "HX-LJ-BH-Q001", beside = "HX-LJ-XD" }

    struct Caller: Sendable {
        let role: Role?
        let place: Place?
        /// The account of 刘芳, without any grant.
        let isLearner: Bool
        let browser: Browser

        var isOver: Bool { place.map { [.root, .above, .own].contains($0) } ?? false }
        var name: String { "\(role?.rawValue ?? (isLearner ? "learner" : "nobody")) \(place?.rawValue ?? "")" }

        /// What the table promises about the subjects of `Subjects`.
        func reaches(_ row: RightsTable.Row) -> Bool {
            switch row.need {
            case .open: return true
            case .step: return false
            case .signedIn: return !["/notices/:message", "/account/sessions/:session/end"].contains(row.path) || isLearner
            case .ownPerson: return isLearner
            case .role(let needed): return role == needed && place == .root
            case .right(let right, let where_):
                guard let role, role.rights.contains(right) else { return false }
                switch where_ {
                case .anywhere: return true
                case .root: return place == .root
                case .ownImport: return false
                case .unit, .person, .primaryUnit, .record, .releasingUnit, .askingUnit, .eitherUnit: return isOver
                }
            }
        }
    }

    @Test("What the table allows is reached; what it does not looks like what is not there and changes nothing", .timeLimit(.minutes(4)))
    func matrix() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app)
            let callers = try await Self.callers(app, port, subjects)
            let rows = RightsTable.rows.filter { !$0.isDevelopment && $0.need.caller == .signedIn }
            let before = try await Self.changes(app)
            for caller in callers {
                let absent = try await Self.words(of: caller.browser.get("/no-such-page"))
                for row in rows where !caller.reaches(row) {
                    let answer = try await Self.ask(row, caller, subjects)
                    #expect(answer.status == 404 && Self.words(of: answer) == absent, "\(row.method) \(row.path) as \(caller.name): \(answer.status)")
                }
            }
            #expect(try await Self.changes(app) == before)
            for caller in callers {
                for row in rows where caller.reaches(row) && row.method == "GET" {
                    let answer = try await Self.ask(row, caller, subjects)
                    #expect(answer.status < 400 && answer.location?.hasPrefix("/sign-in") != true, "\(row.method) \(row.path) as \(caller.name): \(answer.status)")
                }
            }
            for caller in callers {
                // Empty forms: who may is told what is missing. Signing out comes last.
                for row in rows.sorted(by: { $1.path == "/sign-out" && $0.path != "/sign-out" }) where caller.reaches(row) && row.method == "POST" {
                    let answer = try await Self.ask(row, caller, subjects)
                    #expect([200, 303, 422].contains(answer.status) && (row.path == "/sign-out" || answer.location?.hasPrefix("/sign-in") != true), "\(row.method) \(row.path) as \(caller.name): \(answer.status)")
                }
            }
            let stranger = Browser(port: port)
            for row in rows {
                let answer = try await Self.ask(row, Caller(role: nil, place: nil, isLearner: false, browser: stranger), subjects)
                #expect(answer.status == 303 && answer.location?.hasPrefix("/sign-in") == true, "\(row.method) \(row.path) as a stranger: \(answer.status)")
            }
        }
    }

    @Test("None of the three administrators reads or changes business data by any route")
    func administrators() {
        for role in [Role.systemAdmin, .securityAdmin, .auditor] {
            #expect(role.rights.isDisjoint(with: [.seeing, .keeping]))
            for row in RightsTable.rows {
                if case .right(let right, _) = row.need, right != .granting { #expect(row.need.reach(of: role) == "—", "\(row.path)") }
            }
        }
        #expect(Role.allCases.filter { Need.role(.auditor).reach(of: $0) != "—" } == [.auditor])
    }

    // MARK: -

    private static let token = "the-forms-token-of-every-session"

    private static func ask(_ row: RightsTable.Row, _ caller: Caller, _ subjects: Subjects) async throws -> Browser.Answer {
        let (path, fields) = try #require(subjects.address(row), "MatrixStories knows nothing that \(row.path) could be about")
        return row.method == "GET" ? try await caller.browser.get(path) : try await caller.browser.post(path, fields, token: token)
    }

    /// A page but for the number of the request.
    private static func words(of answer: Browser.Answer) -> String { answer.body.replacing(answer.header("X-Request-Id") ?? "-", with: "") }

    private static func changes(_ app: App) async throws -> Int64 {
        try await app.database.read { db in
            try db.first(SQL("SELECT COUNT(*) FROM act_change")) { $0.int(0) } ?? 0
        }
    }

    private static func callers(_ app: App, _ port: Int, _ subjects: Subjects) async throws -> [Caller] {
        func signedIn(_ name: String, as known: Int64? = nil, _ grant: Grant? = nil) async throws -> Browser {
            let session = try await app.database.write(Bench.act) { db in
                let id = try known ?? AccountStore.add(name, displayName: name, hash: "-", in: db)
                if let grant { try AccountStore.grant(grant, to: id, in: db) }
                return try SessionStore.open(
                    id, proof: .password, isStrong: true, at: SignInPlace(address: "", device: nil, words: ""), formSecret: token, in: db)
            }
            let browser = Browser(port: port)
            await browser.setCookie("yugong", session)
            return browser
        }
        var callers: [Caller] = []
        for role in Role.allCases {
            for place in Place.allCases {
                let grant = Grant(role: role, organizationID: subjects.named.units[place.rawValue]!, from: .always, to: .open)
                let browser = try await signedIn("\(role.rawValue.lowercased())-\(place)", grant)
                callers.append(Caller(role: role, place: place, isLearner: false, browser: browser))
            }
        }
        callers.append(Caller(role: nil, place: nil, isLearner: false, browser: try await signedIn("nobody")))
        callers.append(Caller(role: nil, place: nil, isLearner: true, browser: try await signedIn("liufang", as: subjects.learner)))
        return callers
    }
}
