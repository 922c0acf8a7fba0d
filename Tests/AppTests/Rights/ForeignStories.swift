@testable import Access
@testable import App
import Foundation
import Kit
@testable import People
@testable import Register
import Representatives
import TestBench
import Testing

/// The path is the asker's own; what else he names belongs to another unit.
@Suite("What belongs to another unit cannot be named into one's own", .ownThreads) struct ForeignStories {
    @Test("Every name that a handler reads is either plain or asked with something of another's")
    func everyName() async throws {
        let read = try Foreign.namesRead()
        #expect(read.count > 100)
        let plain = Set(Foreign.plain.flatMap { file, names in names.map { "\(file).\($0)" } })
        try await servedOnBothEngines { app, _ in
            let covered = Set(try await Foreign.make(app, try await Subjects.make(app)).cases.flatMap(\.covers))
            #expect(read.subtracting(plain).subtracting(covered).sorted() == [], "add a case to Foreign, or say in its list of plain names that it names nothing of a unit")
            #expect(covered.union(plain).subtracting(read).filter { !$0.hasPrefix("path.") }.sorted() == [], "no handler reads these any more")
        }
    }

    @Test("Something of another unit's looks like something that is not there, is told nothing about, and changes nothing; one's own works")
    func foreign() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), foreign = try await Foreign.make(app, subjects)
            func browser(_ account: Int64) async throws -> Browser {
                let browser = Browser(port: port)
                await browser.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(account, in: $0) })
                return browser
            }
            let officer = try await browser(foreign.officer), learner = try await browser(subjects.learner)
            func ask(_ one: Foreign.Case, _ value: String) async throws -> (answer: Browser.Answer, words: String) {
                let browser = one.isLearners ? learner : officer
                let path = one.path.replacing("{}", with: Fields.encode(value)), fields = one.fields.map { ($0.0, $0.1.replacing("{}", with: value)) }
                let answer = one.method == "GET" ? try await browser.get(path) : try await browser.post(path, fields, token: Caller.token)
                // What was typed comes back in the form; as a part of another code it is something else.
                var words = MatrixStories.words(of: answer)
                for echo in [value, Fields.encode(value)] { words = words.replacing(try Regex("(^|[^A-Za-z0-9-])" + NSRegularExpression.escapedPattern(for: echo) + "(?![A-Za-z0-9-])"), with: { "\($0.output[1].substring ?? ""){}" }) }
                return (answer, words)
            }
            var before = try await EveryTable(app.database)
            var absents: [String: String] = [:]
            for one in foreign.cases {
                let what = "\(one.method) \(one.path) \(one.covers[0])"
                if let absent = one.absent {
                    let (answer, words) = try await ask(one, absent)
                    absents[what] = words
                    #expect([200, 404, 422].contains(answer.status), "\(what) = \(absent): \(answer.status)")
                }
                for value in one.foreign {
                    let (answer, words) = try await ask(one, value)
                    #expect([200, 404, 422].contains(answer.status), "\(what) = \(value): \(answer.status) \(answer.location ?? "")")
                    if let absent = absents[what], words != absent { Issue.record("\(what) = \(value) differs from what nobody has: \(Self.difference(words, absent))") }
                    let typed = one.fields.map(\.1) + [value]
                    for word in foreign.words where !typed.contains(where: { $0.contains(word) }) {
                        if answer.body.contains(word) { Issue.record("\(what) = \(value) tells \(word)") }
                    }
                }
                // That one looked for somebody outside, or at a list or, in a refused form, a file of one's own, is on record by design.
                let differences = try await before.differences(app.database, but: ["access.refused", "person.lookup", "list.view", "file.view"])
                #expect(differences == [], "\(what)")
                if !differences.isEmpty { before = try await EveryTable(app.database) }
            }
            for one in foreign.cases {
                let (answer, words) = try await ask(one, one.own), what = "\(one.method) \(one.path) \(one.covers[0])"
                let isDone = one.method == "GET" || one.isPreview ? answer.status == 200 : answer.status == 303 || answer.header("Content-Disposition") != nil
                let isOtherwise = words != absents[what]
                #expect(isDone && isOtherwise, "\(what) = \(one.own), one's own: \(answer.status) \(Self.problem(answer))")
            }
        }
    }

    @Test("No page that an officer reaches tells of people and units outside")
    func pages() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), foreign = try await Foreign.make(app, subjects)
            let day = Day(iso: "2024-01-01")!
            // Something of today outside, so that lists of what is new or waits would show it.
            try await app.database.write(Bench.act) { db in
                let post = Appointment(personID: subjects.named.people["林晓红"]!, organizationID: subjects.named.units["HX-LJ-XD"]!, from: day, isPrimary: true, title: "干事")
                _ = try TransferStore.askTransfer(to: post, app.house, in: db)
                let ou = subjects.named.people["欧阳修文"]!, jc = subjects.named.units["HX-JC"]!
                try ObjectionStore.ask(ObjectionStore.Target(id: ou, about: "个人信息", link: "/people/\(ou)"), of: try #require(try RosterStore.person(ou, in: db)), text: "手机号旧了", at: jc, app.house, in: db)
                try OrganizationStore.amend(subjects.named.units["HX-LJ-XD"]!, from: day, in: db) { $0.members = 12 }
            }
            let browser = Browser(port: port)
            await browser.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(foreign.officer, in: $0) })
            var seen = 0
            for row in Features.all.rights where row.method == "GET" && !row.isDevelopment && row.need.caller == .signedIn {
                for more in row.path == "/approvals" ? ["", "?view=asked", "?view=decided"] : row.path == "/people" ? ["", "?state=past", "?q=欧阳修文", "?q=林"] : row.path == "/organizations" ? ["", "?q=西渡"] : row.path == "/changes" ? ["", "?kind=organization"] : [""] {
                    guard let (path, _) = subjects.address(row) else { continue }
                    let answer = try await browser.get(path + more.split(separator: "=", maxSplits: 1).map { $0.hasPrefix("?") ? String($0) : Fields.encode(String($0)) }.joined(separator: "="))
                    guard answer.status == 200 else { continue }
                    seen += 1
                    for word in ["欧阳修文", "林晓红", "西渡街道总工会"] where !more.contains(word) {
                        if answer.body.contains(word) { Issue.record("\(path)\(more) tells \(word)") }
                    }
                }
            }
            #expect(seen > 30)
        }
    }

    @Test("What the other side decides, and where one's own unit stands, is not for its officer to decide")
    func othersToDecide() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), foreign = try await Foreign.make(app, subjects), bh = subjects.named.units["HX-LJ-BH"]!
            let browser = Browser(port: port)
            await browser.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(foreign.officer, in: $0) })
            let fields = [("why", "用于核对权限"), ("day", "2024-01-01"), ("parent", "HX-LJ-BH-FW"), ("into", "HX-LJ-BH-FW"), ("childrenTo", "HX-LJ-BH-FW"), ("posts", "on")]
            let before = try await EveryTable(app.database)
            #expect(try await browser.get("/approvals/\(subjects.coming)").status == 200)
            for path in ["consent", "return", "decline", "take-back"].map({ "/approvals/\(subjects.coming)/\($0)" }) + ["ask", "withdraw"].map({ "/approvals/\(subjects.leaving)/\($0)" })
                + ["move", "merge", "close"].map({ "/organizations/\(bh)/do/\($0)" })
            {
                #expect(try await browser.post(path, fields, token: Caller.token).status == 404, "\(path)")
            }
            #expect(try await before.differences(app.database, but: ["access.refused", "message.read", "file.view"]) == [])
        }
    }

    @Test("What a superior did about the place of a unit is not taken back by the unit's own officer")
    func superiors() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), foreign = try await Foreign.make(app, subjects), units = subjects.named.units
            let bh = units["HX-LJ-BH"]!, xd = units["HX-LJ-XD"]!, q = units["HX-LJ-BH-Q001"]!, day = Day(iso: "2024-01-01")!
            let officer = Browser(port: port)
            await officer.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(foreign.officer, in: $0) })
            func undo(_ unit: Int64, _ act: Int64) async throws -> Browser.Answer {
                try await officer.post("/organizations/\(unit)/do/undo", [("act", "\(act)"), ("why", "用于核对权限")], token: Caller.token)
            }
            // The unit itself renamed: its own officer may set that right. Moved under another parent: the superior did it.
            let renamed = try await app.database.write(Bench.act) { db in
                try OrganizationStore.amend(bh, from: day, in: db) { $0.name = "滨河街道工会联合会" }
                return db.actID
            }
            #expect(try await undo(bh, renamed).status == 303)
            let placed = try await app.database.write(Bench.act) { db in
                try OrganizationStore.move(bh, to: xd, from: day + 10, in: db)
                return db.actID
            }
            let before = try await EveryTable(app.database)
            #expect(try await undo(bh, placed).body.contains("不能在这里撤回"))
            #expect(try await before.differences(app.database) == [])
            let root = Browser(port: port)
            let session = try await app.database.write(Bench.act) { db in
                let id = try AccountStore.add("root-officer", displayName: "市里的管理员", hash: "-", in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: units["HX"]!, from: .always, to: .open), to: id, in: db)
                return try Caller.session(id, in: db)
            }
            await root.setCookie("yugong", session)
            #expect(try await root.post("/organizations/\(bh)/do/undo", [("act", "\(placed)"), ("why", "用于核对权限")], token: Caller.token).status == 303)
            // Below, where the officer is the superior, it goes both ways.
            let moved = try await app.database.write(Bench.act) { db in
                try OrganizationStore.move(q, to: units["HX-LJ-BH-FW"]!, from: day, in: db)
                return db.actID
            }
            #expect(try await undo(q, moved).status == 303)
        }
    }

    @Test("Rows of a workbook about what lies outside are errors, and taking in the rest leaves it as it was", arguments: Features.all.sheets)
    func workbook(_ kind: SheetKind) async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), foreign = try await Foreign.make(app, subjects)
            let browser = Browser(port: port)
            await browser.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(foreign.officer, in: $0) })
            func person(_ name: String) async throws -> String {
                try await app.database.read { db in try RosterStore.idNumber(of: try RosterStore.person(subjects.named.people[name]!, in: db)!, numbers: app.numbers).text }
            }
            let wu = try await person("吴静"), liu = try await person("刘芳"), wang = try await person("王建国"), zheng = try await person("郑强")
            let lines: [String]
            switch kind {
            case .people:
                lines = [
                    "姓名,证件号码,单位编码,任职日期,主任职,人员类别,职务",
                    "新来的人,11010519491231002X,HX-JC,2024-01-01,是,基层,干事", "吴静,\(wu),HX-JC,2018-10-01,是,基层,主席", "吴静静,\(wu),HX-LJ-BH,2024-01-01,否,基层,干事",
                    "刘芳,\(liu),HX-LJ,2024-01-01,是,基层,干事", "王建国,\(wang),HX-LJ-BH,2024-01-01,是,基层,干事", "郑强,\(zheng),HX-LJ,2022-06-01,是,基层,处长",
                ]
            case .organizations:
                lines = [
                    "单位编码,单位名称,上级单位编码,单位类型", "HX-JC,机床集团改名工会,HX,局集团高校工会", "HX-NEU,新设的工会,HX-JC,企业工会", "HX-LJ,临江区改名总工会,HX,区县总工会",
                    "HX-LJ-BH-FW,滨河街道工会服务站,HX-JC,工会服务站", "HX-LJ-XD,西渡街道总工会,HX-LJ-BH,街道乡镇总工会",
                ]
            case .trainingRecords:
                lines = [
                    "证件号码,姓名,培训名称,培训形式,开始日期,结束日期,天数", "\(wu),吴静,外单位的培训,脱产培训,2024-03-04,2024-03-08,5", "\(wang),王建国,上级的培训,脱产培训,2024-03-04,2024-03-08,5",
                    "\(zheng),郑强,调走以后的培训,脱产培训,2024-03-04,2024-03-08,5",
                ]
            case .representatives:
                lines = [
                    "证件号码,姓名,单位编码,代表类型,届次,当选日期,届满日期", "\(wu),吴静,HX-LJ-BH,职工代表,第九届,2024-01-01,2029-01-01", "\(liu),刘芳,HX-JC,职工代表,第九届,2024-01-01,2029-01-01",
                    "\(wang),王建国,HX-LJ-BH,职工董事,第九届,2024-01-01,2029-01-01", "\(zheng),郑强,HX-LJ-BH,职工代表,第九届,2022-06-01,2027-01-01",
                ]
            default:
                Issue.record("say which rows of \(kind.key) are about what lies outside")
                return
            }
            let before = try await EveryTable(app.database)
            let link = try #require(try await browser.upload("/exchange/imports", [("kind", kind.key)], file: ("file", "外单位.csv", Array(lines.joined(separator: "\n").utf8)), token: Caller.token).location)
            func settled() async throws -> Browser.Answer {
                try await eventually { try await !browser.get(link).body.contains("离开本页也会继续") }
                return try await browser.get(link)
            }
            let judged = try await settled()
            #expect(judged.body.contains("\(lines.count - 1) 行有误"), "\(Self.problem(judged))")
            _ = try await browser.post(link + "/apply", [("partial", "on")], token: Caller.token)
            _ = try await settled()
            let changed = try await before.differences(app.database, but: ["import.upload", "import.judged", "import.confirm", "import.\(kind.key)", "message.read"])
            #expect(changed.filter { !["import_job:", "import_file:", "import_marks:", "job:", "job_run:", "message:"].contains(where: $0.hasPrefix) } == [])
        }
    }

    /// Where two pages part.
    private static func difference(_ a: String, _ b: String) -> String {
        let same = a.commonPrefix(with: b).count
        return "\(a.dropFirst(max(0, same - 20)).prefix(120)) | \(b.dropFirst(max(0, same - 20)).prefix(120))"
    }

    /// What a page says is wrong.
    private static func problem(_ answer: Browser.Answer) -> String {
        answer.body.matches(of: /<\/svg>([^<]{8,})/).map { String($0.1) }.joined(separator: " / ")
    }
}
