import Access
import Kit
import Register

/// 上岗证书 of a person, as the officer keeps them.
enum CertificatePages {
    struct Shown: Sendable {
        let person: Person
        let certificates: [PostCertificate]
        let mayKeep: Bool
        let reminder: Int
    }

    static func list(_ shown: Shown, _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
        let path = "/people/\(shown.person.id)/certificates", today = signedIn.today
        return Page(
            "\(shown.person.name) · 上岗证书", menu: "people", crumbs: crumbs(shown.person),
            body: """
                \(shown.certificates.isEmpty
                    ? emptyState("还没有上岗证书", shown.mayKeep ? "登记后，本人的档案和到期提醒里就有它。" : "登记后会列在这里。")
                    : panel("证书", plainTable(["证书", "编号", "发证单位", "有效期", "复训", "状态", ""], shown.certificates.map { one in
                        [
                            "\(one.title)", "\(one.number)", "\(one.issuer)", "\(one.spanInWords)", "\(one.refresherDue.map(\.description) ?? "—")",
                            badge(one.state(on: today, reminder: shown.reminder)), shown.mayKeep ? linkButton("更正或注销", "\(path)/\(one.id)", .quiet) : "",
                        ]
                    })))\
                \(shown.mayKeep ? panel("登记一张证书", padded(filled.problem + postForm(to: path, token: signedIn.token, """
                    \(fields(nil, filled))<div class="actions">\(submitButton("登记"))</div>
                    """))) : "")
                """)
    }

    private static func badge(_ state: PostCertificate.State) -> HTML { stateBadge(state.mark, state.word) }

    static func one(_ certificate: PostCertificate, in shown: Shown, _ filled: FilledForm, ending: FilledForm, _ signedIn: SignedIn) -> Page {
        let person = shown.person, path = "/people/\(person.id)/certificates"
        return Page(
            certificate.title, subtitle: "\(person.name) · 编号 \(certificate.number) · \(certificate.state(on: signedIn.today, reminder: shown.reminder).word)", menu: "people",
            crumbs: crumbs(person) + [Page.Crumb("上岗证书", path)],
            body: sideBySide(
                panel("更正", padded(filled.problem + postForm(to: "\(path)/\(certificate.id)", token: signedIn.token, """
                    \(fields(certificate, filled))\
                    \(textField("why", "更正理由", value: filled.text("why"), notes: filled.notes("why", hint: "随记录长期保存，本人看得到。", required: true), maxLength: 200))\
                    <div class="actions">\(submitButton("更正"))\(linkButton("取消", path))</div>
                    """))),
                certificate.ended == nil
                    ? panel("注销", padded(ending.problem + postForm(to: "\(path)/\(certificate.id)/end", token: signedIn.token, """
                        \(textField("day", "注销日期", value: ending.text("day", "\(signedIn.today)"), type: "date", notes: ending.notes("day", hint: "证书不再有效的第一天。", required: true)))\
                        \(textField("reason", "注销理由", value: ending.text("reason"), notes: ending.notes("reason", required: true), maxLength: 200))\
                        <div class="actions">\(submitButton("注销", .plain))</div>
                        """)))
                    : panel("注销", padded("已于 \(certificate.ended.map(\.description) ?? "") 注销。"))))
    }

    private static func crumbs(_ person: Person) -> [Page.Crumb] {
        [Page.Crumb("名册", "/people"), Page.Crumb(person.name, "/people/\(person.id)")]
    }

    private static func fields(_ present: PostCertificate?, _ filled: FilledForm) -> HTML {
        """
        \(textField("title", "证书名称", value: filled.text("title", present?.title ?? "工会干部上岗证书"), notes: filled.notes("title", required: true), maxLength: 60))\
        \(textField("number", "证书编号", value: filled.text("number", present?.number ?? ""), notes: filled.notes("number", required: true), maxLength: 60))\
        \(textField("issuer", "发证单位", value: filled.text("issuer", present?.issuer ?? ""), notes: filled.notes("issuer", required: true), maxLength: 100))\
        \(textField("issued", "发证日期", value: filled.text("issued", present?.issued.description ?? ""), type: "date", notes: filled.notes("issued", required: true)))\
        \(textField("until", "有效期至", value: filled.text("until", present.flatMap { $0.validUntil == .open ? nil : $0.validUntil.description } ?? ""), type: "date", notes: filled.notes("until", hint: "最后一个有效的日子；长期有效则留空。")))\
        \(textField("refresher", "下次复训不晚于", value: filled.text("refresher", present?.refresherDue?.description ?? ""), type: "date", notes: filled.notes("refresher", hint: "没有复训要求则留空。")))
        """
    }
}
