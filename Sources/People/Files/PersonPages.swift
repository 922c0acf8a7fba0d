import Access
import Kit
import Register

/// The page of one person, and the history of the file.
enum PersonPages {
    /// `parts` are panels of other features; `unmasked` is the number that was asked for, whole, on this answer only.
    static func person(_ shown: ShownFile, heads: [HTML] = [], parts: [HTML], unmasked: (which: Unmasking.Number, text: String?)? = nil, _ token: FormToken) -> Page {
        let person = shown.person, file = shown.file
        let now = file.posts.filter { $0.covers(shown.today) }
        return Page(
            person.name, subtitle: file.sight.isWhole ? file.present(on: shown.today).map { "\(file.unit($0)) \($0.title)" } : nil, menu: "people",
            crumbs: [Page.Crumb("名册", "/people")],
            actions: """
                \(linkButton("学时账户", "\(shown.home)/hours", .plain, icon: .books))\
                \(file.sight.mayKeep ? linkButton("登记培训", "/training/new?person=\(person.id)", .plain, icon: .plus) : "")\
                \(linkButton("上岗证书", "\(shown.home)/certificates", .plain))\
                \(file.sight.mayKeepFacts ? linkButton("更正资料", "\(shown.home)/correct") + linkButton("账号", "/activation\(shown.home)", .plain, icon: .lock) + linkButton("合并重复档案", "\(shown.home)/merge", .quiet) : "")\
                \(file.sight.mayKeepFacts && now.isEmpty ? linkButton("依法删除", "\(shown.home)/erase", .quiet) : "")
                """,
            body: """
                \(unmasked.map { looked in notice(.hint, looked.text == nil ? "没有登记\(looked.which.word)。" : "\(looked.which.word)只在这一页完整显示；这次查看已记入日志，本人能看到是谁看的。") })\
                \(heads)\(answer(shown, now))\
                \(posts(shown, now))\
                \(parts)\
                \(sideBySide(particulars(shown, unmasked, token), recent(shown)))
                """)
    }

    private static func answer(_ shown: ShownFile, _ now: [Appointment]) -> HTML {
        let file = shown.file
        guard file.sight.isWhole else {
            return answerBox("在您范围内的任职到 <b>\(file.sight.until - 1)</b> 为止。这里是到那一天的档案，之后的情况不显示，也不能改动。")
        }
        guard let primary = file.present(on: shown.today) else {
            let last = file.posts.home(on: shown.today)
            return answerBox("现在没有任职。\(last.map { "最后在\(file.unit($0))\($0.title.isEmpty ? "" : "任\($0.title)")（\(file.span($0))）。" } ?? "")")
        }
        let missing = [
            primary.isPrimary && primary.category.isEmpty ? "人员类别" : nil, shown.phone == nil ? "手机号" : nil, shown.person.education.isEmpty ? "学历" : nil,
        ].compactMap { $0 }
        let more = now.count > 1 ? "，另有 \(now.count - 1) 个兼任" : ""
        return answerBox(
            "现任 <b>\(file.unit(primary))\(primary.title.isEmpty ? "" : " " + primary.title)</b>\(more)。\(missing.isEmpty ? "" : "档案还缺 <b>\(missing.joined(separator: "、"))</b>，补齐后指标和通知才完整。" as HTML)",
            mark: missing.isEmpty ? nil : .unknown,
            action: missing.isEmpty || !file.sight.mayKeepFacts ? nil : linkButton("补齐", missing == ["人员类别"] ? "\(shown.home)/posts/\(primary.id)/correct" : "\(shown.home)/correct", .primary))
    }

