import TestBench
import Testing

@testable import Rules

@Suite("没有人写过的政策，只用 YAML 就能加上", .ownThreads)
struct MadeUpTests {
    /// A document nobody issued: it uses every word that speaks of units, terms, records and vacancies, with figures of its own.
    static let text = """
        id: made-up
        title: 《某市工会工作条例》
        period: { from: 2024-01-01, to: 2026-12-31 }
        conversion: { day: 6 hours, half-day: 3 hours, forms: [offJob], clause: 第一条 }
        categories: { staff: { word: 干事, clause: 第二条 } }
        groups:
          staff: { word: 干事, category: [staff] }
          guides: { word: 指导员, workforce: [negotiationGuide] }
          secretaries: { word: 秘书长, title: [秘书长] }
          supervisors: { word: 职工监事, term: [workerSupervisor] }
          everybody: { word: 参训人员 }
        units:
          all: { word: 各级工会 }
          towns: { word: 街道乡镇总工会, kind: [townFederation], above: [enterpriseUnion] }
          plants: { word: 企业工会, kind: [enterpriseUnion], under: [townFederation] }
          withGuides: { word: 有指导员的企业工会, kind: [enterpriseUnion], holding: guides }
          large: { word: 五十人以上企业工会, kind: [enterpriseUnion], at-least: { employees: 50 } }
        facts:
          hours: { word: 学时, sum: hours, within: year, form: [offJob], completed: true }
          term-hours: { word: 任期学时, sum: hours, within: term, completed: true }
          times: { word: 人次, sum: records, within: year, completed: true }
          classes: { word: 班次, sum: trainings, within: period, purpose: [duty], completed: true, attended-by: category }
        rules:
          - { id: M1, title: 人均, clause: 第三条, quote: 引, formula: 算, display: mean-hours, mean-of: hours, findings: [{ group: staff, at-least: 12 hours }] }
          - id: M2
            title: 指导员
            clause: 第四条
            quote: 引
            formula: 算
            display: count
            filled-of: { posts: guides, exactly: { by: members, below 10: 1 post, from 10: 2 posts, from 20: 3 posts } }
            findings: [{ units: plants, at-least: 1/2 }]
          - id: M3
            title: 有指导员的
            clause: 第五条
            quote: 引
            formula: 算
            display: rate
            findings:
              - { units: withGuides, at-least: all, filled-of: { posts: guides, at-least: { per: employees, share: 1/100 } } }
              - { units: towns, at-least: all, filled-of: { posts: guides, in: plants, between: { least: { per: plants, share: 1/2 }, most: { per: plants, share: all } } } }
              - { units: large, at-least: all, filled-of: { posts: guides, at-least: [{ to: 2024-12-31, value: 1 post }, { from: 2025-01-01, value: 2 posts }] } }
          - { id: M4, title: 秘书长空缺, clause: 第六条, quote: 引, formula: 算, display: count, vacancy-of: { posts: secretaries, within: 1 month, warn-after: [10 days] }, findings: [{ units: all, category: null, at-least: all }] }
          - { id: M5, title: 监事, clause: 第七条, quote: 引, formula: 算, display: persons, share-of: { fact: term-hours, at-least: 2 days }, findings: [{ group: supervisors, at-least: all }] }
          - { id: M6, title: 人次, clause: 第八条, quote: 引, formula: 算, display: count, times-of: times, findings: [{ group: supervisors, category: null, at-least: 2 records }] }
          - { id: M7, title: 主办, clause: 第九条, quote: 引, formula: 算, display: count, hosted-of: { fact: times, below: [townFederation] }, findings: [{ group: everybody, category: null, at-least: 3 records, asked: { kind: [cityFederation] } }] }
          - { id: M8, title: 班次, clause: 第十条, quote: 引, formula: 算, display: count, trainings-of: classes, findings: [{ group: staff, category: null, at-least: 1 training }] }
        """
    static let cases = """
        policy: made-up
        units:
          CITY: { kind: cityFederation }
          TOWN: { kind: townFederation, under: CITY }
          A: { kind: enterpriseUnion, under: TOWN, members: 9, employees: 100 }
          B: { kind: enterpriseUnion, under: TOWN, members: 10, employees: 49 }
          C: { kind: enterpriseUnion, under: TOWN, members: 20 }
        cases:
          - name: 各项
            year: 2025
            people:
              甲: { unit: A, workforce: negotiationGuide, category: staff }
              乙: { unit: B, workforce: negotiationGuide, title: 秘书长, from: 2025-04-01 }
              丙: { unit: B, title: 秘书长, to: 2025-02-28 }
              丁: [{ unit: TOWN, title: 副秘书长 }, { unit: TOWN, title: 秘书长, to: 2025-12-15, primary: false }]
            terms: [{ person: 丁, kind: workerSupervisor, unit: A, from: 2024-05-01, due: 2025-05-01 }]
            records:
              - { person: 甲, form: offJob, purpose: duty, title: 一班, host: TOWN, from: 2025-03-01, to: 2025-03-02, days: 2 }
              - { person: 丁, form: offJob, purpose: duty, title: 二班, host: CITY, from: 2025-03-01, to: 2025-03-02, days: 2 }
              - { person: 丁, form: online, purpose: duty, title: 三班, host: CITY, from: 2024-03-01, hours: 9 }
            expect:
              - { unit: A, rule: M1, category: staff, had: 1200/1, needed: 1200/1, verdict: met }
              - { unit: TOWN, subtree: true, rule: M2, category: plants, had: 1/3, needed: 1/2, over: 0, verdict: unmet }
              - { unit: TOWN, subtree: true, rule: M3, category: withGuides, had: 2/2, verdict: met }
              - { unit: TOWN, rule: M3, category: towns, had: 1/1, over: 0, verdict: met }
              - { unit: TOWN, subtree: true, rule: M3, category: large, had: 0/2, verdict: unmet }
              - { unit: B, rule: M4, had: 0/1, verdict: unmet }
              - { unit: TOWN, rule: M4, had: 0/0, verdict: notApplicable }
              - { unit: A, rule: M5, category: supervisors, had: 1/1, verdict: met }
              - { unit: A, rule: M6, had: 1/1, needed: 2/1, verdict: unmet }
              - { unit: CITY, subtree: true, rule: M7, had: 2/1, needed: 3/1, verdict: unmet }
              - { unit: TOWN, subtree: true, rule: M7, had: 1/1, verdict: none }
              - { unit: TOWN, rule: M8, had: 1/1, verdict: met }
              - { unit: CITY, rule: M8, had: 0/1, verdict: pending }
          - name: 早一年，标准不同
            year: 2024
            people: { 甲: { unit: A, workforce: negotiationGuide } }
            expect:
              - { unit: A, rule: M3, category: large, had: 1/1, verdict: met }
        """

    @Test("每个新词都用到的政策与案例通过检查")
    func passes() {
        let result = PolicyCheck.run(
            [PolicyText(file: "made-up.yaml", text: MadeUpTests.text)],
            with: [CheckTests.words, PolicyText(file: "made-up.cases.yaml", text: MadeUpTests.cases)])[0]
        #expect(result.problems.map(\.description) == [])
        #expect(result.cases == 2)
    }
}
