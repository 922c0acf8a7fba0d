import Access
import Kit
import Register

/// 名册: the list of people and the ways to find one.
enum PersonListPages {
    struct Shown: Sendable {
        let files: [PersonFile]
        /// How many are listed, counted no further than one bulk change goes; nil where counting would take too long.
        let count: Int?
        /// Whether it is of so few units that it is filtered by what stands in the posts, and short enough to be put in order by it.
        let isFew: Bool, isHeld: Bool
        let next: String?
        let views: [SavedView]
    }

    static func list(
        _ shown: Shown, _ asked: PersonListAsk, words: RosterWords, ask: ListAsk, typedNumber: String, message: String?, _ signedIn: SignedIn
    ) -> Page {
        let mayKeep = signedIn.scope.isAnywhere(.keeping)
        return Page(
            asked.unit.map { "\($0.name) · 名册" } ?? "名册", subtitle: asked.unit == nil ? "您权限内的全部人员" : "含下级单位", menu: "people",
            crumbs: asked.unit.map { unit in
                signedIn.scope.tree.path(to: unit.id).filter { signedIn.scope.covers($0.id, for: .seeing) }.map { Page.Crumb($0.name, "/people?unit=\($0.id)") }
            } ?? [],
            actions: mayKeep ? linkButton("申请调入", "/transfers/new") + linkButton("新建档案", "/people/new", .primary, icon: .plus) : nil,
            body: """
                \(asked.missing.map { missing in
                    notice(.hint, "只列出在任而还没有填\(missing.word)的人。<a href=\"\(asked.link(missing: .some(nil)))\">看全部在任人员</a>")
                })\
                \(panel(asked.isPast ? "曾任人员" : "在任人员", finder(asked, typedNumber: typedNumber, message: message, signedIn) + SavedViewPages.bar(shown.views, ask, signedIn.token) + dataTable(
                    "人员", ask: ask,
                    columns: columns(asked, isFew: shown.isFew && !asked.isPast, isHeld: shown.isHeld, words, signedIn.today),
                    rows: shown.files, next: shown.next, count: shown.count.map { min($0, BulkStore.most) }, isMore: shown.count.map { $0 > BulkStore.most } ?? false,
                    ticks: mayKeep && !asked.isPast ? ticks(signedIn.today) : nil,
                    acts: mayKeep && !asked.isPast && !shown.files.isEmpty ? BulkPages.choosing(asked, count: shown.count, words, signedIn.token) : nil,
                    export: shown.files.isEmpty ? nil : (ListFile.link(ask), signedIn.token),
                    empty: empty(asked, mayKeep))))
                """)
    }

    static func columns(_ asked: PersonListAsk, isFew: Bool, isHeld: Bool, _ words: RosterWords, _ today: Day) -> [ListColumn<PersonFile>] {
        [
            .text("姓名", "q", sorts: true) { personChip($0.person.name, link: "/people/\($0.person.id)") }.inSheet { CellContent($0.person.name) },
            .text("人员编号", "code", sorts: true) { "\($0.person.code ?? "")" },
            .text("单位", "place", sorts: isHeld, filter: isFew ? .text : nil, wraps: true) { file in post(file, today).map { "\(file.unit($0))" } ?? "" },
            .text("职务", "title", sorts: isHeld, filter: isFew ? .text : nil) { post($0, today).map { "\($0.title)" } ?? "" },
            .text("人员类别", "category", sorts: isHeld, filter: asked.isPast ? nil : .choices(words.categories.pairs.map { Choice($0.key, $0.word) })) { post($0, today).map { "\(words.categories.word(of: $0.category))" } ?? "" },
            .text(asked.isPast ? "任职到" : "任职", "span", sorts: isHeld) { file in day(file, asked, today).map { "\($0)" } ?? "" }.inSheet(.day) { CellContent(day($0, asked, today)) },
        ]
    }

    private static func day(_ file: PersonFile, _ asked: PersonListAsk, _ today: Day) -> Day? { post(file, today).flatMap { day($0, file, asked.isPast) } }

    /// One line above the list: who is listed, and finding somebody by name or by number.
    private static func finder(_ asked: PersonListAsk, typedNumber: String, message: String?, _ signedIn: SignedIn) -> HTML {
        return finderBar(
            segmented("看哪些人", [("在任", asked.link(isPast: false), !asked.isPast), ("曾任", asked.link(isPast: true, missing: .some(nil)), asked.isPast)]),
            seekForm(to: "/people", token: signedIn.token, """
                \(asked.pairs.filter { $0.name != "q" }.html { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" })\
                \(searchBox("q", "姓名、全拼、首字母或人员编号", value: asked.typed))\(submitButton("查找", .plain, icon: .search))\(asked.typed.isEmpty ? "" : linkButton("看全部", asked.link(typed: ""), .quiet))
                """),
            "<details class=\"pick\"\("open", if: message != nil)><summary class=\"button quiet\">按号码找</summary><div class=\"menu\">" + postForm(to: "/people/find", token: signedIn.token, """
                \(textField("number", "证件号码、它的前六加后四位，或手机号", value: typedNumber, notes: FieldNotes(hint: "号码不会留在地址里。", message: message), autocomplete: "off"))\(submitButton("查找", .plain, icon: .search))
                """) + "</div></details>")
    }

    /// Those are ticked whose post of today one keeps.
    private static func ticks(_ today: Day) -> ListTicks<PersonFile> {
        ListTicks("person", form: BulkPages.formID, label: \.person.name) { file in
            post(file, today).flatMap { file.kept.contains($0.id) && $0.covers(today) ? "\(file.person.id)" : nil }
        }
    }

    private static func post(_ file: PersonFile, _ today: Day) -> Appointment? {
        file.sight.isWhole ? file.present(on: today) ?? file.posts.home(on: today) : file.posts.home(on: file.sight.until - 1)
    }

    private static func day(_ post: Appointment, _ file: PersonFile, _ isPast: Bool) -> Day? {
        guard isPast else { return post.from == .always ? nil : post.from }
        // The last day in post, as the file has it.
        return (post.to == .open ? file.sight.until : post.to) - 1
    }

    /// Nil where the table says that nothing fits its filters, and clears them.
    private static func empty(_ asked: PersonListAsk, _ mayKeep: Bool) -> HTML? {
        if !asked.isPast, ![asked.place, asked.title, asked.category].allSatisfy(\.isEmpty) { return nil }
        if !asked.typed.isEmpty { 
            return "\(asked.isPast ? "曾任" : "在任")人员里没有“\(asked.typed)”。可以换全拼、首字母再试，或<a href=\"\(asked.link(isPast: !asked.isPast, missing: .some(nil)))\">到\(asked.isPast ? "在任" : "曾任")人员里找</a>。"
        }
        if asked.missing != nil { return "在任人员都填了，没有要补的。" }
        if asked.isPast { return "没有已离任的人。" }
        return mayKeep ? "还没有人员。上传人员名册后，这里就会列出来。<a href=\"/exchange\">去导入</a>" : "还没有人员。"
    }
}
