import Access
import Kit
import People
import Register

extension Feature {
    /// 职工代表: who was elected to what, in which 届次, and until when that holds.
    package static let representatives = Feature(
        "职工代表",
        rights: [
            RightsRow("GET", "/organizations/:unit/representatives", .right(.seeing, .unit), "单位的代表任期"),
            RightsRow("POST", "/organizations/:unit/representatives/list.xlsx", .right(.seeing, .unit), "导出列出的任期"),
        ],
        subjects: [TermStore.subject: "代表任期"],
        columns: [
            "session": "届次", "elected_day": "当选日期", "expiry_day": "届满日期", "left_day": "离任日期", "constituency": "选区", "composition": "人员构成",
        ],
        keepers: [TermStore.keeper],
        ranges: [RangeCheck(TermStore.subject, "代表任期", ["elected_day": Day.numbers, "expiry_day": Day.numbers, "left_day": Day.numbers])],
        sheets: [.representatives], lists: [ListView.Kind.representatives.rawValue: "导出的职工代表，含完整号码"],
        merging: Merging(merged: { absorbed, survivor, db in try TermStore.merge(absorbed, into: survivor, in: db) }),
        erasing: Erasing(
            held: { erased, db in
                let count = try TermStore.count(of: erased.files, in: db)
                guard count > 0 else { return Erasing.Held() }
                return Erasing.Held(
                    goes: [("代表任期", "\(count) 个任期的选区和人员构成")], stays: [("代表任期", "\(count) 个任期的单位、届次和日期：往年的指标要能核对，名单里写作“\(Person.erasedName)”")])
            },
            forget: { erased, db in try TermStore.forget(of: erased.files, in: db) }),
        looks: [FileLook("representatives", "代表任期名单") { $0.contains("/representatives") }],
        recent: RecentSource(TermStore.recentKind, read: TermStore.recent),
        demo: DemoRows { ground, db in try TermDemo.add(ground, in: db) },
        brings: [
            TermRoutes.file.kind,
            FilePart(10) { file, signedIn, house, db in try TermRoutes.part(of: file, signedIn, house.library.vocabulary, in: db) },
            StandingOn { unmaking, db in try TermStore.standing(on: unmaking, in: db) },
            MergePart(20) { survivor, absorbed, db in
                let ours = try TermStore.terms(of: [survivor], in: db), theirs = try TermStore.terms(of: [absorbed], in: db), known = Set(ours.map(\.key))
                let doubles = theirs.count { term in
                    var moved = term
                    moved.personID = survivor
                    return known.contains(moved.key)
                }
                return ours.isEmpty && theirs.isEmpty ? [] : [MergeRow(
                    "代表任期", "\(ours.count) 个", "\(theirs.count) 个", becomes: "\(theirs.count - doubles) 个并入\(doubles > 0 ? "，\(doubles) 个相同，只留一个" : "")")]
            },
        ]
    ) { doors, house in
        TermRoutes.add(to: doors.signedIn, house)
    }
}
