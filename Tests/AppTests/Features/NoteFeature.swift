import Access
import Kit
import Register
import Rules

/// A feature that stands nowhere but in the tests: what a folder brings, so that nothing else has to know it.
enum NoteStore {
    static func migration(_ engine: Engine) -> Migration {
        let text = """
            CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL REFERENCES person (id), cipher \(engine == .postgres ? "BYTEA" : "BLOB") NOT NULL,
                act_id BIGINT NOT NULL REFERENCES act (id));
            CREATE TABLE note_draft (person_id BIGINT NOT NULL PRIMARY KEY REFERENCES person (id));
            """
        return Migration("9999-note", Array(text.utf8))
    }

    static let context = "note.cipher"

    static func add(_ text: String, of person: Int64, _ numbers: PersonalNumbers, in db: Writing) throws {
        let id = db.nextID()
        try db.run(SQL("INSERT INTO note (id, person_id, cipher, act_id) VALUES (\(id), \(person), \(try numbers.seal(text, context: context)), \(db.actID))"))
        try db.change("note", id, before: nil, after: RowImage(["person_id": .int(person)]).json, of: person)
    }

    static func texts(of people: [Int64], _ numbers: PersonalNumbers, in db: Reading) throws -> [String] {
        try db.rows(SQL("SELECT cipher FROM note WHERE person_id IN (\(list: people)) ORDER BY id")) { try numbers.open($0.blob(0), context: context) }
    }

    static func draft(of person: Int64, in db: Writing) throws { try db.run(SQL("INSERT INTO note_draft (person_id) VALUES (\(person))")) }

    static let recentKind = RecentKind("note", "便条", place: 90)

    @Sendable static func recent(after id: Int64, limit: Int, today: Day, in db: Reading) throws -> [RecentChange] {
        let rows = try db.rows(SQL("SELECT person_id, act_id FROM note WHERE id > \(id) ORDER BY id DESC LIMIT \(limit)")) { (person: $0.int(0), act: $0.int(1)) }
        let homes = try RosterStore.homes(of: rows.map(\.person), on: today, in: db)
        return rows.compactMap { row in homes[row.person].map { RecentChange(recentKind, unit: $0, person: row.person, link: "/people/\(row.person)/notes", act: row.act) } }
    }

    static func count(in db: Reading) throws -> Int { Int(try db.count("SELECT count(*) FROM note")) }

    static let keeper = RowKeeper(
        subject: "note", image: { id, db in try db.first(SQL("SELECT person_id FROM note WHERE id = \(id)")) { RowImage(["person_id": .int($0.int(0))]) } },
        restore: { id, image, db in
            if let image { try db.run(SQL("UPDATE note SET person_id = \(image.int("person_id")) WHERE id = \(id)")) } else { try db.run(SQL("DELETE FROM note WHERE id = \(id)")) }
        })

    static let rekeyed = RekeyedTable("便条", columns: ["note.cipher"], count: { try $0.count("SELECT count(*) FROM note") }) { after, rekeying, db in
        let rows = try db.rows(SQL("SELECT id, cipher FROM note WHERE id > \(after) ORDER BY id LIMIT 100")) { ($0.int(0), $0.blob(1)) }
        guard let last = rows.last?.0 else { return nil }
        for (id, cipher) in rows {
            guard let sealed = try rekeying.seal(cipher, context: context, of: "note \(id)") else { continue }
            try db.run(SQL("UPDATE note SET cipher = \(sealed) WHERE id = \(id)"))
        }
        return (last, rows.count)
    }
}

/// Rows of a workbook of notes: a number and what is said of its bearer.
struct NoteSheet: SheetContent {
    static let columns = [
        SheetColumn(key: "number", title: "证件号码", required: true, kind: .code, examples: []), SheetColumn(key: "text", title: "内容", required: true, examples: []),
    ]
    var rows: [(row: Int, index: [UInt8], text: String)] = []
    var report = ImportReport()

    init(_ table: TableReader, _ setting: SheetSetting) throws {
        while var row = try table.next() {
            if let number = row.code("number"), let text = row.text("text") { rows.append((row.number, setting.numbers.index(idNumber: number), text)) }
            report.add(row.faults)
        }
        report.rows = table.rowCount
    }

    func judge(_ setting: SheetSetting, in db: Reading) throws -> ImportReport { try judged(setting, in: db).report }

