import Access
import Kit

/// The page of an error: what happened, why, what now, and a number to report.
enum ProblemPages {
    static func problem(_ problem: WebProblem, requestID: String, assets: AssetLinks) -> HTML {
        standing(
            title: problem.title, assets: assets,
            """
            <section class="panel sign-in"><h1>\(problem.title)</h1><p>\(problem.sentence)</p>\
            \(problem.status >= 500 ? "<p class=\"hint\">编号 \(requestID)</p>" as HTML : "")<div class="actions">\(linkButton("回首页", "/", .primary))</div></section>
            """)
    }

    /// The same for somebody signed in: menu and search stay, and the page one came from is a click away.
    static func page(_ problem: WebProblem, _ asked: WebRequest, _ signedIn: SignedIn) -> Page {
        let back = asked.cameFrom.flatMap { $0 == asked.address.link ? nil : $0 }
        return Page(
            problem.title, status: problem.status,
            body: """
                \(notice(.problem, "\(problem.sentence)"))\(problem.status >= 500 ? "<p class=\"hint\">编号 \(asked.id)</p>" as HTML : "")\
                <div class="actions">\(back.map { linkButton("返回上一页", $0, .primary, icon: .back) })\(linkButton("回首页", "/", back == nil ? .primary : .plain))</div>\
                \(problem.status == 404 ? "<p class=\"hint\">要找人、单位、条款或页面，可以用本页上方的搜索。</p>" as HTML : "")
                """)
    }
}
