import Kit
import Register

/// A small world of named people in named unions, whose figures of 2022 can be worked out by hand: for tests of stories.
///
/// 滨河街道总工会 just misses: its three cadres have 40, 40 and 39.88 hours off the job, on average 39.96 of 40; one of
/// three was selected; one has 49.5 of 50 hours online. 王建国 is in a class of 48 hours across New Year, half of it in
/// 2022. 郑强 moved in June from 滨河 to 临江区 and brought 24 hours. 杨帆 took office on 2021-09-01 and was trained in March;
/// 黄磊 learned nothing.
package struct Named: Sendable {
    /// Ids of the units by code, and of the people by name.
    package let units: [String: Int64]
    package let people: [String: Int64]

    package static let unitCodes = unitRows.map(\.code)

    /// Fills an empty database in one act.
    package static func fill(_ database: Database, numbers: PersonalNumbers) async throws -> Named {
        try await database.write(Act(who: .system, origin: "", kind: "demo.fill", why: "测试用的小世界")) { db in
            try DemoStore.requireEmpty(db)
            var units: [String: Int64] = [:]
            var ids: [Int64] = []
            for row in unitRows {
                let facts = OrganizationFacts(
                    parentID: row.parent.flatMap { units[$0] }, name: row.name, kind: row.kind, ownership: row.ownership,
                    employees: row.employees, members: row.employees)
                let unit = try OrganizationStore.create(code: row.code, facts: facts, in: db)
                units[row.code] = unit.id
                ids.append(unit.id)
            }
            var reader = PinyinReader()
            let prepared = try residents.map { try DemoWorld.rows(of: $0, units: ids, numbers: numbers, reader: &reader) }
            let people = try DemoWorld.write(prepared, images: true, in: db)
            return Named(units: units, people: Dictionary(people.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    // MARK: - Units

    private static let unitRows: [(code: String, kind: String, name: String, parent: String?, ownership: String, employees: Int?)] = [
        ("HX", "cityFederation", "衡溪市总工会", nil, "", nil),
        ("HX-XY", "unionCollege", "衡溪市工会干部学院", "HX", "", nil),
        ("HX-LJ", "districtFederation", "临江区总工会", "HX", "", nil),
        ("HX-LJ-BH", "townFederation", "滨河街道总工会", "HX-LJ", "", nil),
        ("HX-LJ-XD", "townFederation", "西渡街道总工会", "HX-LJ", "", nil),
        ("HX-LJ-BH-FW", "serviceStation", "滨河街道工会服务站", "HX-LJ-BH", "", 2600),
        ("HX-LJ-BH-Q001", "enterpriseUnion", "衡溪华盛精密机械有限公司工会", "HX-LJ-BH", "非公", 420),
        ("HX-JC", "bureauGroupUniversityUnion", "机床集团工会", "HX", "", nil),
    ]

    private static func place(_ code: String) -> Int { unitCodes.firstIndex(of: code) ?? 0 }

    // MARK: - People

    /// The people with their posts and trainings.
    package static let residents: [Resident] = [
        resident("周明", 1, "男", 1966, [post("HX", "2016-05-01", "divisionAndAbove", "党组书记、主席", leads: true)]),
        resident("林晓红", 2, "女", 1984, [post("HX", "2017-03-01", "sectionAndBelow", "组织部副部长")]),
        resident(
            "王建国", 3, "男", 1968, [post("HX-LJ", "2017-09-01", "divisionAndAbove", "主席", leads: true)],
            [offJob("年末工会干部研修班", "HX-XY-2022-0601", "HX-XY", "2022-12-29", "2023-01-03", days: 6, selected: true)]),
        resident(
            "李秀英", 4, "女", 1972, [post("HX-LJ", "2018-01-01", "divisionAndAbove", "副主席", leads: true)],
            [offJob("区县总工会领导干部研修班", "HX-2022-0101", "HX", "2022-05-09", "2022-05-13", days: 5, selected: true)]),
        resident(
            "张伟", 5, "男", 1988, [post("HX-LJ", "2018-07-01", "sectionAndBelow", "二级主任科员")],
            [offJob("工会业务骨干培训班", "HX-XY-2022-0301", "HX-XY", "2022-06-13", "2022-06-24", days: 10, selected: true)]),
        resident("阿依古丽·买买提", 6, "女", 1990, [post("HX-LJ", "2019-08-01", "sectionAndBelow", "干事")], ethnicity: "维吾尔族"),
        resident(
            "刘芳", 7, "女", 1979, [post("HX-LJ-BH", "2018-03-01", "grassroots", "主席", leads: true)],
            [
                offJob("基层工会干部轮训班", "HX-LJ-2022-0101", "HX-LJ", "2022-04-11", "2022-04-15", days: 5, selected: true),
                online("HX-WL-2022", hours: 50_00),
            ]),
        resident(
            "陈杰", 8, "男", 1983, [post("HX-LJ-BH", "2018-03-01", "grassroots", "副主席", leads: true)],
            [
                offJob("基层工会干部集中轮训班", "HX-LJ-BH-2022-0201", "HX-LJ-BH", "2022-05-16", "2022-05-20", days: 5, selected: false),
                online("HX-WL-2022", hours: 50_00),
            ]),
        resident(
            "赵𬱖", 9, "女", 1992, [post("HX-LJ-BH", "2018-09-01", "grassroots", "干事")],
            [
                offJob("女职工工作业务培训班", "HX-LJ-2022-0501", "HX-LJ", "2022-09-05", "2022-09-08", days: 4, selected: false),
                lecture("职工维权专题讲座", "HX-LJ-BH", "2022-11-10", hours: 7_88),
                online("HX-WL-2022", hours: 49_50),
            ]),
        resident(
            "郑强", 10, "男", 1987,
            [
                post("HX-LJ-BH", "2018-09-01", "grassroots", "专干", until: "2022-06-01"),
                post("HX-LJ", "2022-06-01", "sectionAndBelow", "四级主任科员"),
            ],
            [offJob("基层工会主席业务培训班", "HX-LJ-2022-0201", "HX-LJ", "2022-03-14", "2022-03-16", days: 3, selected: true)]),
        resident(
            "孙丽", 11, "女", 1991, [post("HX-LJ-BH-FW", "2018-06-01", "grassroots", "工会社会工作者", workforce: "unionSocialWorker")],
            [
                offJob(
                    "工会社会工作者业务培训班", "HX-LJ-2022-0301", "HX-LJ", "2022-07-04", "2022-07-05", days: 2, selected: true,
                    purpose: "specialised")
            ]),
        resident(
            "杨帆", 12, "男", 1980, [post("HX-LJ-BH-Q001", "2021-09-01", "grassroots", "主席", engagement: "partTime", leads: true)],
            [
                offJob(
                    "新任基层工会主席任职培训班", "HX-LJ-2022-0401", "HX-LJ", "2022-03-07", "2022-03-08", days: 2, selected: true,
                    purpose: "appointment")
            ]),
        resident("黄磊", 13, "男", 1986, [post("HX-LJ-BH-Q001", "2018-05-01", "grassroots", "委员", engagement: "partTime")]),
        resident("欧阳修文", 14, "男", 1970, [post("HX-JC", "2017-05-01", "divisionAndAbove", "主席", leads: true)]),
        resident("吴静", 15, "女", 1989, [post("HX-JC", "2018-10-01", "sectionAndBelow", "干事")]),
    ]

    private static func resident(
        _ name: String, _ number: Int, _ gender: String, _ year: Int, _ posts: [Resident.Post], _ trainings: [Resident.Training] = [],
        ethnicity: String = "汉族"
    ) -> Resident {
        let birth = Day.firstDay(of: year) + number * 17
        return Resident(
            code: "HX90000" + (number < 10 ? "0" : "") + String(number), name: name,
            idNumber: FolkNumbers.idNumber(ordinal: number, birth: birth, isMale: gender == "男"), birth: birth, gender: gender,
            ethnicity: ethnicity, politics: "中共党员", education: "大学本科", degree: "学士", phone: FolkNumbers.phone(ordinal: number), posts: posts,
            trainings: trainings)
    }

    private static func post(
        _ unit: String, _ from: String, _ category: String, _ title: String, until: String? = nil, workforce: String = "unionCadre",
        engagement: String = "fullTime", leads: Bool = false
    ) -> Resident.Post {
        Resident.Post(
            unit: place(unit), from: day(from), to: until.map(day) ?? .open, isPrimary: true, category: category, workforce: workforce,
            engagement: engagement, title: title, isLeadership: leads)
    }

    private static func offJob(
        _ title: String, _ code: String, _ host: String, _ from: String, _ to: String, days: Int, selected: Bool, purpose: String = "post"
    ) -> Resident.Training {
        Resident.Training(
            sourceCode: code, title: "2022年" + title, form: "offJob", isSelected: selected, purpose: purpose, content: "professional",
            host: place(host), institution: host == "HX-XY" ? "衡溪市工会干部学院" : "", from: day(from), to: day(to), halfDays: days * 2)
    }

    private static func lecture(_ title: String, _ host: String, _ on: String, hours: Int) -> Resident.Training {
        Resident.Training(
            title: "2022年" + title, form: "lecture", purpose: "other", content: "knowledge", host: place(host), from: day(on), to: day(on),
            hours: hours)
    }

    private static func online(_ code: String, hours: Int) -> Resident.Training {
        Resident.Training(
            sourceCode: code, title: "2022年度工会干部网络学院在线学习", form: "online", purpose: "other", content: "knowledge",
            host: place("HX-XY"), from: day("2022-12-20"), to: day("2022-12-20"), hours: hours)
    }

    private static func day(_ text: String) -> Day { Day(iso: text) ?? .always }
}
