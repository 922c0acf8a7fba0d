@testable import Access
@testable import Accounts
@testable import App
@testable import Approvals
@testable import Certificates
import Foundation
import Kit
@testable import Ledger
@testable import People
@testable import Register
import Standing
import TestBench
import Testing
@testable import World

/// Things of another unit, named where somebody could name them although the path is his own: in a field of a form, in a
/// query, or in a later part of the path.
struct Foreign {
    /// One place at which something can be named.
    struct Case: Sendable {
        /// The file that reads it and the name of the field, or `path.` and the part of the path: `UnitRoutes.parent`.
        let covers: [String]
        let isLearners: Bool
        let method: String
        let path: String
        let fields: [(String, String)]
        /// What the asker may name: it works. `{}` in path and fields stands for it.
        let own: String
        /// What is another's, and what nobody has: both look the same. Nil where one must not choose what another has
        /// already (a code, a number): that is refused without a word about whose it is.
        let foreign: [String], absent: String?
        /// Whether a form answers with a page of what it would do, and does nothing yet.
        var isPreview = false
    }

    let cases: [Case]
    /// Words of the other unit that no answer may hold.
    let words: [String]
    /// The account of an officer of 滨河街道总工会.
    let officer: Int64

    /// Names that are read from forms and queries and name nothing that belongs to a unit, by the file that reads them.
    static let plain: [String: Set<String>] = [
        // The auditor of the whole installation sees every act there is.
        "AuditRoutes": ["before", "from", "to", "kind", "subject", "who", "break", "why"],
        "ExchangeRoutes": ["asOf", "effective", "partial", "subtree", "format", "kind", "file"],
        "ChangeRoutes": ["kind", "own"],
        // Looked for within what the asker may see.
        "SearchRoutes": ["find", "q"],
        // The register of institutions belongs to nobody; it is kept at the root alone.
        "InstitutionRoutes": ["name", "why"],
        "StatementRoutes": ["completed", "selected", "why", "year"], "RecordForm": ["from", "to", "days", "hours", "title"],
        // Hosts stand above their participants: any unit may be one, as in the workbook.
        "RecordEntryRoutes": ["completed", "content", "digest", "form", "host", "institution", "purpose", "selected", "step", "why"],
        "OwnAccountRoutes": ["again", "current", "new", "code", "deed", "done"],
        "SignInRoutes": ["password", "to", "code", "name", "recovery", "over", "lost"],
        "GrantRoutes": ["day", "from", "to", "q", "role", "step", "sure", "which", "who", "why"],
        "GrantFormPages": ["why"],
        "ErasureRoutes": ["ground"], "ErasureKind": ["name"],
        "ApprovalRoutes": ["digest", "done", "kind", "view", "why"],
        "SubstituteRoutes": ["from", "until"],
        // What a provider sends a browser back with, for whoever that browser is.
        "SingleSignOn": ["provider"], "SingleSignOnRoutes": ["code", "current", "done", "state", "to"],
        // Of the whole installation.
        "SystemRoutes": ["contact", "done", "from", "step", "text", "until"], "JobRoutes": ["done"],
        "TransferRoutes": ["manner", "name"],
        // What is looked for within the asker's own, and the deed; which account is a part of the path.
        "AccountPages": ["deed", "factor", "q", "reason", "role", "state", "why"],
        "AccountRoutes": ["deed", "done", "factor", "format", "q", "reason", "role", "state"],
        "ActivationPages": ["category", "factor", "format", "q", "state", "why"],
        "ActivationRoutes": ["before", "factor", "format", "whom", "why"],
        // Of somebody who has not signed in, and whom the code must fit.
        "SlipPages": ["name"],
        "SlipRoutes": ["again", "code", "name", "number", "password"],
        "CertificateRoutes": ["day", "issued", "issuer", "reason", "refresher", "title", "until", "why"],
        "PersonActRoutes": ["day", "sure", "manner", "name", "primary"],
        "PersonForm": [
            "from", "to", "leadership", "noPhone", "degree", "education", "ethnicity", "gender", "name", "phone", "politics", "primary", "title",
        ],
        // Which of the two numbers of the person in the path.
        "PersonRoutes": ["number"],
        "PersonListAsk": ["category", "missing", "place", "q", "sort", "state", "title"],
        "BulkChange": ["category", "engagement", "replaces", "workforce"], "BulkRoutes": ["category", "digest", "of", "whom", "why"],
        // A name for how oneself sees a list, and its address.
        "SavedViewRoutes": ["for", "name"],
        // A place in the order of one's own messages.
        "MessageRoutes": ["before"],
        "UnitAct": ["day", "creditCode", "kind", "name", "ownership"],
        "UnitRoutes": ["version", "posts", "q", "day"],
        // Policies are everybody's.
        "AdoptionRoutes": ["policy", "from", "day"],
        "ArchiveRoutes": ["text", "sent", "year"],
        "ExtractRoutes": ["masked", "format"],
        "DuesRoutes": ["year"],
        "IndicatorsRoutes": ["day", "q", "category", "policy", "reminded", "subtree", "year"], "ReminderRoutes": ["digest", "whom"], "ExplanationReport": ["category"],
    ]

