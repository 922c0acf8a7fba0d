import TestBench
import Testing

@testable import Rules

@Suite("政策检查", .ownThreads)
struct CheckTests {
    /// Those of every installation, and the made-up ones of the demo world.
    static let texts = try! PolicyLibrary.texts(folder: Shipped.folder) + PolicyLibrary.texts(folder: Shipped.folder + "/examples")
    static let policy = texts.first { $0.file.hasSuffix("beijing-cadres-2019-2023.yaml") }!
    static let cases = texts.first { $0.file.hasSuffix("beijing-cadres-2019-2023.cases.yaml") }!
    static let words = texts.first { $0.file.hasSuffix("vocabulary.yaml") }!

    @Test("随系统的文件全部通过，案例都算对")
    func shippedFilesPass() {
        for result in PolicyCheck.run(CheckTests.texts, with: []) {
            #expect(result.problems.map(\.description) == [], "\(result.file)")
            if !["vocabulary.yaml", "approvals.yaml"].contains(where: result.file.hasSuffix) { #expect(result.cases > (result.policy == Shipped.beijing.id ? 50 : 4)) }
        }
    }

    @Test("示例政策写明是示例，只在它自己的目录里，不在随系统的政策里")
    func examplesSaySo() throws {
        let examples = try PolicyLibrary.texts(folder: Shipped.folder + "/examples").filter { !$0.file.hasSuffix(".cases.yaml") }
        #expect(!examples.isEmpty)
        let library = try PolicyLibrary(CheckTests.texts) { _ in "" }
        for text in examples {
            let policy = try #require(library.policies.first { $0.file == text.file })
            #expect(policy.title.hasSuffix("（示例）》") && text.text.hasPrefix("# ") && Shipped.library[policy.id] == nil)
            // It follows another of its subject: on no day do both bind.
            for other in Shipped.library.policies where other.subject == policy.subject { #expect(other.periodEnd < policy.periodStart) }
        }
    }

    @Test("每个有标准的指标都有达标与未达标的案例，也有不适用的")
    func everyFigureHasItsCases() throws {
        for text in CheckTests.texts.filter({ $0.file.hasSuffix(".cases.yaml") }) { try everyFigureHasItsCases(text) }
    }

    private func everyFigureHasItsCases(_ text: PolicyText) throws {
        let library = try PolicyLibrary(CheckTests.texts) { _ in "" }, cases = try PolicyCases(text, library: library)
        let told = Set(cases.cases.flatMap(\.expectations).map { "\($0.rule) \($0.category ?? "null") \($0.verdict ?? "")" })
        let policy = try #require(library[cases.policy])
        for rule in policy.rules {
            for line in rule.lines.map({ policy.lines[$0] }) {
                if case .none = line.needed { continue }
                // Thousands of records stand in no example: OracleTests meets and misses these bounds.
                if case .value(let bounds) = line.needed, bounds[0].value.numerator > 1000, line.asked != nil { continue }
                for verdict in ["met", "unmet"] {
                    #expect(told.contains("\(rule.id) \(line.category ?? "null") \(verdict)"), "\(rule.id) \(line.category ?? "null") \(verdict)")
                }
            }
            // Counts ask for nobody: instead of being not applicable they may be without verdict.
            let isCount = rule.lines.contains { policy.lines[$0].asked != nil }
            #expect(told.contains { $0.hasPrefix("\(rule.id) ") && $0.hasSuffix(isCount ? " none" : " notApplicable") }, "\(rule.id)")
        }
    }

    /// What is replaced in the shipped policy, and what the check must then say, with the key it must name.
    static let mistakes: [(what: String, from: String, to: String, key: String, says: String)] = [
        ("不认识的键", "    display: mean-hours", "    displai: mean-hours", "rules.A1.displai", "是否想写“display”"),
        ("缺少的键", "    title: 调训率\n", "", "rules.A2.title", "缺少“title”"),
        ("缺少条款", "    clause: 附件 表 第1列\n", "", "rules.A1.findings[0]", "缺少“clause”"),
        ("不认识的事实", "mean-of: off-job-hours", "mean-of: off-job-hour", "rules.A1.mean-of", "是否想写“off-job-hours”"),
        ("条件里不认识的事实", "{ fact: rotation, at-least: 1 record }", "{ fact: rotations, at-least: 1 record }", "rules.A10.share-of.fact", "是否想写“rotation”"),
        ("不认识的人群", "group: officeCadres", "group: officeCadre", "rules.A12.findings[0].group", "是否想写“officeCadres”"),
        ("不认识的培训形式", "form: [online, onlineSpecialClass]", "form: [online, onlineSpecial]", "facts.online-hours.form[1]", "没有“onlineSpecial”这个培训形式"),
        ("不认识的人员类别", "category: [grassroots] }", "category: [grassroot] }", "groups.grassroots.category[0]", "是否想写“grassroots”"),
        ("不认识的单位类型", "kind: [townFederation]", "kind: [townFederations]", "groups.townLeadership.kind[0]", "是否想写“townFederation”"),
        ("不认识的队伍类别", "[unionSocialWorker]", "[socialWorker]", "groups.socialWorkers.workforce[0]", "没有“socialWorker”这个队伍类别"),
        ("不认识的培训目的", "purpose: [post, specialised]", "purpose: [post, special]", "facts.union-business-training.purpose[1]", "可用的有"),
        ("比例超过 100 %", "at-least: 30 %", "at-least: 130 %", "rules.A2.findings[0].at-least", "不超过 100 %"),
        ("比例写成学时", "at-least: 30 %", "at-least: 30 hours", "rules.A2.findings[0].at-least", "不是比例"),
        ("学时写成比例", "at-least: 110 hours", "at-least: 110 %", "rules.A1.findings[0].at-least", "90 hours"),
        ("不是数", "at-least: 110 hours", "at-least: 百一十 hours", "rules.A1.findings[0].at-least", "不是这里能写的量"),
        ("为零", "at-least: 110 hours", "at-least: 0 hours", "rules.A1.findings[0].at-least", "超出合理范围"),
        ("日期不存在", "from: 2019-01-01,", "from: 2019-02-30,", "period.from", "这里应是日期"),
        ("期间倒置", "to: 2023-12-31", "to: 2018-12-31", "period", "早于开始日期"),
        ("基准日写错", "reference-day: 12-31", "reference-day: 13-31", "reference-day", "12-31"),
        ("日期重叠", "at-least: 110 hours", "at-least: [{ to: 2020-12-31, value: 100 hours }, { from: 2020-12-31, value: 110 hours }]",
            "rules.A1.findings[0].at-least[1]", "重叠"),
        ("日期有空档", "at-least: 110 hours", "at-least: [{ to: 2020-12-30, value: 100 hours }, { from: 2021-01-01, value: 110 hours }]",
            "rules.A1.findings[0].at-least", "从 2020-12-31 起"),
        ("日期超出期间", "at-least: 110 hours", "at-least: [{ to: 2024-12-31, value: 100 hours }]", "rules.A1.findings[0].at-least[0]", "超出本文件的期间"),
        ("规则重复", "  - id: A3\n", "  - id: A2\n", "rules.A2", "写了两次"),
        ("类别重复", "{ group: sectionAndBelow, at-least: 90 hours }", "{ group: divisionAndAbove, at-least: 90 hours }", "rules.A1.findings[1]", "写了两次"),
        ("两种算法", "    total-of: off-job-hours", "    total-of: off-job-hours\n    mean-of: off-job-hours", "rules.A5", "只写一个"),
        ("引用不存在的人均规则", "{ headcount-times: A1 }", "{ headcount-times: A9 }", "rules.A5.findings[0].at-least.headcount-times", "不是写在前面的人均规则"),
        ("年度事实用在周年人群上", "{ fact: first-year-training, at-least: 1 record }", "{ fact: rotation, at-least: 1 record }", "rules.A14.share-of.fact", "within: clock"),
        ("只按学时登记的形式不能折算", "forms: [offJob, lecture, secondment]", "forms: [offJob, online]", "conversion.forms", "不能折算天数"),
        ("布尔写错", "selected: true, completed: true }", "selected: yes, completed: true }", "facts.selected-training.selected", "true 或 false"),
        ("不认识的主题", "subject: cadres", "subject: cadre", "subject", "是否想写“cadres”"),
        ("提醒的天数写成学时", "remind-before: 90 days", "remind-before: 90 hours", "groups.newGrassrootsChairs.remind-before", "90 days"),
        ("提醒只用于周年人群", "leadership: true, new-first: true", "leadership: true, remind-before: 9 days", "groups.districtLeadership", "只用于写了 anniversary"),
        ("每年的事写了两次", "  - id: A28\n", "  - id: A15\n", "calendar.A15", "写了两次"),
        ("职责与指标同号", "  - id: A16\n", "  - id: A14\n", "duties.A14", "写了两次"),
        ("没有写多久一次", "    each: year\n", "", "calendar.A15.each", "缺少“each”"),
        ("不是每年", "    each: year\n", "    each: month\n", "calendar.A15.each", "each: year"),
        ("期限不是月和日", "    each: year\n", "    each: year\n    due: 3月\n", "calendar.A15.due", "12-31"),
        ("不认识的应办单位", "owed-by: [provincialFederation, cityFederation]", "owed-by: [provincialFederation, cityFederations]", "calendar.A15.owed-by[1]", "是否想写“cityFederation”"),
        ("必办事项没有词", "        word: 区（开发区）工会主席班\n", "", "calendar.A15.items.districtChairs.word", "缺少“word”"),
        ("两个必办事项同一个词", "word: 产业（系统）工会主席班", "word: 区（开发区）工会主席班", "calendar.A15.items.industryChairs", "已用于另一项"),
        ("必办事项是空的", "    title: 每年检查总结并报市总工会\n", "    title: 每年检查总结并报市总工会\n    items: {}\n", "calendar.A25.items", "至少写一项"),
        ("职责没有原文", "    quote: 各级工会组织开展“以岗代训”\n", "", "duties.A23.quote", "缺少“quote”"),
        ("职责没有期限", "    title: 师资库\n", "    title: 师资库\n    due: 03-31\n", "duties.A20.due", "没有“due”这个键"),
    ]

    static let workforce = texts.first { $0.file.hasSuffix("beijing-workforce-2015.yaml") }!
    static let representatives = texts.first { $0.file.hasSuffix("national-worker-representatives-2019-2023.yaml") }!

    /// Wrong uses of the words that speak of units, terms and records.
    static let moreMistakes: [(text: PolicyText, what: String, from: String, to: String, key: String, says: String)] = [
        (workforce, "不认识的单位组", "units: serviceCentres", "units: serviceCenters", "rules.C3.findings[0].units", "是否想写“serviceCentres”"),
        (workforce, "按单位统计却写了人群", "{ units: grassrootsUnions, category: null", "{ units: grassrootsUnions, group: chairs, category: null", "rules.C1.findings[0].group", "请写 units"),
        (workforce, "按人统计却写了单位组", "      - { group: socialWorkers, at-least: all }", "      - { group: socialWorkers, units: anyUnion, at-least: all }", "rules.C11.findings[0].units", "请写 group"),
        (workforce, "不认识的岗位人群", "posts: fullTimeStaff", "posts: fullTimeStuff", "rules.C1.filled-of.posts", "是否想写“fullTimeStaff”"),
        (workforce, "岗位人群写了周年", "posts: chairs", "posts: newSocialWorkers", "rules.C2.vacancy-of.posts", "不能写 anniversary"),
        (workforce, "不认识的数目", "per: employees", "per: employee", "rules.C1.filled-of.at-least.per", "是否想写“employees”"),
        (workforce, "不认识的分档数目", "by: members", "by: memberships", "rules.C4.filled-of.at-least.by", "没有“memberships”这个数目"),
        (workforce, "分档不相接", "from 2000: 5 posts", "from 2100: 5 posts", "rules.C4.filled-of.at-least.from 2100", "首尾相接"),
        (workforce, "只有一档", "below 2000: 3 posts, from 2000: 5 posts", "below 2000: 3 posts", "rules.C4.filled-of.at-least", "至少写两档"),
        (workforce, "分档写错", "from 2000: 5 posts", "above 2000: 5 posts", "rules.C4.filled-of.at-least.above 2000", "below 2000"),
        (workforce, "上限小于下限", "least: 7 posts, most: 10 posts", "least: 7 posts, most: 6 posts", "rules.C3.filled-of.between", "小于下限"),
        (workforce, "没有界限", "exactly: {", "about: {", "rules.C6.filled-of", "at-least、exactly、between"),
        (workforce, "人数写成学时", "least: 7 posts", "least: 7 hours", "rules.C3.filled-of.between.least", "90 posts"),
        (workforce, "月数写错", "within: 3 months", "within: 3 weeks", "rules.C2.vacancy-of.within", "3 months"),
        (workforce, "天数写错", "[30 days,", "[30,", "rules.C2.vacancy-of.warn-after[0]", "days"),
        (workforce, "门槛写了两个数", "{ employees: 100 }", "{ employees: 100, members: 5 }", "units.largeEnterprises.at-least", "只写一个数目"),
        (workforce, "门槛不是数", "{ employees: 100 }", "{ employees: 百 }", "units.largeEnterprises.at-least.employees", "大于 0 的整数"),
        (workforce, "单位组里不认识的人群", "holding: socialWorkers", "holding: socialWorker", "units.cityTradeFederations.holding", "是否想写“socialWorkers”"),
        (workforce, "单位组里不认识的类型", "above: [serviceStation]", "above: [serviceStations]", "units.districtsWithStations.above[0]", "是否想写“serviceStation”"),
        (workforce, "站内统计里不认识的单位组", "in: serviceStations", "in: stations", "rules.C8.findings[1].filled-of.in", "没有“stations”这个单位组"),
        (representatives, "不认识的代表类型", "term: [workerDirector] }", "term: [workerDirectors] }", "groups.workerDirector.term[0]", "是否想写“workerDirector”"),
        (representatives, "任期人群写了职务", "term: [workerDirector] }", "term: [workerDirector], title: [主席] }", "groups.workerDirector", "不能再写 title"),
        (representatives, "任期事实用在年度指标上", "{ fact: duty-hours, at-least: 8 hours }", "{ fact: representative-times, at-least: 8 records }", "rules.B7.share-of.all-of[1].fact", "within: term"),
        (representatives, "人次用在非任期人群", "group: inOffice", "group: cadres", "rules.B6.times-of", "只用于写了 term 的人群"),
        (representatives, "人次的事实不是记录数", "times-of: representative-times", "times-of: duty-hours", "rules.B6.times-of", "sum: records"),
        (representatives, "次数的事实不是培训数", "trainings-of: cadre-trainings", "trainings-of: representative-times", "rules.B5.trainings-of", "sum: trainings"),
        (representatives, "次数写成人次", "at-least: 1 training", "at-least: 1 record", "rules.B5.findings[0].at-least", "90 trainings"),
        (representatives, "attended-by 用在别处", "sum: trainings", "sum: records", "facts.cadre-trainings", "只用于 sum: trainings"),
        (representatives, "只问某类单位：类型写错", "asked: { kind: [provincialFederation], subtree: true }", "asked: { kind: [province], subtree: true }", "rules.B4.findings[0].asked.kind[0]", "没有“province”这个单位类型"),
        (representatives, "主办统计里不认识的事实", "fact: demonstration-times", "fact: demonstrations", "rules.B4.hosted-of.fact", "没有“demonstrations”这个事实"),
    ]

    @Test("说单位、任期、人次的词用错：文件、行、键、该怎么写", arguments: moreMistakes.indices)
    func moreMistake(index: Int) throws {
        let mistake = CheckTests.moreMistakes[index]
        let range = try #require(mistake.text.text.range(of: mistake.from), "\(mistake.what)")
        let text = mistake.text.text.replacingCharacters(in: range, with: mistake.to)
        let result = PolicyCheck.run([PolicyText(file: "改过.yaml", text: text)], with: [CheckTests.words])[0]
        #expect(result.problems.contains { $0.key == mistake.key && $0.message.contains(mistake.says) && $0.line > 0 }, "\(mistake.what): \(result.problems.map(\.description))")
    }

    @Test("词表里职务的读法写错也说清楚")
    func wrongTitles() {
        for (from, to, says) in [
            ("[副主席, 主席]", "[主席, 副主席]", "请把长的写在前面"), ("dividers: [兼]", "dividers: [兼任]", "只写一个字"), ("titles:", "tittles:", "是否想写“titles”"),
            ("certificates:", "certificate:", "是否想写“certificates”"), ("remind-before: 90 days", "remind-before: 90 hours", "天"),
        ] {
            let text = CheckTests.words.text.replacingOccurrences(of: from, with: to)
            let problems = PolicyCheck.run([PolicyText(file: "vocabulary.yaml", text: text)], with: [])[0].problems
            #expect(problems.contains { $0.message.contains(says) }, "\(from): \(problems.map(\.description))")
        }
    }

    @Test("错在哪里：文件、行、键、该怎么写", arguments: mistakes.indices)
    func mistake(index: Int) throws {
        let mistake = CheckTests.mistakes[index]
        let range = try #require(CheckTests.policy.text.range(of: mistake.from), "\(mistake.what)")
        let text = CheckTests.policy.text.replacingCharacters(in: range, with: mistake.to)
        let line = CheckTests.policy.text[..<range.lowerBound].filter { $0 == "\n" }.count + 1
        let result = PolicyCheck.run([PolicyText(file: "改过.yaml", text: text)], with: [CheckTests.words])[0]
        let problem = try #require(
            result.problems.first { $0.key == mistake.key && $0.message.contains(mistake.says) },
            "\(mistake.what): \(result.problems.map(\.description))")
        #expect(problem.file == "改过.yaml")
        #expect(abs(problem.line - line) <= 12, "\(mistake.what): line \(problem.line), expected near \(line)")
        #expect(!result.isPassed)
    }

    @Test("条文里不出数字的，按编号、条款、原文列出；每年的事有必办事项的键或期限")
    func dutiesAreRead() throws {
        let cadres = Shipped.beijing, workforce = try #require(Shipped.library["beijing-workforce-2015"])
        let classes = try #require(cadres.duties.first { $0.id == "A15" }), plan = try #require(workforce.duties.first { $0.id == "C12" })
        #expect(classes.items.map(\.key) == [
            "districtChairs", "industryChairs", "townChairs", "partyBranchSecretaries", "youngCadres", "modelWorkers", "nonPublicCadres", "socialWorkers",
        ])
        #expect(classes.owedBy == ["provincialFederation", "cityFederation"] && classes.lastDay(of: 2022) == day("2022-12-31"))
        #expect(plan.lastDay(of: 2024) == day("2024-03-31") && plan.kind == .calendar)
        for policy in [cadres, workforce] {
            let ids = policy.rules.map(\.id) + policy.duties.map(\.id)
            #expect(Set(ids).count == ids.count)
            for duty in policy.duties { #expect(!duty.clause.isEmpty && !duty.quote.isEmpty && duty.items.allSatisfy { !$0.quote.isEmpty }) }
        }
        #expect(cadres.subject == "cadres" && cadres.subjectWord == "工会干部教育培训" && workforce.subject == "workforce" && cadres.periodWord == "五年")
    }

