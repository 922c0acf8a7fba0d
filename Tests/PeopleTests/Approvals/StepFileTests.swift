import Access
@testable import Approvals
import Kit
import Rules
import Testing

@Suite("Policies/approvals.yaml", .ownThreads) struct StepFileTests {
    private static func rules(_ text: String, _ kinds: [String] = ["leave"], before: String? = nil) throws(PolicyProblems) -> StepRules {
        try StepRules((before.map { [PolicyText(file: "shipped/approvals.yaml", text: $0)] } ?? []) + [PolicyText(file: "own/approvals.yaml", text: text)], kinds: kinds)
    }
    private static func problems(_ text: String, _ kinds: [String] = ["leave"]) -> [String] {
        do throws(PolicyProblems) { _ = try rules(text, kinds) } catch { return error.problems.map(\.description) }
        return []
    }

    private static let whole = """
        leave:
          steps:
            - { role: personnelOfficer, at: own, within: 5, remind: [2, 0] }
            - together:
                - { role: leader, at: above }
                - { role: personnelOfficer, at: common }
            - { person: adviser_id }
          units:
            - { unit: HX-LJ, from: 2027-01-01, steps: [{ role: leader, at: root }] }
            - { unit: HX-LJ, from: 2028-01-01, steps: [{ role: leader, at: own }] }
            - { unit: HX-LJ-BH, from: 2027-06-01, steps: [{ role: personnelOfficer, at: asked }] }
        """

    @Test("Steps in turn and beside each other, by role and by person, with days and reminders")
    func course() throws {
        let course = try Self.rules(Self.whole).course(of: "leave", along: ["HX"], on: Day(number: 0))
        #expect(course == [
            [.init(.role(.personnelOfficer, .own), within: 5, remind: [2, 0])],
            [.init(.role(.leader, .above)), .init(.role(.personnelOfficer, .common))],
            [.init(.person(column: "adviser_id"))],
        ])
    }

    @Test("The nearest unit with other steps rules, from its day on, for everything below it")
    func exceptions() throws {
        let rules = try Self.rules(Self.whole)
        func first(_ path: [String], _ day: String) -> StepRules.Decider? { rules.course(of: "leave", along: path, on: Day(iso: day)!).first?.first?.decider }
        let street = ["HX", "HX-LJ", "HX-LJ-BH"], usual = StepRules.Decider.role(.personnelOfficer, .own)
        #expect(first(street, "2026-12-31") == usual && first(["HX", "HX-JC"], "2030-01-01") == usual)
        #expect(first(street, "2027-01-01") == .role(.leader, .root) && first(street, "2027-05-31") == .role(.leader, .root))
        #expect(first(street, "2027-06-01") == .role(.personnelOfficer, .asked))
        #expect(first(["HX", "HX-LJ"], "2027-12-31") == .role(.leader, .root) && first(["HX", "HX-LJ"], "2028-01-01") == .role(.leader, .own))
        #expect(rules.course(of: "nothing", along: street, on: Day(number: 0)).isEmpty)
    }

    @Test("A file of one's own says only what differs from the shipped one")
    func own() throws {
        let rules = try Self.rules("leave: { steps: [{ role: leader, at: root }] }", ["leave", "claim"], before: Self.whole + "\nclaim: { steps: [{ role: finance, at: own }] }")
        #expect(rules.course(of: "leave", along: [], on: Day(number: 0)) == [[.init(.role(.leader, .root))]])
        #expect(rules.course(of: "claim", along: [], on: Day(number: 0)) == [[.init(.role(.finance, .own))]])
    }

    @Test("Whatever is wrong is said with file, line and key", arguments: [
        ("leave:\n  step: []", "own/approvals.yaml:2: leave.step: 没有“step”这个键。是否想写“steps”？"),
        ("leave:\n  steps: []", "own/approvals.yaml:2: leave.steps: 列表是空的"),
        ("leave:\n  steps:\n    - { role: boss, at: own }", "own/approvals.yaml:3: leave.steps[0].role: 没有“boss”这个写法"),
        ("leave:\n  steps:\n    - { role: leader, at: here }", "leave.steps[0].at: 没有“here”这个写法"),
        ("leave:\n  steps:\n    - { role: leader }", "leave.steps[0].at: 缺少“at”"),
        ("leave:\n  steps:\n    - { role: auditor, at: own }", "leave.steps[0].role: “审计员”不办业务"),
        ("leave:\n  steps:\n    - { role: leader, at: own, person: x }", "person 与 role、at 只能写一种"),
        ("leave:\n  steps:\n    - { role: leader, at: own, within: 0 }", "leave.steps[0].within: 天数应在 1 到 3660 之间"),
        ("leave:\n  steps:\n    - { role: leader, at: own, remind: [400] }", "leave.steps[0].remind[0]: 天数应在 0 到 366 之间"),
        ("leave:\n  steps:\n    - together: [{ role: leader, at: own }, { role: leader, at: own, within: 3 }]", "同一轮里有两步由同样的人决定"),
        ("leave:\n  steps: [{ role: leader, at: own }]\n  units: [{ unit: HX, steps: [] }]", "leave.units[0].from: 缺少“from”"),
        ("leave:\n  steps: [{ role: leader, at: own }]\nlave:\n  steps: [{ role: leader, at: own }]", "own/approvals.yaml:3: lave: 没有“lave”这个键。是否想写“leave”？"),
        ("leaf: 1", "缺少“leave”的审批步骤"),
    ])
    func wrong(text: String, said: String) {
        let problems = Self.problems(text)
        #expect(problems.contains { $0.contains(said) }, "\(problems)")
    }

    @Test("No file at all, and one that is no YAML, are told too")
    func none() {
        var none: [PolicyProblem] = []
        do throws(PolicyProblems) { _ = try StepRules([], kinds: []) } catch { none = error.problems }
        #expect(none.map(\.message).contains { $0.contains("找不到审批步骤") })
        #expect(Self.problems("leave: [").contains { $0.contains("不是合法的 YAML") })
        #expect(Self.problems("leave:\n  steps: [" + Array(repeating: "{ role: leader, at: own }", count: 21).joined(separator: ", ") + "]").contains { $0.contains("步骤超过 20 步") })
    }
}
