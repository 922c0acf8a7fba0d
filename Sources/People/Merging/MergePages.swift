import Access
import Kit
import Register

/// Two files beside each other, before they become one.
enum MergePages {
    static func compare(
        _ kept: ShownFile, _ gone: ShownFile, _ posts: [MergeRow], _ more: [MergeRow], hasOverlap: Bool, _ filled: FilledForm, _ token: FormToken
    ) -> Page {
        let person = kept.person
        return Page(
            "核对：合并档案", subtitle: "\(person.name)", menu: "people", crumbs: [Page.Crumb("名册", "/people"), Page.Crumb(person.name, kept.home)],
            body: """
                \(filled.problem)\
                \(answerBox("另一份档案并入<b>这份</b>，以后只有这一份。请逐行核对确是同一个人。", mark: isSame(kept, gone) ? nil : .unknown))\
                \(panel("两份档案", table(facts(kept, gone))))\
                \(panel("任职", table(posts)))\
                \(more.isEmpty ? "" : panel("其他", table(more)))\
                \(panel("合并", padded(postForm(to: "\(kept.home)/merge", token: token, """
                    <input type="hidden" name="twin" value="\(gone.person.id)">\
                    \(hasOverlap ? radioField("primary", "两份的主任职重叠，以哪份的为主任职", [Choice("survivor", "这份档案的"), Choice("absorbed", "另一份的")], chosen: filled.text("primary", "survivor"), notes: filled.notes("primary", hint: "另一边的改为兼任。")) : "<input type=\"hidden\" name=\"primary\" value=\"ask\">" as HTML)\
                    \(whyField(filled))<div class="actions">\(submitButton("确认合并"))\(linkButton("不合并，返回", kept.home))</div>
                    """))))
                """)
    }

    private static func isSame(_ a: ShownFile, _ b: ShownFile) -> Bool { a.person.name == b.person.name && a.person.birthDay == b.person.birthDay }

    private static func table(_ rows: [MergeRow]) -> HTML {
        plainTable(["", "这份档案（保留）", "另一份档案（并入）", "合并以后"], rows.map { ["\($0.name)", "\($0.survivor)", "\($0.absorbed)", "\($0.becomes)"] })
    }

    private static func facts(_ kept: ShownFile, _ gone: ShownFile) -> [MergeRow] {
        func unit(_ shown: ShownFile) -> String { shown.file.present(on: shown.today).map { "\(shown.file.unit($0)) \($0.title)" } ?? "没有任职" }
        func row(_ name: String, _ value: (Person) -> String) -> MergeRow {
            let ours = value(kept.person), theirs = value(gone.person)
            return MergeRow(name, ours.isEmpty ? "未填" : ours, theirs.isEmpty ? "未填" : theirs, becomes: ours == theirs ? "相同" : "以这份的为准\(ours.isEmpty ? "（未填）" : "")")
        }
        let code: String = if let own = kept.person.code { gone.person.code == nil ? own : "\(own)；按另一个编号仍能找到" } else { gone.person.code ?? "没有" }
        return [
            MergeRow("现在的单位", unit(kept), unit(gone), becomes: "见下面的任职"), row("姓名", \.name),
            MergeRow("证件号码", kept.idNumber ?? "不显示", gone.idNumber ?? "不显示", becomes: kept.person.idIndex == gone.person.idIndex ? "相同" : "以这份的为准；按另一个号码仍能找到"),
            row("出生日期") { "\($0.birthDay)" }, MergeRow("人员编号", kept.person.code ?? "没有", gone.person.code ?? "没有", becomes: code),
            MergeRow("手机号", kept.phone ?? "未填", gone.phone ?? "未填", becomes: kept.phone == nil ? "仍未填；请在合并后补" : "以这份的为准"), row("学历", \.education),
        ]
    }

    /// What becomes of each post, and whether two primary ones run at once.
    static func posts(_ kept: ShownFile, _ gone: ShownFile) -> (rows: [MergeRow], hasOverlap: Bool) {
        let ours = kept.file.posts, theirs = gone.file.posts
        func words(_ file: PersonFile, _ post: Appointment) -> String { "\(file.unit(post)) \(post.title)（\(post.spanInWords)\(post.isPrimary ? "，主任职" : "")）" }
        func isSame(_ a: Appointment, _ b: Appointment) -> Bool { a.organizationID == b.organizationID && a.from == b.from && a.title == b.title }
        var hasOverlap = false
        let moved = theirs.map { post -> MergeRow in
            if let twin = ours.first(where: { isSame($0, post) }) { return MergeRow("任职", words(kept.file, twin), words(gone.file, post), becomes: "同一条，只留这份的") }
            guard post.isPrimary, let other = ours.first(where: { $0.isPrimary && $0.overlaps(post) }) else {
                return MergeRow("任职", "—", words(gone.file, post), becomes: "并入这份")
            }
            hasOverlap = true
            return MergeRow("任职", words(kept.file, other), words(gone.file, post), becomes: "两条主任职重叠，请在下面选；另一条改为兼任")
        }
        let staying = ours.filter { post in !theirs.contains { isSame(post, $0) || post.isPrimary && $0.isPrimary && post.overlaps($0) } }
            .map { MergeRow("任职", words(kept.file, $0), "—", becomes: "不变") }
        return (moved + staying, hasOverlap)
    }
}