    /// Every name that a handler reads, as `File.name`.
    static func namesRead() throws -> Set<String> {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources").standardizedFileURL
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)).compactMap { $0 as? URL }
        let pattern = /(?:(?:form|query|fields)(?:\.fields)?(?:\.(?:text|day|year|isTicked|all|file)\(|\[)|\.(?:day|dayOrNil)\(form, )"([A-Za-z_]+)"/
        var found: Set<String> = []
        for file in files where file.pathExtension == "swift" && !file.path.contains("/Sources/Kit/") {
            let name = file.deletingPathExtension().lastPathComponent
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: pattern) { found.insert("\(name).\(match.1)") }
        }
        return found
    }

    // MARK: - The world

    static func make(_ app: App, _ subjects: Subjects) async throws -> Foreign {
        let units = subjects.named.units, people = subjects.named.people, numbers = app.numbers, day = Day(iso: "2019-01-01")!
        let bh = units["HX-LJ-BH"]!, jc = units["HX-JC"]!, nowhere = "7000000000000000001"
        @Sendable func person(_ name: String) -> Int64 { people[name]! }
        func write<T: Sendable>(_ body: @escaping @Sendable (Writing) throws -> T) async throws -> T { try await app.database.write(Bench.act, body) }
        func act(on name: String) async throws -> Int64 {
            try await write { db in
                guard let old = try RosterStore.person(person(name), in: db) else { throw WebProblem.missing }
                let facts = PersonFacts(
                    code: old.code, name: old.name, idNumber: try RosterStore.idNumber(of: old, numbers: numbers), gender: old.gender, ethnicity: "回族",
                    politics: old.politics, education: old.education, degree: old.degree, phone: try RosterStore.phone(of: old, numbers: numbers))
                try RosterStore.correct(person(name), to: facts, numbers: numbers, in: db)
                return db.actID
            }
        }
        func idNumber(_ name: String) async throws -> String {
            try await app.database.read { db in try RosterStore.idNumber(of: try RosterStore.person(person(name), in: db)!, numbers: numbers).text }
        }
        func post(_ name: String) async throws -> String { try await app.database.read { "\(try RosterStore.appointments(of: [person(name)], in: $0).last!.id)" } }
        /// A bulk change that changed one post.
        func bulk(_ name: String) async throws -> String {
            try await app.database.write(Act(who: .system, origin: "", kind: BulkStore.act, why: "名册核对")) { db in
                var post = try RosterStore.appointments(of: [person(name)], in: db).last!
                post.engagement = post.engagement == "partTime" ? "fullTime" : "partTime"
                try RosterStore.correct(post.id, to: post, in: db)
                return "\(db.actID)"
            }
        }
        /// What was entered for one.
        func entered(_ name: String) async throws -> String {
            try await app.database.write(Act(who: .system, origin: "", kind: "record.enter", why: "")) { db in
                try HourEntryStore.post(TrainingRecord(title: "登记过的培训", form: "offJob", from: day, to: day, halfDays: 2), to: person(name), db)
                return "\(db.actID)"
            }
        }
        func certificate(_ name: String, _ number: String) async throws -> String {
            try await write { db in
                "\(try CertificateStore.add(PostCertificate(personID: person(name), number: number, title: "资格证书", issuer: "省总工会", issued: day), in: db))"
            }
        }
        func twin(_ number: Int, at unit: Int64) async throws -> (id: Int64, code: String, number: String) {
            let birth = Day(iso: "1985-05-05")!, text = FolkNumbers.idNumber(ordinal: 500 + number, birth: birth, isMale: true)
            let facts = PersonFacts(code: "TWIN\(number)", name: "江流", idNumber: IDNumber(stored: text, birthDay: birth), gender: "男")
            // One after the other, so that the posts of two files that become one do not overlap.
            let from = day + 400 * number
            let id = try await write { db in
                try RosterStore.create(facts, post: Appointment(personID: 0, organizationID: unit, from: from, to: from + 300, isPrimary: true, title: "干事"), numbers: numbers, in: db).id
            }
            return (id, "TWIN\(number)", text)
        }
        func unit(_ code: String, under parent: Int64) async throws -> (id: Int64, act: Int64) {
            try await write { db in
                (try OrganizationStore.create(code: code, facts: OrganizationFacts(parentID: parent, name: "\(code)工会", kind: "enterpriseUnion", ownership: "非公"), in: db).id, db.actID)
            }
        }
        let officer = try await write { db in
            let id = try AccountStore.add("bh-officer", displayName: "滨河的管理员", hash: "-", in: db)
            try GrantStore.give(Grant(role: .personnelOfficer, organizationID: bh, from: .always, to: .open), to: id, in: db)
            // Who is asked for somebody must be there.
            let asked = try AccountStore.add("jc-officer", displayName: "机床的管理员", hash: "-", in: db)
            try GrantStore.give(Grant(role: .personnelOfficer, organizationID: jc, from: .always, to: .open), to: asked, in: db)
            return id
        }
        let survivor = try await twin(1, at: bh), second = try await twin(2, at: bh), third = try await twin(3, at: bh), fourth = try await twin(4, at: bh)
        let strange = try await twin(5, at: jc), fifth = try await twin(6, at: bh)
        let moved = try await unit("BH-M", under: bh).id, merged = try await unit("BH-G", under: bh).id, closed = try await unit("BH-C", under: bh).id
        _ = try await unit("BH-C1", under: closed)
        let undone = try await unit("BH-U", under: bh)
        let foreignBulk = try await bulk("吴静"), ownBulk = try await bulk("杨帆"), ownEntered = try await entered("杨帆"), foreignEntered = try await entered("吴静")
        let foreignAct = "\(try await act(on: "吴静"))", ownAct = "\(try await act(on: "刘芳"))"
        let ownCertificate = try await certificate("刘芳", "ZG-1"), foreignCertificate = try await certificate("吴静", "ZG-2")
        let liu = person("刘芳"), wu = person("吴静"), unitCodes = ["HX", "HX-LJ", "HX-LJ-XD", "HX-JC", "机床集团工会"]
        let foreignUnits = ["HX", "HX-LJ", "HX-LJ-XD", "HX-JC"].map { "\(units[$0]!)" }
        func slip(_ name: String) async throws -> (id: String, batch: String) {
            try await write { db in
                guard let one = try RosterStore.person(person(name), in: db), let home = try RosterStore.appointments(of: [one.id], in: db).first else { throw WebProblem.missing }
                let account = try AccountStore.waiting(of: one, in: db)
                return ("\(try SlipStore.add(.random(), .activation, of: account.id, at: home.organizationID, app.entrance.secrets, in: db))", "\(db.actID)")
            }
        }
        let ownSlip = try await slip("赵𬱖"), foreignSlip = try await slip("吴静")
        let entry = try await app.database.read { db in (try HourEntryStore.entries(of: liu, from: db).last!.id, try HourEntryStore.entries(of: person("陈杰"), from: db).first!.id) }
        let why = ("why", "用于核对权限"), newPost = [("from", "2024-01-01"), ("category", "grassroots"), ("title", "委员"), ("unit", "{}"), why]

        func one(_ covers: String, learner: Bool = false, _ method: String, _ path: String, _ fields: [(String, String)] = [], own: String, foreign: [String], absent: String? = nowhere) -> Case {
            Case(covers: covers.split(separator: " ").map(String.init), isLearners: learner, method: method, path: path, fields: fields, own: own, foreign: foreign, absent: absent)
        }
        func adopted(by unit: Int64) async throws -> (id: Int64, act: Int64) {
            let policy = try #require(app.library["beijing-cadres-2019-2023"])
            return try await write { db in (try AdoptionStore.adopt(policy, by: unit, from: day, in: db).id, db.actID) }
        }
        let ownAdoption = try await adopted(by: bh), mergedAdoption = try await adopted(by: merged), foreignAdoption = try await adopted(by: jc)
        var cases = [
            one("PolicyRoutes.unit", "GET", "/policies?unit={}", own: "\(bh)", foreign: foreignUnits),
            one("PolicyRoutes.unit", "GET", "/policies/beijing-cadres-2019-2023?unit={}", own: "\(bh)", foreign: foreignUnits),
            one("path.adoption", "GET", "/organizations/\(bh)/policies/{}/end", own: "\(ownAdoption.id)", foreign: ["\(foreignAdoption.id)"]),
            one("path.adoption", "POST", "/organizations/\(bh)/policies/{}/end", [("day", "2023-01-01"), why], own: "\(ownAdoption.id)", foreign: ["\(foreignAdoption.id)"]),
            one("AdoptionRoutes.act", "POST", "/organizations/\(merged)/policies/undo", [("act", "{}"), why], own: "\(mergedAdoption.act)", foreign: ["\(foreignAdoption.act)", "\(ownAdoption.act)"]),
            one("ChangeRoutes.unit", "GET", "/changes?unit={}", own: "\(bh)", foreign: foreignUnits),
            one("ActivationPages.unit", "GET", "/activation?unit={}", own: "HX-LJ-BH-FW", foreign: unitCodes, absent: "ZZ"),
            one("ActivationPages.unit", "POST", "/activation/slips", [("whom", "all"), ("format", "xlsx"), ("unit", "{}")], own: "HX-LJ-BH-Q001", foreign: unitCodes, absent: "ZZ"),
            one("ActivationRoutes.person", "POST", "/activation/slips", [("whom", "ticked"), ("format", "xlsx"), ("person", "{}")], own: "\(person("陈杰"))", foreign: ["\(wu)", "\(person("王建国"))"]),
            one("ActivationRoutes.slip", "POST", "/activation/batches/\(ownSlip.batch)/void", [("whom", "ticked"), ("slip", "{}"), why], own: ownSlip.id, foreign: [foreignSlip.id]),
            one("path.batch", "GET", "/activation/batches/{}", own: ownSlip.batch, foreign: [foreignSlip.batch]),
            one("PersonListAsk.unit", "GET", "/people?unit={}", own: "\(bh)", foreign: foreignUnits),
            one("UnitRoutes.open", "GET", "/organizations?open={}", own: "\(closed)", foreign: foreignUnits),
            one("PersonListRoutes.number", "POST", "/people/find", [("number", "{}")], own: try await idNumber("刘芳"), foreign: [try await idNumber("吴静"), strange.number], absent: "11010519491231002X"),
            one("PersonActRoutes.act", "GET", "/people/\(liu)/undo?act={}", own: ownAct, foreign: [foreignAct]),
            one("PersonActRoutes.act", "POST", "/people/\(liu)/undo", [("act", "{}"), why], own: ownAct, foreign: [foreignAct]),
            one("PersonActRoutes.post", "POST", "/people/\(person("赵𬱖"))/end", [("post", "{}"), ("day", "2024-01-01"), why], own: try await post("赵𬱖"), foreign: [try await post("吴静"), try await post("王建国")]),
            one("PersonActRoutes.twin", "POST", "/people/\(survivor.id)/merge", [("twin", "{}"), why], own: "\(second.id)", foreign: ["\(strange.id)", "\(wu)"]),
            one("PersonActRoutes.other", "POST", "/people/\(survivor.id)/merge", [("other", "{}"), why], own: third.code, foreign: [strange.code, "HX9000015"], absent: "TWIN9"),
            one("PersonActRoutes.other", "POST", "/people/\(survivor.id)/merge", [("other", "{}"), why], own: fourth.number, foreign: [strange.number, try await idNumber("吴静")], absent: "11010519491231002X"),
            one("PersonForm.unit", "POST", "/people/\(person("陈杰"))/appoint", newPost + [("manner", "also")], own: "HX-LJ-BH-FW", foreign: unitCodes, absent: "ZZ"),
            one("PersonForm.unit", "POST", "/people/\(person("陈杰"))/appoint", newPost + [("manner", "move")], own: "衡溪华盛精密机械有限公司工会", foreign: unitCodes, absent: "ZZ"),
            one("PersonForm.unit", "POST", "/people/\(person("孙丽"))/posts/\(try await post("孙丽"))/correct", [("unit", "{}"), ("from", "2018-06-01"), ("title", "工会社会工作者"), why], own: "HX-LJ-BH", foreign: unitCodes, absent: "ZZ"),
            one("PersonForm.unit", "POST", "/people/new", newPost + [("name", "新来的人"), ("idNumber", FolkNumbers.idNumber(ordinal: 700, birth: Day(iso: "1990-01-01")!, isMale: true))], own: "HX-LJ-BH", foreign: unitCodes, absent: "ZZ"),
            one("PersonForm.unit", "POST", "/transfers", newPost + [("name", "欧阳修文"), ("number", try await idNumber("欧阳修文"))], own: "HX-LJ-BH", foreign: unitCodes, absent: "ZZ"),
            // Who is looked for outside is found by name and number together, never by the number alone.
            one("TransferRoutes.number", "POST", "/transfers/find", [("name", "黄磊"), ("number", "{}")], own: try await idNumber("黄磊"), foreign: [try await idNumber("吴静")], absent: "11010519491231002X"),
            one("TransferRoutes.number", "POST", "/transfers", [("name", "黄磊"), ("number", "{}")], own: try await idNumber("黄磊"), foreign: [try await idNumber("吴静")], absent: "11010519491231002X"),
            one("UnitRoutes.parent", "POST", "/organizations/\(moved)/do/move", [("parent", "{}"), ("day", "2024-01-01"), why], own: "HX-LJ-BH-FW", foreign: unitCodes, absent: "ZZ"),
            one("UnitRoutes.into", "POST", "/organizations/\(merged)/do/merge", [("into", "{}"), ("day", "2024-01-01"), why], own: "HX-LJ-BH-FW", foreign: unitCodes, absent: "ZZ"),
            one("UnitRoutes.childrenTo", "POST", "/organizations/\(closed)/do/close", [("childrenTo", "{}"), ("day", "2024-01-01"), why], own: "HX-LJ-BH", foreign: unitCodes, absent: "ZZ"),
            one("UnitRoutes.act", "POST", "/organizations/\(undone.id)/do/undo", [("act", "{}"), why], own: "\(undone.act)", foreign: [foreignAct]),
            one("ExchangeRoutes.unit", "POST", "/exchange/exports", [("kind", "people"), ("unit", "{}"), ("subtree", "on"), ("format", "csv")], own: "HX-LJ-BH", foreign: ["HX", "HX-LJ", "HX-LJ-XD", "HX-JC"], absent: "ZZ"),
            one("UnitRoutes.code", "POST", "/organizations/\(bh)/do/create", [("code", "{}"), ("name", "新设的工会"), ("kind", "enterpriseUnion"), ("ownership", "非公"), ("day", "2024-01-01"), why], own: "BH-N", foreign: ["HX", "HX-JC"], absent: nil),
            one("UnitRoutes.code", "POST", "/organizations/\(closed)/do/correct", [("code", "{}"), ("version", "\(Day.always)"), ("name", "BH-C工会"), ("kind", "enterpriseUnion"), ("ownership", "非公"), why], own: "BH-C2", foreign: ["HX", "HX-JC"], absent: nil),
            one("PersonForm.code", "POST", "/people/\(person("黄磊"))/correct", [("code", "{}"), ("name", "黄磊"), why], own: "HX-13", foreign: ["HX9000015"], absent: nil),
            one("PersonForm.idNumber PersonActRoutes.idNumber", "POST", "/people/\(person("黄磊"))/correct", [("code", "HX-13"), ("name", "黄磊"), ("idNumber", "{}"), why], own: FolkNumbers.idNumber(ordinal: 701, birth: Day(iso: "1990-01-01")!, isMale: true), foreign: [try await idNumber("吴静")], absent: nil),
            one("CertificateRoutes.number", "POST", "/people/\(liu)/certificates", [("number", "{}"), ("title", "资格证书"), ("issuer", "省总工会"), ("issued", "2019-01-01")], own: "ZG-3", foreign: ["ZG-2"], absent: nil),
            one("BulkRoutes.person", "POST", "/people/bulk", [("whom", "ticked"), ("person", "{}"), ("category", "sectionAndBelow"), ("replaces", "on")], own: "\(person("黄磊"))", foreign: ["\(wu)", "\(person("王建国"))"]),
            one("path.bulk", "GET", "/people/bulk/{}", own: ownBulk, foreign: [foreignBulk]),
            one("path.bulk", "POST", "/people/bulk/{}/undo", [why], own: ownBulk, foreign: [foreignBulk]),
            one("path.entered", "GET", "/training/{}", own: ownEntered, foreign: [foreignEntered]),
            one("path.entered", "POST", "/training/{}/undo", [why], own: ownEntered, foreign: [foreignEntered]),
            one("RecordEntryRoutes.person", "GET", "/training/new?person={}", own: "\(liu)", foreign: ["\(wu)", "\(person("王建国"))"]),
            one("RecordEntryRoutes.unit", "GET", "/training/new?unit={}", own: "HX-LJ-BH-FW", foreign: unitCodes, absent: "ZZ"),
            one("path.post", "GET", "/people/\(liu)/posts/{}/correct", own: try await post("刘芳"), foreign: [try await post("吴静"), try await post("王建国")]),
            one("path.certificate", "GET", "/people/\(liu)/certificates/{}", own: ownCertificate, foreign: [foreignCertificate]),
            one("path.certificate", "POST", "/people/\(liu)/certificates/{}/end", [("day", "2024-01-01"), ("reason", "用于核对权限")], own: ownCertificate, foreign: [foreignCertificate]),
            one("path.person", "GET", subjects.ruleAddress + "/people/{}" + subjects.rule, own: "\(liu)", foreign: ["\(wu)", "\(person("王建国"))"]),
        ]
        cases.append(one("ReminderRoutes.person", "POST", subjects.ruleAddress + "/remind" + subjects.rule, [("whom", "ticked"), ("person", "{}")], own: "\(liu)", foreign: ["\(wu)", "\(person("王建国"))"]))
        for place in cases.indices where ["BulkRoutes.person", "ReminderRoutes.person"].contains(cases[place].covers[0]) { cases[place].isPreview = true }
        let training = [("title", "班"), ("form", "offJob"), ("from", "2019-03-01"), ("to", "2019-03-01"), ("days", "1")]
        for var preview in [
            one("RecordEntryRoutes.list", "POST", "/training", [("step", "list"), ("list", "{}")], own: "HX-LJ-BH-FW", foreign: unitCodes, absent: "ZZ"),
            one("RecordEntryRoutes.person", "POST", "/training", training + [("step", "check"), ("person", "{}")], own: "\(liu)", foreign: ["\(wu)", "\(person("王建国"))"]),
            one("RecordEntryRoutes.person", "POST", "/training", training + [("step", "check"), ("who", "{}")], own: "刘芳", foreign: ["吴静", "王建国"], absent: "没有这个人"),
            one("PersonActRoutes.twin", "POST", "/people/\(survivor.id)/merge/compare", [("twin", "{}")], own: "\(fifth.id)", foreign: ["\(strange.id)", "\(wu)"]),
        ] {
            preview.isPreview = true
            cases.append(preview)
        }
        let ownFile = try await write { db in "\(try Subjects.file(of: officer, at: bh, app, in: db))" }
        cases += ["", "/content"].map { one("path.file", "GET", "/files/{}\($0)", own: ownFile, foreign: [subjects.file]) }
        let strangers = "\(try await write { try AccountStore.add("wu-jing", displayName: "吴静", hash: "-", personID: wu, in: $0) })"
        let granted = [("from", "2040-01-01"), ("step", "give"), why], liuPost = try await post("刘芳")
        cases += [
            one("GrantRoutes.unit", "GET", "/grants?which=all&unit={}", own: "HX-LJ-BH", foreign: unitCodes, absent: "ZZ"),
            one("GrantRoutes.account", "GET", "/grants/new?account={}", own: "\(subjects.learner)", foreign: [strangers, "\(subjects.uploader)"]),
            one("GrantRoutes.unit", "GET", "/grants/new?unit={}", own: "HX-LJ-BH-FW", foreign: unitCodes, absent: "ZZ"),
            one("GrantRoutes.account", "POST", "/grants", granted + [("account", "{}"), ("role", "lecturer"), ("unit", "HX-LJ-BH"), ("post", liuPost)], own: "\(subjects.learner)", foreign: [strangers, "\(subjects.uploader)"]),
            one("GrantRoutes.unit", "POST", "/grants", granted + [("account", "\(subjects.learner)"), ("role", "leader"), ("unit", "{}"), ("post", liuPost)], own: "HX-LJ-BH-FW", foreign: unitCodes, absent: "ZZ"),
            one("GrantRoutes.post", "POST", "/grants", granted + [("account", "\(subjects.learner)"), ("role", "supervisor"), ("unit", "HX-LJ-BH"), ("post", "{}")], own: liuPost, foreign: [try await post("吴静"), try await post("王建国")]),
        ]
        for (what, own, foreign) in [
            ("record", "\(entry.0)", "\(entry.1)"), ("post", try await post("刘芳"), try await post("吴静")), ("certificate", ownCertificate, foreignCertificate), ("person", "\(liu)", "\(wu)"), ("missing", "\(liu)", "\(wu)"),
        ] {
            cases.append(one("ArchiveRoutes.id ArchiveRoutes.what", learner: true, "GET", "/me/objections/new?what=\(what)&id={}", own: own, foreign: [foreign]))
            cases.append(one("ArchiveRoutes.id ArchiveRoutes.what", learner: true, "POST", "/me/objections", [("what", what), ("id", "{}"), ("text", "学时与证书不符")], own: own, foreign: [foreign]))
        }
        let (below, ownSubstitute, foreignSubstitute) = try await write { db -> (Int64, Int64, Int64) in
            let below = try AccountStore.add("fw-officer", displayName: "服务站的管理员", hash: "-", in: db)
            try GrantStore.give(Grant(role: .personnelOfficer, organizationID: units["HX-LJ-BH-FW"]!, from: .always, to: .open), to: below, in: db)
            let today = Clock.today
            return (
                below, try SubstituteStore.choose(subjects.learner, for: below, from: today, to: today + 2, today: today, in: db),
                try SubstituteStore.choose(subjects.learner, for: subjects.uploader, from: today, to: today + 2, today: today, in: db)
            )
        }
        let (ownApproval, foreignApproval) = try await write { db -> (Approval, Approval) in
            func transfer(_ name: String, to unit: String) throws -> Approval {
                try TransferStore.askTransfer(to: Appointment(personID: person(name), organizationID: units[unit]!, from: Day(iso: "2035-01-01")!, isPrimary: true, title: "干事"), app.house, in: db)
            }
            return (try transfer("杨帆", to: "HX-JC"), try transfer("吴静", to: "HX-LJ-XD"))
        }
        cases += [
            one("SubstituteRoutes.for", "GET", "/substitutes?for={}", own: "\(below)", foreign: [strangers, "\(subjects.uploader)"]),
            one("SubstituteRoutes.substitute", "POST", "/substitutes", [("substitute", "{}"), ("from", "\(Clock.today)"), ("until", "\(Clock.today + 1)"), why], own: "\(subjects.learner)", foreign: [strangers]),
            one("path.substitute", "POST", "/substitutes/{}/end", own: "\(ownSubstitute)", foreign: ["\(foreignSubstitute)"]),
            one("path.approval", "GET", "/approvals/{}", own: "\(ownApproval.id)", foreign: ["\(foreignApproval.id)"]),
            one("ApprovalRoutes.approval", "POST", "/approvals/consent", [("approval", "{}")], own: "\(ownApproval.id)~\(ownApproval.digest)", foreign: ["\(foreignApproval.id)~\(foreignApproval.digest)"], absent: "\(nowhere)~x"),
        ]
        return Foreign(cases: cases, words: ["机床集团工会", "吴静", "欧阳修文", "HX9000015"], officer: officer)
    }
}
