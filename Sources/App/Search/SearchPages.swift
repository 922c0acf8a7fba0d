import Access
import Kit

/// 搜索: one line to type into, and what was found by kind, the best first.
enum SearchPages {
    struct Group: Sendable {
        let word: String
        let best: Hit.Fit
        let found: Found
    }

    /// Nothing was typed yet. `hasNumber`: a number stood in the address, by which nothing is looked for.
    static func empty(_ finders: [Finder], _ signedIn: SignedIn, hasNumber: Bool = false) -> Page {
        page("", signedIn, body: """
            \(hasNumber ? notice(.hint, "号码不能写在网址里，没有查找。请在下面输入，号码不会留在地址里。") : "")\(line("", signedIn))\(panel("可以找什么", padded(hints(finders))))
            """)
    }

    static func found(_ sought: Sought, _ groups: [Group], _ finders: [Finder], _ signedIn: SignedIn) -> Page {
        let said = sought.number == nil ? "“\(sought.typed)”" : "这个号码"
        guard !groups.isEmpty else {
            return page(sought.typed, signedIn, body: """
                \(line(sought.typed, signedIn))\(answerBox("在您看得到的范围里没有找到\(said)。"))\
                \(panel("换个办法再找", padded("<ul><li>核对有没有错字，或者只输前几个字。</li>\(sought.number == nil ? "" : "<li>证件号码要输全，或输前六位加后四位；手机号输 11 位。</li>" as HTML)</ul>\(hints(finders))")))
                """)
        }
        return page(sought.typed, signedIn, body: """
            \(line(sought.typed, signedIn))\(groups.html { group in
                panel(group.word, actions: group.found.more.map { linkButton($0.word, $0.link, .quiet) }, rowList(group.found.hits.map(one)))
            })
            """)
    }

    private static func page(_ typed: String, _ signedIn: SignedIn, body: HTML) -> Page {
        Page(typed.isEmpty ? "搜索" : "搜索：\(typed)", subtitle: "只在您看得到的范围里找", menu: "search", body: body)
    }

    private static func line(_ typed: String, _ signedIn: SignedIn) -> HTML {
        """
        <div class="asked" role="search">\(postForm(to: searchPath, token: signedIn.token, """
            <input type="search" name="\(searchField)" value="\(typed)" aria-label="要找的" maxlength="60" autocomplete="off"\("autofocus", if: typed.isEmpty)>\(submitButton("搜索", .primary, icon: .search))
            """))</div>
        """
    }

    private static func hints(_ finders: [Finder]) -> HTML {
        "<ul>\(finders.html { "<li><b>\($0.word)</b>\($0.hint.map { "：\($0)" } ?? "")</li>" })</ul>"
    }

    private static func one(_ hit: Hit) -> HTML {
        row(
            "<a class=\"door\" href=\"\(hit.link)\">\(hit.name)</a>", note: hit.note.isEmpty ? nil : "\(hit.note)",
            end: hit.steps.isEmpty ? nil : "<span class=\"steps-on\">\(hit.steps.html { linkButton($0.word, $0.link, .quiet) })</span>")
    }
}
