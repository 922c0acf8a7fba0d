import Kit

/// The views of a list, above it: to go to, to save the present one, to rename and to delete.
package enum SavedViewPages {
    package static func bar(_ views: [SavedView], _ ask: ListAsk, _ token: FormToken) -> HTML {
        let present = ask.address.withoutWords
        let links: HTML = views.html { view in
            "<a class=\"view\" href=\"\(view.address.link)\"\("aria-current", view.address == present ? "true" : nil)>\(view.name)</a>"
        }
        let saving: HTML = postForm(to: "/views", token: token, """
            <input type="hidden" name="for" value="\(present.link)"><input name="name" maxlength="\(SavedView.longestName)" required placeholder="起个名字" aria-label="视图的名字">\
            \(submitButton("保存现在的视图", .plain))
            """)
        let keeping: HTML = views.html { view in
            postForm(to: "/views/\(view.id)/rename", token: token, """
                <input name="name" value="\(view.name)" maxlength="\(SavedView.longestName)" required aria-label="“\(view.name)”的名字">\
                \(submitButton("改名", .quiet))\(submitButton("删除", .quiet, to: "/views/\(view.id)/delete"))
                """)
        }
        return """
            <div class="views"><span class="note">视图</span>\(links)<details class="pick"><summary class="button quiet">\(views.isEmpty ? "保存" : "保存、管理")</summary>\
            <div class="menu">\(saving)\(keeping)<p class="hint">存下筛选、排序和列，不存姓名；只有您自己看得到。</p></div></details></div>
            """
    }
}
