/// The navigation: groups of entries by area, as the viewer's roles allow. What one may not see is not there.
package struct Menu: Sendable {
    package struct Entry: Sendable {
        /// The same word as `Page.menu` of the pages below it.
        package var key: String
        package var name: String
        package var link: String
        package var icon: Icon
        /// How much waits there.
        package var waiting: Int?
        /// Stands in the bottom bar of a phone; the first four that do are shown, and 更多.
        package var onPhone: Bool

        package init(_ key: String, _ name: String, _ link: String, _ icon: Icon, waiting: Int? = nil, onPhone: Bool = false) {
            self.key = key
            self.name = name
            self.link = link
            self.icon = icon
            self.waiting = waiting
            self.onPhone = onPhone
        }
    }

    package struct Group: Sendable {
        package var name: String?
        package var entries: [Entry]
        package init(_ name: String?, _ entries: [Entry]) {
            self.name = name
            self.entries = entries
        }
    }

    package var groups: [Group]
    package init(_ groups: [Group]) { self.groups = groups.filter { !$0.entries.isEmpty } }
}

/// Who is looking, for the corner that says so.
package struct Viewer: Sendable {
    package var name: String
    package var note: String
    package var token: FormToken
    package init(name: String, note: String, token: FormToken) {
        self.name = name
        self.note = note
        self.token = token
    }
}

/// Where the search of the frame goes, and its field: words may be a person's name or number, so they go in the form's body.
package let searchPath = "/search", searchField = "find"

/// The line of the frame into which one types what is looked for; it works without scripts, and `/` leads there with them.
private func searchLine(_ token: FormToken) -> HTML {
    """
    <div class="find" role="search"><form method="post" action="\(searchPath)"><input type="hidden" name="\(FormToken.field)" value="\(token.value)">\
    <input type="search" id="find" name="\(searchField)" aria-label="搜索" aria-keyshortcuts="/" placeholder="搜人、单位、条款、页面" maxlength="60" autocomplete="off"><button class="button quiet" aria-label="开始搜索">\(icon(.search))</button></form></div>
    """
}

/// The whole document of a page for somebody signed in. `announcement` stands above everything.
package func framed(_ page: Page, menu: Menu, announcement: String? = nil, viewer: Viewer, assets: AssetLinks) -> HTML {
    func entry(_ entry: Menu.Entry) -> HTML {
        "<a href=\"\(entry.link)\"\("aria-current", entry.key == page.menu ? "page" : nil)>\(icon(entry.icon))<span>\(entry.name)</span>\(entry.waiting.map { "<b class=\"waiting\">\($0)</b>" as HTML })</a>"
    }
    let phone = menu.groups.flatMap(\.entries).filter(\.onPhone).prefix(4)
    let crumbs: HTML = page.crumbs.isEmpty && page.unitSwitch == nil
        ? ""
        : """
            <nav class="crumbs" aria-label="所在位置">\(icon(.tree))\(page.crumbs.enumerated().html { index, crumb in
                let here = index == page.crumbs.count - 1 ? "here" : nil
                let name: HTML = crumb.link.map { "<a href=\"\($0)\"\("class", here)>\(crumb.name)</a>" } ?? "<span\("class", here)>\(crumb.name)</span>"
                return index == 0 ? name : "<i aria-hidden=\"true\">›</i>" + name
            })\(page.unitSwitch.map { "<a class=\"switch\" href=\"\($0)\">切换单位</a>" as HTML })</nav>
            """
    return document(
        title: page.title, assets: assets,
        """
        <a class="skip" href="#main">跳到正文</a><div class="shell">\
        <aside class="side" id="menu"><a class="brand" href="/">育工</a><a class="shut" href="#main" aria-label="收起菜单">\(icon(.close))</a>\
        <nav aria-label="功能">\(menu.groups.html { "\($0.name.map { "<p>\($0)</p>" as HTML })\($0.entries.html(entry))" })</nav>\
        <div class="viewer"><a href="/account">\(viewer.name)<small>\(viewer.note)</small></a>\
        <form method="post" action="/sign-out"><input type="hidden" name="\(FormToken.field)" value="\(viewer.token.value)"><button class="button quiet" title="退出登录">\(icon(.leave))退出</button></form></div></aside>\
        <main class="main" id="main" tabindex="-1">\(announcement.map { notice(.hint, "\($0)") })<div class="top">\(crumbs)\(page.menu == "search" ? "" : searchLine(viewer.token))</div><div class="heading"><div><h1>\(page.title)</h1>\(page.subtitle.map { "<p class=\"sub\">\($0)</p>" as HTML })</div>\(page.actions.map { "<div class=\"actions\">\($0)</div>" as HTML })</div>\
        \(page.body)</main>\
        <nav class="bottom" aria-label="常用功能">\(phone.html(entry))<a href="#menu">\(icon(.menu))<span>更多</span></a></nav></div>
        """)
}

/// The whole document of a page that stands alone: sign-in, errors.
package func standing(title: String, assets: AssetLinks, _ body: HTML) -> HTML {
    document(title: title, assets: assets, "<main class=\"alone\" id=\"main\"><p class=\"brand\">育工<small>工会干部教育培训</small></p>\(body)</main>")
}

private func document(title: String, assets: AssetLinks, _ body: HTML) -> HTML {
    """
    <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\
    <meta name="color-scheme" content="light dark"><meta name="htmx-config" content="{&quot;includeIndicatorStyles&quot;:false,&quot;allowEval&quot;:false,&quot;historyCacheSize&quot;:0,&quot;selfRequestsOnly&quot;:true}">\
    <title>\(title) · 育工</title><link rel="icon" href="\(assets["icon.svg"])" type="image/svg+xml"><link rel="stylesheet" href="\(assets["app.css"])">\
    <script src="\(assets["vendor/htmx.min.js"])" defer></script><script src="\(assets["app.js"])" defer></script></head><body>\(body)</body></html>
    """
}
