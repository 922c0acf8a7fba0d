import Access
import Kit
import Register

/// Where the extract is asked for.
enum ExtractPages {
    static func choose(_ person: Person, _ signedIn: SignedIn) -> Page {
        Page(
            "取走我的全部资料", subtitle: "\(person.name)", menu: "archive", crumbs: [ArchivePages.crumb],
            body: """
                \(panel("做一份摘录", padded(postForm(to: "/me/extract", token: signedIn.token, """
                    \(radioField("format", "格式", [Choice("pdf", "PDF：可以打印、给别人看，全部数据附在里面"), Choice("json", "JSON：只有数据，给别的系统用")], chosen: "pdf"))\
                    \(checkbox("masked", "遮住证件号码和手机号的中间各位", hint: "给别人看时用；不选则是全文。"))\
                    <div class="actions">\(submitButton("制作并下载", icon: .download))</div>
                    """))))\
                \(panel("里面有什么", padded("""
                    <p>系统里关于您的一切：本人信息、任职、每一笔培训学时和它的来源、更正过的登记、证书、账号和授权、变更记录、谁看过您的档案和完整号码、您的反映和答复、收到的通知。</p>\
                    <p>每次制作都记入操作记录，并留下这份资料的校验码；拿到的人可以据此核验它没有被改过。</p>
                    """)))
                """)
    }
}
