import Kit

/// The roster as a list, and the form of a new file.
enum PersonListPages {
    struct Line: Sendable {
        let person: Person
        let post: Appointment?
        let unit: String
        /// How many other posts run.
        let others: Int
    }

    struct Shown: Sendable {
        let lines: [Line]
        let next: String?
        let unit: InScope<OrgTree.Unit>?
        let posts: PersonListStore.Posts
        let query: String
        let words: RosterWords
        /// A search by number: nothing of it stands in the address.
        let isByNumber: Bool
    }

    static func list(_ shown: Shown, _ ask: ListAsk, _ signedIn: SignedIn) -> Page {
        let mayKeep = signedIn.scope.isAnywhere(.keeping)
        let here = ask.address.with("after", nil)
        let place = shown.unit.map { $0.name } ?? signedIn.scope.topUnits(for: .seeing).map { $0.name }.joined(separator: "、")
        let sentence: HTML =
            if shown.isByNumber { shown.lines.isEmpty ? "在您的范围内没有这个号码的人。" : "这个号码对应 <b>\(shown.lines.count)</b> 人。" }
            else if !shown.query.isEmpty { shown.lines.isEmpty ? "没有找到“\(shown.query)”。" : "“\(shown.query)”在\(place)找到 <b>\(Numbers.count(shown.lines.count))\(shown.next == nil ? "" : " 人以上")</b>\(shown.next == nil ? " 人" : "")。" }
            else { "<b>\(place)</b>及下级单位\(shown.posts.word)人员，按拼音排列。" }
        return Page(
            "名册", menu: "people", crumbs: shown.unit.map { signedIn.scope.crumbs(to: $0) { "/people?unit=\($0.id)" } } ?? [],
            actions: mayKeep ? linkButton("新建档案", "/people/new", .primary, icon: .plus) : nil,
            body: """
                \(answerBox(sentence))\
                \(panel("查找", padded(postForm(to: "/people/find", token: signedIn.token, """
                    \(shown.unit.map { "<input type=\"hidden\" name=\"unit\" value=\"\($0.id)\">" as HTML })<input type="hidden" name="posts" value="\(shown.posts.rawValue)">\
                    \(textField("q", "姓名、拼音、首字母，或证件号码、手机号", value: shown.query, type: "search", notes: FieldNotes(hint: "证件号码可以只填首六位和末四位；号码不会出现在地址里。"), autocomplete: "off", maxLength: 60))\
                    <div class="actions">\(submitButton("查找", .plain, icon: .search))\(shown.query.isEmpty && !shown.isByNumber ? "" : linkButton("看全部", "/people", .quiet))</div>
                    """))))\
                \(shown.isByNumber ? "" : segmented("任职", PersonListStore.Posts.allCases.map { ($0.word, here.with("posts", $0 == .present ? nil : $0.rawValue).link, $0 == shown.posts) }))\
                \(panel("人员", actions: shown.unit == nil ? nil : linkButton("不限单位", here.with("unit", nil).link, .quiet), dataTable(
                    "人员", ask: ask,
                    columns: [
                        .text("姓名", "name") { "<a class=\"door\" href=\"/people/\($0.person.id)\">\($0.person.name)</a>" },
                        .text("单位", "unitName", wraps: true) { "\($0.unit)\($0.others > 0 ? tag("另有 \($0.others) 个职务") : "")" },
                        .text("职务", "title", wraps: true) { "\($0.post?.title ?? "—")" },
                        .text("类别", "category") { "\($0.post.map { shown.words.categories.word(of: $0.category) } ?? "")" },
                        .text("任职", "since") { "\($0.post?.spanInWords ?? "—")" },
                        .text("编号", "code") { "\($0.person.code ?? "")" },
                    ],
                    rows: shown.lines, next: shown.next,
                    empty: emptyState("没有符合的人", "名册里的人在这里按拼音列出；可以新建档案，或从 Excel 导入。", action: mayKeep ? linkButton("导入人员", "/exchange") : nil))))
                """)
    }

    static func new(_ twins: [Line], _ filled: FilledForm, _ words: RosterWords, _ signedIn: SignedIn) -> Page {
        Page(
            "新建档案", menu: "people", crumbs: [Page.Crumb("名册", "/people")],
            body: """
                \(filled.problem)\(twins.isEmpty ? "" : notice(.hint, "同名且同日出生的人已有档案，请先核对是不是同一个人：\(twins.html { "<br><a class=\"door\" href=\"/people/\($0.person.id)\">\($0.person.name)</a>　\($0.unit) \($0.post?.title ?? "")" })"))\
                \(panel("个人资料与任职", padded(postForm(to: "/people/new", token: signedIn.token, """
                    \(PersonPages.personFields(filled, person: nil))\
                    \(PersonPages.postFields(filled, nil, unit: "", scope: signedIn.scope, words: words))\
                    \(PersonPages.why(filled))\
                    \(twins.isEmpty ? "" : checkbox("sure", "已核对，不是同一个人，仍要新建"))\
                    <div class="actions">\(submitButton("新建档案"))\(linkButton("不做改动，返回", "/people"))</div>
                    """))))
                """)
    }
}
