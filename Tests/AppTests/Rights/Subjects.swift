@testable import Access
@testable import Accounts
@testable import App
@testable import Approvals
@testable import Certificates
import Foundation
import Kit
import Ledger
@testable import People
@testable import Register
import Representatives
import TestBench
import Testing
import World

/// Something at 滨河街道总工会 for every name in the path of a route.
struct Subjects: Sendable {
    let named: Named
    /// The account of 刘芳, and the one that uploaded the import.
    let learner, uploader: Int64
    private let values: [String: String]
    /// The query that a page of one line of the rule needs.
    let rule: String
    /// Requests for somebody of the unit, and by the unit for somebody else.
    let leaving, coming, erasure: Int64

    static func make(_ app: App) async throws -> Subjects {
        let named = try await Named.fill(app.database, numbers: app.numbers)
        let liu = try #require(named.people["刘芳"]), wu = try #require(named.people["吴静"])
        let bh = try #require(named.units["HX-LJ-BH"]), jc = try #require(named.units["HX-JC"]), day = Day(iso: "2030-01-01")!
        let policy = try #require(app.library.policies.first { !$0.lines.isEmpty })
        let line = try #require(policy.lines.first { $0.category == "grassroots" })
        let learner = try await app.database.write(Bench.act) { db in
            try AccountStore.add("liufang", displayName: "刘芳", hash: "-", personID: liu, in: db)
        }
        let uploader = try await app.database.write(Bench.act) { db in try AccountStore.add("uploader", displayName: "上传的人", hash: "-", in: db) }
        // An act on many posts at once, though this one changed a single post.
        let bulk = try await app.database.write(Act(who: .system, origin: "", kind: BulkStore.act, why: "名册核对")) { db in
            var post = try #require(try RosterStore.appointments(of: [liu], in: db).first)
            post.engagement = "partTime"
            try RosterStore.correct(post.id, to: post, in: db)
            return db.actID
        }
        let entered = try await app.database.write(Act(who: .system, origin: "", kind: "record.enter", why: "")) { db in
            try HourEntryStore.post(TrainingRecord(title: "登记过的培训", form: "offJob", from: Day(iso: "2021-03-01")!, to: Day(iso: "2021-03-01")!, halfDays: 2), to: liu, db)
            return db.actID
        }
        let subjects = try await app.database.write(Act(who: .account(learner, "刘芳"), origin: "", kind: "test", why: "")) { db in
            func transfer(_ person: Int64, to unit: Int64) throws -> Int64 {
                let post = Appointment(personID: person, organizationID: unit, from: day, isPrimary: true, title: "干事")
                return try TransferStore.askTransfer(to: post, app.house, in: db).id
            }
            let leaving = try transfer(liu, to: jc), coming = try transfer(wu, to: bh)
            let person = try #require(try RosterStore.person(liu, in: db)), post = try #require(try RosterStore.appointments(of: [liu], in: db).first)
            let entry = try #require(try HourEntryStore.entries(of: liu, from: db).first)
            try ObjectionStore.ask(
                ObjectionStore.Target(id: entry.id, about: "一条记录", link: "/me/archive"), of: person, text: "学时少了",
                at: bh, app.house, in: db)
            let objection = try #require(try ObjectionStore.objections(of: liu, in: db).first)
            let erasure = try Deciding.ask(
                .erasure, about: liu, from: bh, decider: #require(named.units["HX-LJ"]), RowImage(["ground": .text("mistake")]), app.house, in: db)
            let chosen = try AccountStore.add("chosen", displayName: "代班的人", hash: "-", in: db)
            let substitute = try SubstituteStore.choose(chosen, for: learner, from: Clock.today, to: Clock.today + 10, today: Clock.today, in: db)
            let certificate = try CertificateStore.add(
                PostCertificate(personID: liu, number: "SG-1", title: "上岗证书", issuer: "衡溪市总工会", issued: Day(iso: "2020-01-01")!), in: db)
            try TermStore.insert(["第一届", "第二届"].enumerated().map { number, session in
                TermOfOffice(
                    personID: number == 0 ? liu : wu, organizationID: bh, kind: "workerRepresentative", session: session, elected: Day(iso: "202\(number)-01-01")!,
                    expiry: day, constituency: "\(number)")
            }, in: db)
            let message = try MessageStore.send(to: .person(liu), kind: "certificate.add", "登记了证书。", in: db)
            _ = try SessionStore.open(learner, proof: .password, isStrong: true, at: SignInPlace(address: "", device: nil, words: "手机"), in: db)
            let view = try SavedViewStore.add("缺类别的", PageAddress("/people", Fields([("missing", "category")])), of: learner, in: db)
            let slip = try #require(try SlipStore.slip(
                SlipStore.add(.random(), .reset, of: learner, at: bh, app.entrance.secrets, in: db), in: db))
            let session = try #require(try SessionStore.sessions(of: learner, now: Clock.nowMilliseconds, in: db).first)
            let adviser = try AccountStore.add("adviser", displayName: "班主任", hash: "-", in: db)
            let grant = try GrantStore.give(Grant(role: .classAdviser, organizationID: bh, from: day, to: .open), to: adviser, in: db)
            try UnrecognisedInstitutionStore.add("不认可的机构", db)
            let workforce = try #require(app.library["beijing-workforce-2015"]), adopted = try #require(Day(iso: "2016-01-01"))
            let adoption = try AdoptionStore.adopt(workforce, by: bh, from: adopted, in: db)
            try AdoptionStore.adopt(workforce, by: jc, from: adopted + 7, in: db)
            // Judged, with an error in it: to be looked at, marked and not yet taken in.
            let job = try ImportJobStore.add(
                kind: .people, fileName: "人员.csv", file: Array("姓名,证件号码,单位编码,任职日期,人员类别\n张三,1,HX-LJ-BH,2020-01-01,基层\n".utf8), effective: nil, accountID: uploader, app.numbers, db)
            var judged = ImportJob.Report(refusal: "")
            judged.rows = 1
            judged.rejected = 1
            judged.errors = [.init(row: 2, column: "证件号码", found: "1", sentence: "证件号码应为 18 位。")]
            try ImportJobStore.move(job, from: [.judging], to: .judged, report: judged, marks: ImportJobStore.sealed(judged.errors, of: job, app.numbers), app.exchange, db)
            // Of this century nobody begins it.
            let kind = try #require(Features.all.jobs.first { $0.kind.key == "job.purge" }).kind
            let work = try #require(try JobStore.add(
                kind, JobStore.New(key: "later", at: Clock.start(of: Day(iso: "2150-01-01")!), JobPayload(["刘芳"], app.numbers)), in: db))
            // Of what the uploader asked for one is ready.
            let file = try Self.file(of: uploader, at: bh, app, in: db)
            return Subjects(
                named: named, learner: learner, uploader: uploader,
                values: [
                    "unit": "\(bh)", "person": "\(liu)", "post": "\(post.id)", "entry": "\(entry.id)", "certificate": "\(certificate)",
                    "approval": "\(leaving)", "objection": "\(objection.approval.id)", "substitute": "\(substitute)", "job": "\(job)", "message": "\(message)", "grant": "\(grant)", "act": "\(entry.actID)", "kind": "people", "session": "\(session.number)", "account": "\(learner)", "work": "\(work)", "file": "\(file)", "batch": "\(slip.batch)", "bulk": "\(bulk)", "entered": "\(entered)", "view": "\(view)",
                    "rule": policy.rules[line.rule].id, "policy": policy.id, "adoption": "\(adoption.id)",
                ],
                rule: line.category.map { "?category=\(Fields.encode($0))" } ?? "", leaving: leaving, coming: coming, erasure: erasure.id)
        }
        // Decided already, so that whoever may decide is told so and changes nothing.
        try await app.database.write(Act(who: .system, origin: "", kind: "request.decline", why: "用于核对权限")) { db in
            for id in [subjects.leaving, subjects.coming, subjects.erasure] {
                if let approval = try ApprovalStore.approval(id, in: db) { try Deciding.end(approval, as: .declined, in: db) }
            }
        }
        return subjects
    }

    /// A workbook of a unit that somebody asked for and that is ready.
    static func file(of account: Int64, at unit: Int64, _ app: App, in db: Writing) throws -> Int64 {
        let asked = try JSONEncoder().encode(ExportOrder(sheet: "people", unit: unit, subtree: true, asOf: nil, isText: true)), now = Clock.nowMilliseconds
        let asker = try #require(try SignedIn.later(account, from: "", now: now, in: db)), content = Data("姓名".utf8)
        let file = try MadeFileStore.add(.export, MadeFile.Order(title: "人员", back: "/exchange", origin: "", grants: [], asked: asked), by: asker, app.numbers, in: db)
        try MadeFileStore.keep([MadeFileStore.sealed(content, 0, of: file, app.numbers)], from: 0, of: file, in: db)
        _ = try MadeFileStore.end(
            file, as: .ready, MadeFile.Outcome(name: "人员.csv", type: "text/csv", bytes: content.count), until: now + 86_400_000, app.numbers, in: db)
        return file
    }

    /// What `file` in a path stands for: one of the uploader's.
    var file: String { values["file"] ?? "" }

    /// The page of one rule at the unit.
    var ruleAddress: String { "/figures/\(values["unit"]!)/\(values["rule"]!)" }

    /// The address of a route about these subjects and the fields without which it speaks of nothing; nil where there is none.
    func address(_ row: RightsRow) -> (String, [(String, String)])? {
        var parts: [String] = []
        for part in row.path.split(separator: "/").map(String.init) {
            if !part.hasPrefix(":") {
                parts.append(part)
            } else if part == ":act", row.path.contains("/do/") {
                parts.append("create")
            } else if part == ":approval", row.path.hasSuffix("/withdraw") || row.path.hasSuffix("/ask") {
                parts.append("\(coming)")
            } else {
                guard let value = values[String(part.dropFirst())] else { return nil }
                parts.append(value)
            }
        }
        var path = "/" + parts.joined(separator: "/"), fields: [(String, String)] = []
        if row.path.contains(":rule") { path += rule }
        switch row.path {
        case "/people/:person/undo":
            if row.method == "GET" { path += "?act=\(values["act"]!)" } else { fields = [("act", values["act"]!)] }
        case "/people/:person/unmask": fields = [("number", "idNumber")]
        case "/people/:person/end": fields = [("post", values["post"]!)]
        case "/institutions/restore": if row.method == "GET" { path += "?name=" + Fields.encode("不认可的机构") }
        case "/me/objections/new": path += "?what=record&id=\(values["entry"]!)"
        case "/me/objections": if row.method == "POST" { fields = [("what", "record"), ("id", values["entry"]!)] }
        case "/me/extract": if row.method == "POST" { fields = [("format", "json")] }
        default: break
        }
        return (path, fields)
    }
}
