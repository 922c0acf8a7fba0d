import Access
import Kit
import Register

/// 名册: the list of people and the ways to find one.
enum PersonListPages {
    /// What the list is of.
    struct Asked: Sendable {
        let typed: String
        let unit: OrgTree.Unit?
        let isPast: Bool
        let missing: PersonListStore.Missing?

        /// The same list with something else chosen.
        func link(isPast: Bool? = nil, typed: String? = nil, missing: PersonListStore.Missing?? = nil) -> String {
            var query = Fields()
            query["unit"] = unit.map { "\($0.id)" }
            let words = typed ?? self.typed
            query["q"] = words.isEmpty ? nil : words
            query["state"] = (isPast ?? self.isPast) ? "past" : nil
            query["missing"] = (missing ?? self.missing)?.rawValue
            return PageAddress("/people", query).link
        }
    }

    static func list(
        _ listed: [PersonFile], next: String?, _ asked: Asked, words: RosterWords, ask: ListAsk, typedNumber: String, message: String?, _ signedIn: SignedIn
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
                \(sideBySide(
                    panel("找人", padded(seekForm(to: "/people", token: signedIn.token, """
                        \(asked.unit.map { "<input type=\"hidden\" name=\"unit\" value=\"\($0.id)\">" as HTML })\(asked.isPast ? "<input type=\"hidden\" name=\"state\" value=\"past\">" as HTML : "")\
                        \(textField("q", "姓名、全拼、首字母或人员编号", value: asked.typed, type: "search"))<div class="actions">\(submitButton("查找", .plain, icon: .search))\(asked.typed.isEmpty ? "" : linkButton("看全部", asked.link(typed: ""), .quiet))</div>
                        """))),
                    panel("按号码找", note: "号码不会留在地址里", padded(postForm(to: "/people/find", token: signedIn.token, """
                        <div class="asking">\(textField("number", "证件号码、它的前六加后四位，或手机号", value: typedNumber, notes: FieldNotes(message: message), autocomplete: "off"))<div class="actions">\(submitButton("查找", .plain, icon: .search))</div></div>
                        """)))))\
                <p>\(segmented("看哪些人", [("在任", asked.link(isPast: false), !asked.isPast), ("曾任", asked.link(isPast: true, missing: .some(nil)), asked.isPast)]))</p>\
                \(panel(asked.isPast ? "曾任人员" : "在任人员", dataTable(
                    "人员", ask: ask,
                    columns: [
                        .text("姓名", "name") { personChip($0.person.name, link: "/people/\($0.person.id)") },
                        .text("人员编号", "code") { "\($0.person.code ?? "")" },
                        .text("单位", "unit", wraps: true) { file in post(file, signedIn.today).map { "\(file.unit($0))" } ?? "" },
                        .text("职务", "title") { post($0, signedIn.today).map { "\($0.title)" } ?? "" },
                        .text("人员类别", "category") { post($0, signedIn.today).map { "\(words.categories.word(of: $0.category))" } ?? "" },
                        .text(asked.isPast ? "离任" : "任职", "span") { file in post(file, signedIn.today).map { "\(span($0, file, asked.isPast))" } ?? "" },
                    ],
                    rows: listed, next: next, empty: empty(asked, mayKeep))))
                """)
    }

    private static func post(_ file: PersonFile, _ today: Day) -> Appointment? {
        file.sight.isWhole ? file.present(on: today) ?? file.posts.home(on: today) : file.posts.home(on: file.sight.until - 1)
    }

    private static func span(_ post: Appointment, _ file: PersonFile, _ isPast: Bool) -> String {
        guard isPast else { return post.from == .always ? "" : "\(post.from)" }
        return "\(post.to == .open ? file.sight.until : post.to)"
    }

    private static func empty(_ asked: Asked, _ mayKeep: Bool) -> HTML {
        if !asked.typed.isEmpty { 
            return "\(asked.isPast ? "曾任" : "在任")人员里没有“\(asked.typed)”。可以换全拼、首字母再试，或<a href=\"\(asked.link(isPast: !asked.isPast, missing: .some(nil)))\">到\(asked.isPast ? "在任" : "曾任")人员里找</a>。"
        }
        if asked.missing != nil { return "在任人员都填了，没有要补的。" }
        if asked.isPast { return "没有已离任的人。" }
        return mayKeep ? "还没有人员。上传人员名册后，这里就会列出来。<a href=\"/exchange\">去导入</a>" : "还没有人员。"
    }
}