    func run(_ setting: SheetSetting, in db: Writing) throws -> ImportReport {
        var (report, found) = try judged(setting, in: db)
        guard report.errors.isEmpty || setting.options.partial else { return report }
        for (person, text) in found { try NoteStore.add(text, of: person, setting.numbers, in: db) }
        report.applied = true
        return report
    }

    private func judged(_ setting: SheetSetting, in db: Reading) throws -> (report: ImportReport, found: [(Int64, String)]) {
        var report = report, found: [(Int64, String)] = []
        let bearers = try RosterStore.bearers(of: rows.map(\.index), in: db)
        for row in rows {
            let person = bearers[row.index]?.person.id
            let posts = try person.map { try RosterStore.appointments(of: [$0], in: db) } ?? []
            guard let person, setting.reach.refusal(.keeping, posts, on: setting.today) == nil else {
                report.add([ImportReport.Note(row: row.row, column: "证件号码", sentence: "您所管单位没有这个人")])
                continue
            }
            found.append((person, row.text))
        }
        report.new = found.count
        report.rejected = report.wrongRows.count
        return (report, found)
    }
}

extension SheetKind {
    static let notes = SheetKind(
        "notes", "便条", place: 900, columns: { _ in NoteSheet.columns }, read: { table, setting in try NoteSheet(table, setting) }, export: { _, _ in 0 })
}

extension Feature {
    static let notes = Feature(
        "便条",
        rights: [
            RightsRow("GET", "/notes", .right(.keeping, .anywhere), "全部便条"), RightsRow("GET", "/people/:person/notes", .right(.seeing, .person), "一个人的便条"),
            RightsRow("POST", "/people/:person/notes", .right(.keeping, .person), "写便条"),
        ],
        menu: [MenuItem("notes", "便条", "/notes", .books, in: .doing, 90, where: { $0.scope.isAnywhere(.keeping) })],
        tasks: [TaskSource(90, lookedUp: { _, _, db in TaskSource.counted(try NoteStore.count(in: db), "张便条等您看", "/notes") })],
        acts: [("note.add", "写便条")], subjects: ["note": "便条"], keepers: [NoteStore.keeper], sheets: [.notes],
        merging: Merging(merged: { absorbed, survivor, db in try db.run(SQL("UPDATE note SET person_id = \(survivor), act_id = \(db.actID) WHERE person_id = \(absorbed)")) }),
        erasing: Erasing(
            held: { erased, db in
                Erasing.Held(goes: [("便条", "\(try db.count(SQL("SELECT count(*) FROM note WHERE person_id IN (\(list: erased.files))"))) 张")])
            },
            forget: { erased, db in try db.run(SQL("DELETE FROM note WHERE person_id IN (\(list: erased.files))")) }),
        rekeyed: [NoteStore.rekeyed], keeping: KeptRows.Exceptions(tables: ["note_draft": "says nothing of anybody"]),
        looks: [FileLook("notes", "写给他的便条") { $0.hasSuffix("/notes") }], recent: RecentSource(NoteStore.recentKind, read: NoteStore.recent),
        demo: DemoRows { ground, db in for person in ground.people.values.sorted().prefix(3) { try NoteStore.add("演示的便条", of: person, ground.numbers, in: db) } },
        brings: [Finder("便条", 60, where: { $0.scope.isAnywhere(.keeping) }) { sought, _, _ in sought.typed == "便条本" ? Found([Hit("便条本", link: "/notes", fit: .whole)]) : .nothing }]
    ) { doors, house in
        doors.signedIn.get("/notes") { _, _ in
            .page(Page("便条", menu: "notes", body: "共 \(try await house.database.read { try NoteStore.count(in: $0) }) 张"))
        }
        doors.signedIn.get("/people/:person/notes") { request, signedIn in
            let id = try request.id("person")
            let texts = try await house.database.read { db in
                try NoteStore.texts(of: [try PersonFile.seen(id, signedIn, in: db).person.id], house.numbers, in: db)
            }
            return .page(Page("便条", menu: "notes", body: "\(texts.joined(separator: "；"))"))
        }
        doors.signedIn.post("/people/:person/notes") { form, request, signedIn in
            let id = try request.id("person")
            try await house.database.write(signedIn.act("note.add")) { db in
                try NoteStore.add(form.text("text"), of: try PersonFile.seen(id, signedIn, for: .keeping, in: db).person.id, house.numbers, in: db)
            }
            return .redirect("/people/\(id)/notes")
        }
    }
}