    private static func particulars(_ shown: ShownFile, _ unmasked: (which: Unmasking.Number, text: String?)?, _ token: FormToken) -> HTML {
        let person = shown.person
        func plain(_ text: String) -> HTML { "\(text.isEmpty ? "未填" : text)" }
        func number(_ which: Unmasking.Number, _ masked: String?, none: String) -> HTML {
            if let unmasked, unmasked.which == which, let text = unmasked.text { return "<b>\(text)</b>" }
            guard let masked else { return "\(none)" }
            return "\(masked) \(shown.mayUnmask ? postButton("显示完整号码", to: "\(shown.home)/unmask", token: token, .quiet, hidden: [("number", which.rawValue)]) : "")"
        }
        return panel(
            "基本信息", note: shown.unmaskings == 0 ? nil : "完整号码被查看过 \(shown.unmaskings) 次",
            padded(facts([
                ("姓名", "\(person.name)"), ("人员编号", "\(person.code ?? "没有")"), ("证件号码", number(.idNumber, shown.idNumber, none: "后来更正过，不显示")),
                ("出生日期", "\(person.birthDay)"), ("性别", plain(person.gender)), ("民族", plain(person.ethnicity)), ("政治面貌", plain(person.politics)),
                ("学历", plain(person.education)), ("学位", plain(person.degree)), ("手机号", number(.phone, shown.phone, none: shown.file.sight.isWhole ? "未填" : "未填或后来更正过")),
            ])))
    }

    private static func recent(_ shown: ShownFile) -> HTML {
        panel(
            "变更记录", note: "谁、何时、为什么", actions: shown.events.isEmpty ? nil : linkButton("全部变更与撤回", "\(shown.home)/history", .quiet),
            shown.events.isEmpty ? padded("<p>建档后没有变更。</p>") : events(shown.events.prefix(6)))
    }

    private static func posts(_ shown: ShownFile, _ now: [Appointment]) -> HTML {
        let file = shown.file, words = shown.words
        let actions: HTML = !file.sight.mayKeep ? "" : """
            \(linkButton("登记任职或调动", "\(shown.home)/appoint", .plain, icon: .plus))\
            \(now.contains { file.kept.contains($0.id) } ? linkButton("办理离任", "\(shown.home)/end") : "")
            """
        return panel("任职", actions: actions, file.posts.isEmpty ? padded("<p>没有任职。</p>") : plainTable(
            ["起止", "单位", "职务", "人员类别", "队伍类别", "任职方式", ""],
            file.posts.sorted { ($0.from, $0.id) > ($1.from, $1.id) }.map { post in
                [
                    "\(file.span(post))", "\(file.unit(post))", "\(post.title)\(post.isLeadership ? " " + tag("班子成员") : "")",
                    "\(post.category.isEmpty ? "未填" : words.categories.word(of: post.category))", "\(words.workforces.word(of: post.workforce))",
                    "\(words.engagements.word(of: post.engagement))",
                    "\(post.isPrimary ? tag("主任职") : tag("兼任"))\(file.kept.contains(post.id) ? linkButton("更正", "\(shown.home)/posts/\(post.id)/correct", .quiet) : "")",
                ]
            }))
    }

    // MARK: History

    /// Every act on the file, newest first; the newest can be taken back.
    static func history(_ shown: ShownFile) -> Page {
        Page(
            "变更记录", subtitle: "\(shown.person.name)", menu: "people",
            crumbs: [Page.Crumb("名册", "/people"), Page.Crumb(shown.person.name, shown.home)],
            actions: shown.file.sight.mayKeep ? shown.events.first.map { linkButton("撤回最近一次变更", "\(shown.home)/undo?act=\($0.act.id)") } : nil,
            body: panel(
                "变更记录", note: "只增不改，最近的在前",
                shown.events.isEmpty ? emptyState("没有变更", "建档、更正、任职和撤回都会记在这里。") : events(shown.events.prefix(200))))
    }

    private static func events(_ events: some Collection<PersonHistory.Event>) -> HTML {
        timeline(events.map { event in
            (
                when: "\(Clock.day(ofMilliseconds: event.act.atMilliseconds))",
                what: "\(event.what.isEmpty ? "变更" : event.what.joined(separator: "；"))\(event.act.why.isEmpty ? "" : "（\(event.act.why)）")",
                who: event.act.who
            )
        })
    }
}
