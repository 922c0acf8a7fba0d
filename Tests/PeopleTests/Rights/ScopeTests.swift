@testable import Access
import Kit
@testable import Register
import TestBench
import Testing

@Suite("Rights: what is in scope", .ownThreads)
struct ScopeTests {
    /// 1 city — 2 district — 3 town; 4 another district below 1; 5 another root.
    static let tree: OrgTree = {
        func version(_ id: Int64, parent: Int64?) -> OrganizationVersion {
            OrganizationVersion(organizationID: id, from: .always, to: .open, facts: OrganizationFacts(parentID: parent, name: "单位\(id)", kind: "districtFederation"))
        }
        return OrgHistory(
            organizations: (1...5).map { Organization(id: $0, code: "U\($0)") },
            versions: [version(1, parent: nil), version(2, parent: 1), version(3, parent: 2), version(4, parent: 1), version(5, parent: nil)]
        ).tree(on: Day(number: 19_000))
    }()

    static func scope(_ grants: (Role, Int64)...) -> Scope {
        Scope(grants: grants.map { Grant(role: $0.0, organizationID: $0.1, from: .always, to: .open) }, tree: tree)
    }

    @Test("A grant covers the subtree and nothing else")
    func subtree() {
        let scope = Self.scope((.personnelOfficer, 2))
        #expect([1, 2, 3, 4, 5, 99].map { scope.covers($0, for: .seeing) } == [false, true, true, false, false, false])
        #expect(scope.organizationIDs(for: .keeping) == [2, 3])
    }

    @Test("A leader sees and does not change")
    func leader() {
        let scope = Self.scope((.leader, 1), (.personnelOfficer, 4))
        #expect(scope.covers(3, for: .seeing) && !scope.covers(3, for: .keeping))
        #expect(scope.covers(4, for: .keeping))
        #expect(throws: WebProblem.missing) { try scope.unit(3, for: .keeping) }
    }

    @Test("The three administrators see no business data by virtue of the role", arguments: [Role.systemAdmin, .securityAdmin, .auditor])
    func administrators(role: Role) {
        let scope = Self.scope((role, 1))
        #expect(!scope.isAnywhere(.seeing) && !scope.isAnywhere(.keeping))
        #expect(scope.units(for: .seeing).isEmpty)
    }

    @Test("A unit outside the scope is missing, just as one that does not exist")
    func missing() {
        let scope = Self.scope((.personnelOfficer, 2))
        #expect(throws: WebProblem.missing) { try scope.unit(1, for: .seeing) }
        #expect(throws: WebProblem.missing) { try scope.unit(99, for: .seeing) }
    }

    @Test("A grant that has ended or not begun covers nothing", arguments: [(18_000, 19_000, false), (19_000, 19_001, true), (19_001, 20_000, false)] as [(Int32, Int32, Bool)])
    func validity(from: Int32, to: Int32, isValid: Bool) {
        let scope = Scope(grants: [Grant(role: .leader, organizationID: 2, from: Day(number: from), to: Day(number: to))], tree: Self.tree)
        #expect(scope.covers(2, for: .seeing) == isValid)
    }

    @Test("Grants inside one another make one top unit, and the way to a unit begins there")
    func tops() throws {
        let scope = Self.scope((.personnelOfficer, 2), (.leader, 3), (.leader, 5))
        #expect(scope.topUnits(for: .seeing).map(\.id) == [2, 5])
    }
}