    @Test("没有写主题的文件只代表自己；局部例外沿用原政策的主题与职责，并标明是例外")
    func subjects() throws {
        let alone = CheckTests.policy.text.replacingOccurrences(of: "subject: cadres\n", with: "").replacingOccurrences(of: "id: beijing-cadres-2019-2023\n", with: "id: alone\n")
        let local = "id: local\noverrides: beijing-cadres-2019-2023\nduties:\n  - { id: A17, title: 本区的需求调研 }\n"
        let library = try PolicyLibrary(CheckTests.texts + [PolicyText(file: "alone.yaml", text: alone), PolicyText(file: "local.yaml", text: local)]) { $0 }
        #expect(library["alone"]?.subject == "alone" && library["alone"]?.isException == false)
        let exception = try #require(library["local"])
        #expect(exception.subject == "cadres" && exception.isException && exception.duties.count == Shipped.beijing.duties.count)
        #expect(exception.duties.first { $0.id == "A17" }?.title == "本区的需求调研")
    }

    @Test("行号就是写错的那一行")
    func exactLine() throws {
        let lines = CheckTests.policy.text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = try #require(lines.firstIndex { $0.contains("at-least: 110 hours") })
        let text = CheckTests.policy.text.replacingOccurrences(of: "at-least: 110 hours", with: "at-least: 110 hour%")
        let problem = PolicyCheck.run([PolicyText(file: "a.yaml", text: text)], with: [CheckTests.words])[0].problems[0]
        #expect(problem.line == index + 1)
    }

