import Access
import Kit
import Register

extension Feature {
    /// 名册与档案: people's files and posts, made, set right, merged and taken back.
    package static let files = Feature(
        "名册与档案",
        rights: [
            RightsRow("GET", "/people/new", .right(.keeping, .anywhere), "新增人员的表单"),
            RightsRow("POST", "/people/new", .right(.keeping, .anywhere), "新增人员"),
            RightsRow("GET", "/people/:person", .right(.seeing, .person), "人员档案"),
            RightsRow("GET", "/people/:person/history", .right(.seeing, .person), "档案的变更经过"),
            RightsRow("POST", "/people/:person/unmask", .right(.keeping, .person), "查看完整号码"),
            RightsRow("GET", "/people/:person/correct", .right(.keeping, .primaryUnit), "更正基本情况的表单"),
            RightsRow("POST", "/people/:person/correct", .right(.keeping, .primaryUnit), "更正基本情况"),
            RightsRow("GET", "/people/:person/merge", .right(.keeping, .primaryUnit), "合并档案的表单"),
            RightsRow("POST", "/people/:person/merge/compare", .right(.keeping, .primaryUnit), "并排核对两份档案"),
            RightsRow("POST", "/people/:person/merge", .right(.keeping, .primaryUnit), "合并档案"),
            RightsRow("GET", "/people/:person/appoint", .right(.keeping, .person), "任职的表单"),
            RightsRow("POST", "/people/:person/appoint", .right(.keeping, .person), "任职"),
            RightsRow("GET", "/people/:person/end", .right(.keeping, .person), "离任的表单"),
            RightsRow("POST", "/people/:person/end", .right(.keeping, .person), "离任"),
            RightsRow("GET", "/people/:person/posts/:post/correct", .right(.keeping, .person), "更正任职的表单"),
            RightsRow("POST", "/people/:person/posts/:post/correct", .right(.keeping, .person), "更正任职"),
            RightsRow("GET", "/people/:person/undo", .right(.keeping, .person), "撤回变更的表单"),
            RightsRow("POST", "/people/:person/undo", .right(.keeping, .person), "撤回变更"),
        ],
        acts: [
            ("person.create", "新建人员档案"),
            ("person.correct", "更正人员信息"),
            ("person.appoint", "登记任职"),
            ("person.transfer", "办理调动"),
            ("person.end", "办理离任"),
            ("appointment.correct", "更正任职"),
            ("person.merge", "合并两份档案"),
            ("undo", "撤回一次操作"),
        ],
        subjects: ["person": "人员", "appointment": "任职"],
        columns: [
            "pinyin": "拼音", "initials": "首字母", "id_cipher": "证件号码（密文）", "id_index": "证件号码（检索码）", "id_part_index": "证件号码前六后四（检索码）", "birth_day": "出生日期", "gender": "性别", "ethnicity": "民族", "politics": "政治面貌", "education": "学历", "degree": "学位", "phone_cipher": "手机号（密文）", "phone_index": "手机号（检索码）", "merged_into": "并入的档案", "person_id": "人员编号", "is_primary": "主任职", "category": "人员类别", "workforce": "队伍类别", "engagement": "专兼挂", "title": "职务或名称", "is_leadership": "领导班子成员", "number": "号码",
        ],
        keepers: RosterStore.keepers,
        ranges: [
            RangeCheck("person", "人员档案", ["birth_day": Day.numbers]), RangeCheck("appointment", "任职", ["from_day": Day.numbers, "to_day": Day.numbers]),
        ],
        sheets: [.people], lists: [ListView.Kind.people.rawValue: "导出的人员表，含完整号码"], rekeyed: [PersonRekeyStore.rekeyed],
        looks: [FileLook("history", "档案的变更历史") { $0.hasSuffix("/history") }],
        recent: RecentSource(RecentFileStore.post, RecentFileStore.file, read: RecentFileStore.changes),
        brings: [
            StandingOn { unmaking, db in
                var found: [Dependent] = []
                let own = Set(unmaking.posts)
                for some in RosterStore.chunks(unmaking.people) where found.count < Dependent.most {
                    let later = try RosterStore.appointments(of: some, in: db).filter { !own.contains($0.id) }
                    found += try later.prefix(Dependent.most).map { Dependent(.person($0.personID), "后来登记了在\(try OrganizationStore.name($0.organizationID, in: db))的任职") }
                    found += try some.flatMap { try RosterStore.absorbed(by: $0, in: db).isEmpty ? [] : [Dependent(.person($0), "后来有另一份档案并了进来", isForGood: true)] }
                }
                return found
            },
            UndoDoor(["person.create", "person.correct", "person.appoint", "person.transfer", "person.end", "appointment.correct", "person.merge"]) { act, db in
                let own = try ActStore.changes(ofAct: act, limit: 20, in: db).first { ["person", "appointment"].contains($0.subject) }
                let person = own.flatMap { $0.subject == "person" ? $0.after?.int("merged_into") ?? $0.subjectID : ($0.after ?? $0.before)?.int("person_id") }
                return person.map { "/people/\($0)/undo?act=\(act)" }
            },
        ]
    ) { doors, house in
        PersonRoutes.add(to: doors.signedIn, house)
        PersonActRoutes.add(to: doors.signedIn, house)
    }
}
