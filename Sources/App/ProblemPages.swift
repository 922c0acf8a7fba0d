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
}