    @Test("同一个键写两次，指出第二处")
    func duplicateKey() {
        let text = CheckTests.policy.text.replacingOccurrences(of: "reference-day: 12-31\n", with: "reference-day: 12-31\ntitle: 又一个\n")
        let problems = PolicyCheck.run([PolicyText(file: "a.yaml", text: text)], with: [CheckTests.words])[0].problems
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0 == "title: 又一个" }! + 1
        #expect(problems.count == 1)
        #expect(problems.first?.key == "title")
        #expect(problems.first?.line == line)
        #expect(problems.first?.message.contains("写了两次") == true)
    }

    @Test("不是 YAML 的文件指出出错的行")
    func brokenYAML() {
        let problems = PolicyCheck.run([PolicyText(file: "a.yaml", text: "id: a\ntitle: [未完\nperiod: 1\n")], with: [CheckTests.words])[0].problems
        #expect(problems.count == 1)
        #expect((problems.first?.line ?? 0) >= 2)
    }

    @Test("算错的案例：说出应为多少、算得多少")
    func failingCase() {
        let text = CheckTests.policy.text.replacingOccurrences(of: "at-least: 110 hours", with: "at-least: 111 hours")
        let result = PolicyCheck.run([PolicyText(file: "a.yaml", text: text)], with: [CheckTests.words, CheckTests.cases])[0]
        #expect(result.cases > 50)
        #expect(result.problems.contains { $0.message.contains("应为 met，算得 unmet") && $0.file == CheckTests.cases.file && $0.line > 0 })
    }

    @Test("案例里的错也说清楚")
    func wrongCases() {
        let text = """
            policy: beijing-cadres-2019-2023
            units: { CITY: { kind: cityFederation } }
            cases:
              - name: 一
                year: 2030
                people: { 甲: { unit: CIT, category: grassroots } }
                records: [{ person: 乙, form: offJob, from: 2022-01-01, hours: 1.234 }]
                expect: [{ unit: CITY, rule: A99, verdict: fine }]
            """
        let problems = PolicyCheck.run([PolicyText(file: "x.cases.yaml", text: text)], with: CheckTests.texts)[0].problems
        for says in ["2030 年不在政策期间", "没有“CIT”这个单位", "没有“乙”这个人员", "没有“A99”这个规则", "没有“fine”这个结论"] {
            #expect(problems.contains { $0.message.contains(says) }, "\(says)")
        }
    }

    @Test("局部例外只写不同之处，其余沿用原政策")
    func overrides() throws {
        let text = """
            id: local
            title: 某区的例外
            overrides: beijing-cadres-2019-2023
            reference-day: 11-30
            rules:
              - id: A2
                clause: 某区通知 第二条
                findings:
                  - { group: grassroots, at-least: 40 % }
            """
        let library = try PolicyLibrary(CheckTests.texts + [PolicyText(file: "local.yaml", text: text)]) { $0 }
        let local = try #require(library["local"])
        #expect(local.rules.map(\.id) == Shipped.beijing.rules.map(\.id))
        #expect(local.rule("A2")?.lines.count == 1)
        #expect(local.rule("A2")?.title == "调训率")
        #expect(local.lines[local.rule("A2")!.lines.lowerBound].clause == "某区通知 第二条")
        #expect(local.referenceDay(year: 2022, today: .max) == day("2022-11-30"))
        #expect(local.digest.contains("某区的例外") && local.digest.contains("人均脱产学时"))
        #expect(library["beijing-cadres-2019-2023"]?.rule("A2")?.lines.count == 4)
        #expect(PolicyCheck.run([PolicyText(file: "local.yaml", text: text)], with: CheckTests.texts)[0].problems.isEmpty)
        let orphan = PolicyCheck.run([PolicyText(file: "local.yaml", text: text)], with: [CheckTests.words])[0]
        #expect(orphan.problems.contains { $0.key == "overrides" && $0.message.contains("没有加载") })
    }

    @Test("分段的值按那一年的最后一天取")
    func datedValues() throws {
        let text = CheckTests.policy.text.replacingOccurrences(
            of: "at-least: 110 hours", with: "at-least: [{ to: 2020-12-31, value: 100 hours }, { from: 2021-01-01, value: 110 hours, clause: 修订 }]")
        let library = try PolicyLibrary([CheckTests.words, PolicyText(file: "a.yaml", text: text)]) { _ in "" }
        var builder = ColumnsBuilder(vocabulary: library.vocabulary, people: 0, organizations: 1, versions: [])
        let columns = builder.build()
        func first(_ year: Int) -> Finding {
            Cube(library.policies[0], year: year, day: CivilDate.day(year, 12, 31), columns: columns).findings(unit: 0, subtree: false)[0]
        }
        #expect(first(2020).needed == Ratio(10_000, 1))
        #expect(first(2021).needed == Ratio(11_000, 1))
        #expect(first(2020).clause == "附件 表 第1列")
        #expect(first(2021).clause == "修订")
    }
}
