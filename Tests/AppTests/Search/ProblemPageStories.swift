@testable import App
import Kit
import TestBench
import Testing
import World

@Suite("没有这个页面、没有办成", .ownThreads) struct ProblemPageStories {
    private static let menu = "<nav aria-label=\"功能\">"

    @Test("What is not there, and what one may not see, look the same: with the menu, the search and a way on")
    func missing() async throws {
        try await SearchStories.world { app, port, named in
            let officer = try await SearchStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), wu = try #require(named.people["吴静"])
            func words(_ path: String) async throws -> String {
                let answer = try await officer.get(path)
                #expect(answer.status == 404)
                return MatrixStories.words(of: answer)
            }
            let absent = try await words("/no-such-page")
            #expect(absent.contains(Self.menu) && absent.contains("id=\"find\"") && absent.contains("回首页") && absent.contains("没有这个页面"))
            for path in ["/people/\(wu)", "/audit", "/people/7000000000000000001", "/no/such/page"] { #expect(try await words(path) == absent, "\(path)") }
            // A piece of a page gets none; whoever is not signed in sees no menu.
            #expect(try await officer.get("/no-such-page", headers: ["HX-Request": "true"]).body.contains(Self.menu) == false)
            let stranger = try await Browser(port: port).get("/no-such-page")
            #expect(stranger.status == 404 && !stranger.body.contains(Self.menu) && !stranger.body.contains("id=\"find\""))
        }
    }

    @Test("What was refused keeps the menu and leads back to the page it was asked from, never to another site's")
    func refused() async throws {
        try await SearchStories.world { app, port, named in
            let officer = try await SearchStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), long = String(repeating: "长", count: 5000)
            func post(from referer: String) async throws -> Browser.Answer { try await officer.post("/substitutes", [("until", long)], headers: ["Referer": referer]) }
            let here = "http://127.0.0.1:\(port)"
            let page = try await post(from: here + "/substitutes")
            #expect(page.status == 422 && page.body.contains(Self.menu) && page.body.contains("没有办成") && page.body.contains("href=\"/substitutes\">") && page.body.contains("返回上一页</a>"))
            for other in ["https://example.org/substitutes", here + ".example.org/x", here, "", "//127.0.0.1", here + "//example.org"] {
                let page = try await post(from: other)
                #expect(page.status == 422 && !page.body.contains("返回上一页</a>") && page.body.contains("回首页"), "\(other)")
            }
        }
    }
}
