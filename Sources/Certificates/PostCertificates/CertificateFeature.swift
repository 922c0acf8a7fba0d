import Access
import Kit
import People

extension Feature {
    /// 上岗证书.
    package static let certificates = Feature(
        "名册与档案",
        rights: [
            RightsRow("GET", "/people/:person/certificates", .right(.seeing, .person), "证书"),
            RightsRow("POST", "/people/:person/certificates", .right(.keeping, .person), "登记证书"),
            RightsRow("GET", "/people/:person/certificates/:certificate", .right(.keeping, .person), "更正证书的表单"),
            RightsRow("POST", "/people/:person/certificates/:certificate", .right(.keeping, .person), "更正证书"),
            RightsRow("POST", "/people/:person/certificates/:certificate/end", .right(.keeping, .person), "注销证书"),
        ],
        acts: [
            ("certificate.add", "登记上岗证书"),
            ("certificate.correct", "更正上岗证书"),
            ("certificate.end", "注销上岗证书"),
        ],
        subjects: ["post_certificate": "上岗证书"],
        columns: [
            "issuer": "发证单位", "issued_day": "发证日期", "valid_until": "有效期至", "refresher_due": "复训期限", "ended_day": "注销日期",
        ],
        ranges: [RangeCheck("post_certificate", "证书", [
            "issued_day": Day.numbers, "valid_until": Day.numbers, "refresher_due": Day.numbers, "ended_day": Day.numbers,
        ])],
        erasing: Erasing(
            held: { erased, db in Erasing.Held(goes: [("证书", "\(try CertificateStore.count(of: erased.files, in: db)) 个证书的编号、名称和发证单位")]) },
            forget: { erased, db in try CertificateStore.forget(of: erased.files, in: db) }),
        looks: [FileLook("certificates", "证书") { $0.contains("/certificates") }],
        demo: DemoRows { ground, db in
            // One whose refresher is due soon, or soon after the last year of a world that ended before today.
            guard let person = ground.people["zhengshu"] else { return }
            let year = ground.year, due = ground.today.map { $0 + 40 } ?? Day.firstDay(of: year + 1) + 59
            try CertificateStore.add(
                PostCertificate(
                    personID: person, number: "HX-SG-\(year - 3)-0017", title: "工会干部上岗证书", issuer: "衡溪市总工会", issued: Day.firstDay(of: year - 3) + 60,
                    validUntil: Day.lastDay(of: year + 7), refresherDue: due),
                in: db)
        },
        brings: [
            StandingOn { unmaking, db in try CertificateStore.standing(on: unmaking, in: db) },
            MergePart(30) { survivor, absorbed, db in
                let ours = try CertificateStore.certificates(of: survivor, in: db).count, theirs = try CertificateStore.certificates(of: absorbed, in: db).count
                return ours + theirs == 0 ? [] : [MergeRow("上岗证书", "\(ours) 张", "\(theirs) 张", becomes: theirs == 0 ? "不变" : "\(theirs) 张并入")]
            },
        ]
    ) { doors, house in
        CertificateRoutes.add(to: doors.signedIn, house)
    }
}
