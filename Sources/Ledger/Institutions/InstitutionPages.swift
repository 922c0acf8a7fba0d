import Kit

/// 培训机构: the register of those that are not recognised.
enum InstitutionPages {
    struct Shown: Sendable {
        let entries: [UnrecognisedInstitution]
        let changes: [(name: String, isMarked: Bool, act: ActRecord)]
        /// Whose officers keep the register, by name of the unit.
        let keepers: String
        let mayKeep: Bool
    }

    static func register(_ shown: Shown, name: String = "", _ filled: FilledForm, _ token: FormToken) -> Page {
        let count = shown.entries.count
        return Page(
            "不予承认的机构", subtitle: "在这些培训机构的培训，不计入要求机构的指标", menu: "institutions",
            body: """
                \(answerBox(count == 0 ? "没有标为不予承认的培训机构：培训记录里写明机构的，都承认。" : "有 <b>\(count)</b> 个培训机构不予承认，在那里的培训不计入要求机构的指标。"))\
                \(shown.entries.isEmpty ? "" : panel("不予承认的机构", plainTable(["机构名称", "原因", "谁标的", "何时", ""], shown.entries.map { entry in
                    [
                        "\(entry.name)", "\(entry.act.why)", "\(entry.act.who)", "\(Clock.day(ofMilliseconds: entry.act.atMilliseconds))",
                        shown.mayKeep ? linkButton("恢复承认", PageAddress("/institutions/restore", Fields([("name", entry.name)])).link, .quiet) : "",
                    ]
                })))\
                \(sideBySide(
                    shown.mayKeep
                        ? panel("标为不予承认", padded(postForm(to: "/institutions", token: token, """
                            \(filled.problem)\(textField("name", "机构名称", value: filled.text("name", name), notes: filled.notes("name", hint: "与培训记录里“培训机构”写的完全相同。", required: true), autocomplete: "off", maxLength: 200))\
                            \(textField("why", "原因", value: filled.text("why"), notes: filled.notes("why", hint: "例如主管部门文件的文号。", required: true), maxLength: 500))\
                            <div class="actions">\(submitButton("标为不予承认"))</div><p class="hint">全部单位的指标随即重算。</p>
                            """)))
                        : panel("谁来维护", padded("<p>名单对所有单位有效，由\(shown.keepers)的组织人事管理员维护。有疑问的机构请向他们反映。</p>")),
                    panel("变更记录", shown.changes.isEmpty ? padded("<p>还没有变更。</p>") : timeline(shown.changes.map { change in
                        (
                            when: "\(Clock.day(ofMilliseconds: change.act.atMilliseconds))",
                            what: "\(change.isMarked ? "标为不予承认" : "恢复承认")：\(change.name)\(change.act.why.isEmpty ? "" : "（\(change.act.why)）")", who: change.act.who
                        )
                    }))))
                """)
    }

    static func restore(_ name: String, _ filled: FilledForm, _ token: FormToken) -> Page {
        Page(
            "恢复承认", subtitle: "\(name)", menu: "institutions", crumbs: [Page.Crumb("不予承认的机构", "/institutions")],
            body: "\(filled.problem)\(panel("恢复承认", padded(postForm(to: "/institutions/restore", token: token, """
                <p>恢复后，在“\(name)”的培训重新计入要求机构的指标，全部单位随即重算。</p><input type="hidden" name="name" value="\(name)">\
                \(textField("why", "理由", value: filled.text("why"), notes: filled.notes("why", required: true), maxLength: 500))\
                <div class="actions">\(submitButton("恢复承认"))\(linkButton("不做改动，返回", "/institutions"))</div>
                """))))")
    }
}
