@testable import Access
import App
import Foundation
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("批量更改：一个理由、一次预览、一次办理、一次撤回", .ownThreads) struct BulkStories {
    /// The named world in which three of 滨河 have no category.
    private static func world(_ body: @escaping @Sendable (App, Int, Named) async throws -> Void) async throws {
        try await PersonActStories.world { app, port, named in
            try await app.database.write(Bench.act) { db in
                for name in ["陈杰", "赵𬱖", "黄磊"] {
                    let person = try #require(named.people[name])
                    var post = try #require(try RosterStore.appointments(of: [person], in: db).first)
                    post.category = ""
                    try RosterStore.correct(post.id, to: post, in: db)
                }
            }
            try await body(app, port, named)
        }
    }

    private static func officer(_ app: App, _ port: Int, _ named: Named, at code: String = "HX-LJ-BH", _ role: Role = .personnelOfficer) async throws -> Browser {
        let browser = try await PersonActStories.browser(app, port, named, role, at: code)
        _ = try await browser.get("/account")
        return browser
    }

    private static func categories(_ app: App, _ named: Named, _ names: String...) async throws -> [String] {
        let ids = try names.map { try #require(named.people[$0]) }
        return try await app.database.read { db in try ids.map { try RosterStore.appointments(of: [$0], in: db).last?.category ?? "-" } }
    }

    private static func digest(_ page: Browser.Answer) throws -> String { try #require(page.value(ofInput: "digest")) }

    @Test("The list offers boxes and a bulk change to whoever keeps; those who only look have neither, and the past has none")
    func offers() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.officer(app, port, named), list = try await officer.get("/people?missing=category")
            #expect(list.body.contains("共 3 行") && list.body.contains("更改列出的全部 3 人") && list.body.contains("<details class=\"padded\" open>"))
            #expect(list.body.contains("name=\"person\" value=\"\(named.people["陈杰"]!)\""))
            #expect(try await !officer.get("/people").body.contains("<details class=\"padded\" open>"))
            #expect(try await !officer.get("/people?state=past").body.contains("批量更改"))
            let leader = try await Self.officer(app, port, named, at: "HX-LJ-BH", .leader), seen = try await leader.get("/people")
            #expect(seen.status == 200 && seen.body.contains("陈杰") && !seen.body.contains("批量更改") && !seen.body.contains("name=\"person\""))
            for path in ["/people/bulk", "/people/bulk/do", "/people/bulk/1/undo"] {
                #expect(try await leader.post(path, [("whom", "all"), ("category", "grassroots"), ("why", "x")]).status == 404)
            }
        }
    }

    @Test("All who are listed get what was missing, in one act with one reason; it is told, and taken back as one")
    func all() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.officer(app, port, named), asked = [("whom", "all"), ("missing", "category"), ("category", "grassroots")]
            let preview = try await officer.post("/people/bulk", asked)
            #expect(preview.status == 200 && preview.body.contains("将把 <b>3</b> 人的人员类别填为") && preview.body.contains("未填 → <b>基层</b>"))
            #expect(try await Self.categories(app, named, "陈杰", "赵𬱖", "黄磊") == ["", "", ""])
            let sure = asked + [("digest", try Self.digest(preview))]
            let noReason = try await officer.post("/people/bulk/do", sure + [("why", "")])
            #expect(noReason.status == 200 && noReason.body.contains("id=\"m-why\"") && noReason.body.contains("确定更改 3 人"))
            let place = try #require(try await officer.post("/people/bulk/do", sure + [("why", "名册核对")]).location)
            #expect(place.hasPrefix("/people/bulk/"))
            #expect(try await Self.categories(app, named, "陈杰", "赵𬱖", "黄磊") == ["grassroots", "grassroots", "grassroots"])
            let done = try await officer.get(place)
            #expect(done.body.contains("已更改 <b>3</b> 人") && done.body.contains("理由：名册核对") && done.body.contains("全部撤回"))
            #expect(try await officer.get("/people/\(named.people["黄磊"]!)/history").body.contains("名册核对"))
            // Once more changes nothing.
            #expect(try await officer.post("/people/bulk", asked).body.contains("还没有选人"))
            #expect(try await officer.post(place + "/undo", [("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await officer.post(place + "/undo", [("why", "文件有误")]).location == place)
            #expect(try await Self.categories(app, named, "陈杰", "赵𬱖", "黄磊") == ["", "", ""])
            let undone = try await officer.get(place)
            #expect(undone.body.contains("撤回：文件有误") && !undone.body.contains("全部撤回"))
        }
    }

    @Test("Of those who are ticked only what is missing is filled in, unless all is to be replaced; who is not changed is named with the reason")
    func ticked() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.officer(app, port, named)
            let ticked = try ["陈杰", "刘芳", "郑强"].map { ("person", "\(try #require(named.people[$0]))") } + [("whom", "ticked"), ("category", "sectionAndBelow")]
            let preview = try await officer.post("/people/bulk", ticked)
            #expect(preview.body.contains("将把 <b>1</b> 人的人员类别填为") && preview.body.contains("已经填了，不改 1 人"))
            // 郑强 has left: he is not among those who can be chosen here, nor named.
            #expect(!preview.body.contains("郑强"))
            let replaced = try await officer.post("/people/bulk", ticked + [("replaces", "on")])
            #expect(replaced.body.contains("将把 <b>2</b> 人的人员类别改为"))
            let sure = ticked + [("replaces", "on"), ("digest", try Self.digest(replaced)), ("why", "按新文件")]
            #expect(try await officer.post("/people/bulk/do", sure).status == 303)
            #expect(try await Self.categories(app, named, "陈杰", "刘芳", "郑强") == ["sectionAndBelow", "sectionAndBelow", "sectionAndBelow"])
            #expect(try await officer.post("/people/bulk", ticked).body.contains("没有要改的"))
        }
    }

    @Test("Nobody is changed who is not one's own, by whatever is sent")
    func foreign() async throws {
        try await Self.world { app, port, named in
            let wu = try #require(named.people["吴静"]), chen = try #require(named.people["陈杰"])
            let officer = try await Self.officer(app, port, named)
            let both = [("person", "\(wu)"), ("person", "\(chen)"), ("whom", "ticked"), ("category", "grassroots"), ("replaces", "on")]
            let preview = try await officer.post("/people/bulk", both)
            #expect(preview.body.contains("将把 <b>1</b> 人") && !preview.body.contains("吴静"))
            #expect(try await officer.post("/people/bulk/do", both + [("digest", try Self.digest(preview)), ("why", "试试")]).status == 303)
            #expect(try await Self.categories(app, named, "吴静", "陈杰") == ["sectionAndBelow", "grassroots"])
            #expect(try await officer.post("/people/bulk", [("unit", "\(named.units["HX-JC"]!)"), ("whom", "all"), ("category", "grassroots")]).status == 404)
            // What another's officer did is not there, nor to be taken back.
            let other = try await Self.officer(app, port, named, at: "HX-JC"), theirs = [("whom", "all"), ("workforce", "unionLawyer"), ("replaces", "on")]
            let shown = try await other.post("/people/bulk", theirs)
            let place = try #require(try await other.post("/people/bulk/do", theirs + [("digest", try Self.digest(shown)), ("why", "试试")]).location)
            #expect(try await other.get(place).status == 200)
            #expect(try await officer.get(place).status == 404)
            #expect(try await officer.post(place + "/undo", [("why", "试试")]).status == 404)
            for path in ["/people/bulk/1", "/people/bulk/x", "/people/bulk/9223372036854775807"] { #expect(try await officer.get(path).status == 404) }
        }
    }

    @Test("What was changed since the preview is previewed again, and what was changed since the act is not taken back with it")
    func meanwhile() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.officer(app, port, named), asked = [("whom", "all"), ("missing", "category"), ("category", "grassroots")]
            @Sendable func correct(_ name: String, _ category: String) async throws {
                try await app.database.write(Act(who: .system, origin: "", kind: "test", why: "另有人改")) { db in
                    let person = try #require(named.people[name])
                    var post = try #require(try RosterStore.appointments(of: [person], in: db).first)
                    post.category = category
                    try RosterStore.correct(post.id, to: post, in: db)
                }
            }
            let preview = try await officer.post("/people/bulk", asked), sure = asked + [("digest", try Self.digest(preview)), ("why", "名册核对")]
            try await correct("黄磊", "sectionAndBelow")
            let again = try await officer.post("/people/bulk/do", sure)
            #expect(again.status == 200 && again.body.contains("有人的任职有了变动") && again.body.contains("确定更改 2 人"))
            #expect(try await Self.categories(app, named, "陈杰", "赵𬱖", "黄磊") == ["", "", "sectionAndBelow"])
            let now = asked + [("digest", try Self.digest(again)), ("why", "名册核对")]
            let place = try #require(try await officer.post("/people/bulk/do", now).location)
            try await correct("陈杰", "divisionAndAbove")
            let page = try await officer.get(place)
            #expect(page.body.contains("其中 1 人的任职后来又改过") && !page.body.contains("全部撤回"))
            #expect(try await officer.post(place + "/undo", [("why", "试试")]).status == 200)
            #expect(try await Self.categories(app, named, "陈杰", "赵𬱖") == ["divisionAndAbove", "grassroots"])
        }
    }

    @Test("Nobody, and more people than one act changes, are refused")
    func bounds() {
        #expect(throws: (any Error).self) { try BulkStore.check(count: 0) }
        #expect(throws: Never.self) { try BulkStore.check(count: 1) }
        #expect(throws: Never.self) { try BulkStore.check(count: BulkStore.most) }
        #expect(throws: (any Error).self) { try BulkStore.check(count: BulkStore.most + 1) }
    }

    @Test("A list is counted where that costs little: of few units, or of those without a category")
    func counted() {
        func isCounted(_ units: [Int64]?, isPast: Bool = false, _ missing: PersonListStore.Missing? = nil) -> Bool {
            PersonListStore.isCounted(PersonListStore.Ask(units: units, isPast: isPast, missing: missing, today: Day(2023, 6, 1)!))
        }
        #expect(isCounted(Array(1...400)) && isCounted(Array(1...400), isPast: true) && isCounted(nil, .category))
        #expect(!isCounted(Array(1...401)) && !isCounted(nil) && !isCounted(nil, .phone) && !isCounted(nil, isPast: true, .category))
    }

    @Test("Whoever chose nobody, nothing or a word that is none is told so, and nothing is changed")
    func refused() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.officer(app, port, named), chen = ("person", "\(named.people["陈杰"]!)")
            #expect(try await officer.post("/people/bulk", [("whom", "ticked"), ("category", "grassroots")]).body.contains("还没有选人"))
            #expect(try await officer.post("/people/bulk", [chen, ("whom", "ticked")]).body.contains("选了 <b>1</b> 人。请选要填什么"))
            #expect(try await officer.post("/people/bulk", [chen, ("whom", "ticked"), ("category", "boss")]).body.contains("没有这个选项"))
            for fields in [[("whom", "ticked")], [chen, ("whom", "ticked"), ("category", "boss")], [chen, ("whom", "ticked")], [("whom", "all"), ("category", "grassroots"), ("digest", "")]] {
                #expect(try await officer.post("/people/bulk/do", fields + [("why", "试试")]).status == 200)
            }
            #expect(try await Self.categories(app, named, "陈杰") == [""])
        }
    }
}
