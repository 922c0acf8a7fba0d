import Kit

/// People and their appointments in the database.
package enum RosterStore {
    // MARK: - reading people

    package static func person(_ id: Int64, in db: Reading) throws -> Person? {
        try db.first(SQL("SELECT \(personColumns) FROM person p WHERE p.id = \(id)"), readPerson)
    }

    package static func people(_ ids: [Int64], in db: Reading) throws -> [Int64: Person] {
        var found: [Int64: Person] = [:]
        for some in chunks(ids) {
            for person in try db.rows(SQL("SELECT \(personColumns) FROM person p WHERE p.id IN (\(list: some))"), readPerson) {
                found[person.id] = person
            }
        }
        return found
    }

    /// The living file that a file was merged into, itself where it was not; nil for an unknown id.
    package static func living(_ id: Int64, in db: Reading) throws -> Person? {
        var person = try person(id, in: db), passed: Set<Int64> = []
        while let into = person?.mergedInto, passed.insert(into).inserted { person = try self.person(into, in: db) }
        return person
    }

    /// The living files that bear the numbers (keyed hashes of whole numbers), merged files followed. `borne` has the
    /// names under which the number is known: the survivor's and the merged file's.
    package static func bearers(of indexes: [[UInt8]], in db: Reading) throws -> [[UInt8]: Bearer] {
        var found: [[UInt8]: Bearer] = [:]
        var merged: [Person] = []
        for some in chunks(indexes) {
            for person in try db.rows(SQL("SELECT \(personColumns) FROM person p WHERE p.id_index IN (\(list: some))"), readPerson) {
                if person.mergedInto == nil { found[person.idIndex] = Bearer(person, borne: [person.name]) } else { merged.append(person) }
            }
        }
        for file in merged where found[file.idIndex] == nil {
            if let survivor = try living(file.id, in: db) { found[file.idIndex] = Bearer(survivor, borne: [survivor.name, file.name]) }
        }
        return found
    }

    package static func bearer(of number: IDNumber, numbers: PersonalNumbers, in db: Reading) throws -> Person? {
        let index = numbers.index(idNumber: number.text)
        return try bearers(of: [index], in: db)[index]?.person
    }

    /// Who bears a 人员编号: the file that has it, or the one that file was merged into.
    package static func bearers(ofCodes codes: [String], in db: Reading) throws -> [String: Int64] {
        var found: [String: Int64] = [:]
        for some in chunks(codes) {
            for (code, id) in try db.rows(SQL("SELECT code, coalesce(merged_into, id) FROM person WHERE code IN (\(list: some))"), { ($0.text(0), $0.int(1)) }) {
                found[code] = try living(id, in: db)?.id ?? id
            }
        }
        return found
    }

    /// Living files of the same name and birth date: perhaps the same person.
    package static func twins(name: String, birthDay: Day, in db: Reading) throws -> [Person] {
        try db.rows(
            SQL("SELECT \(personColumns) FROM person p WHERE p.name = \(name) AND p.birth_day = \(birthDay) AND p.merged_into IS NULL ORDER BY p.id LIMIT 20"), readPerson)
    }

    /// For each name and birth date that a living file bears: one such file. Keys are name, U+001F and the day's number.
    package static func twinFiles(_ wanted: [(name: String, born: Day)], in db: Reading) throws -> [String: Int64] {
        var found: [String: Int64] = [:]
        for some in chunks(wanted, of: 400) {
            let pairs = SQL.join(some.map { SQL("(\($0.name), \($0.born))") }, separator: ", ")
            try db.each(
                SQL("SELECT p.name, p.birth_day, p.id FROM person p WHERE p.merged_into IS NULL AND (p.name, p.birth_day) IN (VALUES \(pairs))")
            ) { row in found["\(row.text(0))\u{1F}\(row.day(1).number)"] = row.int(2) }
        }
        return found
    }

    /// For each phone number (keyed hash) that a living file bears: one such file.
    package static func phoneBearers(_ indexes: [[UInt8]], in db: Reading) throws -> [[UInt8]: Int64] {
        var found: [[UInt8]: Int64] = [:]
        for some in chunks(indexes) {
            try db.each(SQL("SELECT phone_index, id FROM person WHERE merged_into IS NULL AND phone_index IN (\(list: some))")) { row in
                found[row.blob(0)] = row.int(1)
            }
        }
        return found
    }

    /// Files that were merged into this one, directly or by way of another.
    package static func absorbed(by id: Int64, in db: Reading) throws -> [Person] {
        var found: [Person] = [], next = [id]
        while !next.isEmpty {
            let some = try db.rows(SQL("SELECT \(personColumns) FROM person p WHERE p.merged_into IN (\(list: next))"), readPerson)
                .filter { file in file.id != id && !found.contains { $0.id == file.id } }
            found += some
            next = some.map(\.id)
        }
        return found
    }

    // MARK: - reading appointments

    /// All appointments of the people, by their first day.
    package static func appointments(of people: [Int64], in db: Reading) throws -> [Appointment] {
        var found: [Appointment] = []
        for some in chunks(people) {
            found += try db.rows(
                SQL("SELECT \(appointmentColumns) FROM appointment a WHERE a.person_id IN (\(list: some)) ORDER BY a.person_id, a.from_day, a.id"),
                readAppointment)
        }
        return found
    }

    package static func appointment(_ id: Int64, in db: Reading) throws -> Appointment? {
        try db.first(SQL("SELECT \(appointmentColumns) FROM appointment a WHERE a.id = \(id)"), readAppointment)
    }

    /// Appointments in the units that still run on `day` or begin later.
    package static func posts(in units: [Int64], endingAfter day: Day, in db: Reading) throws -> [Appointment] {
        var found: [Appointment] = []
        for some in chunks(units) {
            found += try db.rows(
                SQL("SELECT \(appointmentColumns) FROM appointment a WHERE a.organization_id IN (\(list: some)) AND a.to_day > \(day) ORDER BY a.id"),
                readAppointment)
        }
        return found
    }

    /// People all of whose posts in the units have ended by a day.
    package static func peopleGone(from units: [Int64], on day: Day, in db: Reading) throws -> [Int64] {
        var last: [Int64: Day] = [:]
        for some in chunks(units) {
            try db.each(SQL("SELECT person_id, max(to_day) FROM appointment WHERE organization_id IN (\(list: some)) GROUP BY person_id")) { row in
                last[row.int(0)] = max(last[row.int(0)] ?? .always, row.day(1))
            }
        }
        return last.filter { $0.value <= day }.keys.sorted()
    }

    /// Every appointment, streamed by person, with its person: what exports and columns in memory are made of.
    /// `on` keeps those that run on a day.
    package static func each(on day: Day? = nil, in db: Reading, _ body: (Person, Appointment) throws -> Void) throws {
        let span: SQL = day.map { SQL("AND a.from_day <= \($0) AND a.to_day > \($0)") } ?? ""
        try db.each(
            SQL(
                """
                SELECT \(personColumns), \(appointmentColumns) FROM person p JOIN appointment a ON a.person_id = p.id
                WHERE p.merged_into IS NULL \(span) ORDER BY p.pinyin, p.id, a.from_day, a.id
                """)
        ) { row in
            try body(readPerson(row), readAppointment(row, from: personColumnCount))
        }
    }

    // MARK: - acts on people

    /// A new file, with its first appointment where one is given. Throws `person.numberTaken` or `person.codeTaken`,
    /// and what the appointment is refused for.
    @discardableResult
    package static func create(_ facts: PersonFacts, post: Appointment?, numbers: PersonalNumbers, in db: Writing) throws -> Person {
        var reader = PinyinReader()
        let person = try person(db.nextID(), facts, numbers: numbers, reader: &reader)
        try checkUnique(person, in: db)
        try put(person, in: db)
        try db.change("person", person.id, before: nil, after: image(person).json, of: person.id)
        if var post {
            post.personID = person.id
            try apply(try book(of: person.id, in: db).appointing(post), in: db)
        }
        return person
    }

    /// The facts of a file set right. Throws `person.numberTaken` or `person.codeTaken`.
    package static func correct(_ id: Int64, to facts: PersonFacts, numbers: PersonalNumbers, in db: Writing) throws {
        guard let old = try person(id, in: db), old.mergedInto == nil else { throw missing }
        var reader = PinyinReader()
        var new = try person(id, facts, numbers: numbers, reader: &reader)
        // The same number enciphered again looks different: what has not changed keeps its bytes.
        if new.idIndex == old.idIndex { new.idCipher = old.idCipher }
        if new.phoneIndex == old.phoneIndex { new.phoneCipher = old.phoneCipher }
        guard new != old else { throw Refusal("person.nothingChanged", "更正前后完全相同，没有要改的；请核对填写的内容") }
        try checkUnique(new, in: db)
        try update(old, to: new, in: db)
    }

    /// The absorbed file becomes part of the survivor: every appointment moves there; a 人员编号 the survivor lacks goes with it.
    /// Hours stay with the absorbed file in the ledger and are read through `mergedInto`; the ledger takes back what
    /// would count twice, in the same act. Throws `merge.self`, `merge.gone`, `merge.primaryOverlap`.
    package static func merge(_ absorbed: Int64, into survivor: Int64, primary: MergePrimary = .ask, in db: Writing) throws {
        guard absorbed != survivor else { throw Refusal("merge.self", "这是同一份档案，不用合并；请选另一份") }
        guard let gone = try person(absorbed, in: db), let stays = try person(survivor, in: db) else { throw missing }
        guard gone.mergedInto == nil, stays.mergedInto == nil else {
            throw Refusal("merge.gone", "其中一份档案已经并入别的档案；请打开合并后的档案再办理")
        }
        let ours = try appointments(of: [survivor], in: db), theirs = try appointments(of: [absorbed], in: db)
        let units = try OrganizationStore.history(of: (ours + theirs).map(\.organizationID), in: db)
        let edits = try PersonMerge.edits(survivor: ours, absorbed: theirs, into: survivor, primary: primary, unit: units.name)
        // The files first: who is asked about a post that goes over finds that both are one person's.
        var after = gone
        after.mergedInto = survivor
        if stays.code == nil, gone.code != nil {
            after.code = nil
            try update(gone, to: after, in: db)
            var named = stays
            named.code = gone.code
            try update(stays, to: named, in: db)
        } else {
            try update(gone, to: after, in: db)
        }
        do {
            try db.attempt { try apply(edits, in: db) }
        } catch is ConstraintBroken {
            throw Refusal("merge.posts", "两份档案的任职互相重叠，无法并在一起；请先更正重叠的任职，再合并")
        }
    }

    package static var missing: Refusal { Refusal("person.missing", "没有这个人；请从名册中选") }

    private static func checkUnique(_ person: Person, in db: Reading) throws {
        if let refusal = try taken(number: person.idIndex, code: person.code, but: person.id, in: db).first { throw refusal }
    }

    /// What of a number (its keyed hash) and a code is another file's already: `person.numberTaken`, `person.codeTaken`, each about that file.
    package static func taken(number: [UInt8], code: String?, but id: Int64?, in db: Reading) throws -> [Refusal] {
        var refusals: [Refusal] = []
        if let other = try bearers(of: [number], in: db)[number]?.person, other.id != id {
            // Whether the name fits is not told: who does not keep that file could try one after another.
            refusals.append(Refusal(
                "person.numberTaken", "这个证件号码在名册里已有档案，没有登记；请先核对号码。确是本人的，请到那份档案上办理；在别的单位的，请在“调入申请”里按姓名和证件号码查找",
                about: other.id))
        }
        if let code, let other = try bearers(ofCodes: [code], in: db)[code], other != id {
            refusals.append(Refusal("person.codeTaken", "人员编号 \(code) 已是别人的编号；请换一个，或留空", about: other))
        }
        return refusals
    }

    /// The row of a person: name read, numbers enciphered and indexed.
    package static func person(_ id: Int64, _ facts: PersonFacts, numbers: PersonalNumbers, reader: inout PinyinReader) throws -> Person {
        let name = try PersonName.checked(facts.name)
        let phone = try facts.phone.flatMap { $0.isEmpty ? nil : try PhoneNumber.checked($0) }
        for (title, text) in [("民族", facts.ethnicity), ("政治面貌", facts.politics), ("学历", facts.education), ("学位", facts.degree)] where !text.fits(50) {
            throw Refusal("person.long", "\(title)超过 50 个字；请核对是否填错了列")
        }
        return Person(
            id: id, code: try Person.checkedCode(facts.code), name: name, pinyin: reader.read(name),
            idCipher: try numbers.seal(facts.idNumber.text, context: numberContext), idIndex: numbers.index(idNumber: facts.idNumber.text),
            idPartIndex: numbers.index(idNumberPart: facts.idNumber.text) ?? [], birthDay: facts.idNumber.birthDay, gender: facts.gender,
            ethnicity: facts.ethnicity, politics: facts.politics, education: facts.education, degree: facts.degree,
            phoneCipher: try phone.map { try numbers.seal($0, context: phoneContext) }, phoneIndex: phone.map { numbers.index(phone: $0) })
    }

    package static let numberContext = "person.id"
    package static let phoneContext = "person.phone"

    package static func idNumber(of person: Person, numbers: PersonalNumbers) throws -> IDNumber {
        IDNumber(stored: try opened(person.idCipher, numberContext, of: person, numbers), birthDay: person.birthDay)
    }

    /// Refusal `person.unreadable` where somebody has changed what is kept.
    private static func opened(_ cipher: [UInt8], _ context: String, of person: Person, _ numbers: PersonalNumbers) throws -> String {
        do { return try numbers.open(cipher, context: context) } catch {
            throw Refusal("person.unreadable", "编号 \(person.id) 的档案里，证件号码或手机号读不出来：内容不是程序写的，多半是有人直接改过数据库。请系统管理员核对数据库。")
        }
    }

    package static func phone(of person: Person, numbers: PersonalNumbers) throws -> String? {
        try person.phoneCipher.map { try opened($0, phoneContext, of: person, numbers) }
    }

    // MARK: - acts on appointments

    /// The person's posts, ready for decisions.
    package static func book(of person: Int64, in db: Reading) throws -> PostBook {
        let posts = try appointments(of: [person], in: db), units = try OrganizationStore.history(of: posts.map(\.organizationID), in: db)
        return PostBook(posts) { units.name($0) }
    }

    /// A further post of a living person in a unit that exists on its first day.
    package static func appoint(_ post: Appointment, in db: Writing) throws {
        try requireUnit(post, in: db)
        try apply(try book(of: try requireLiving(post.personID, in: db), in: db).appointing(post), in: db)
    }

    /// A post set right in place.
    package static func correct(_ id: Int64, to post: Appointment, in db: Writing) throws {
        guard let old = try appointment(id, in: db) else { throw missingPost }
        var new = post
        new.id = old.id
        new.personID = old.personID
        if new.organizationID != old.organizationID || new.from != old.from { try requireUnit(new, in: db) }
        try apply(try book(of: old.personID, in: db).correcting(old, to: new), in: db)
    }

    /// The post ends; `day` is the first day no longer in it.
    package static func end(_ id: Int64, on day: Day, in db: Writing) throws {
        guard let old = try appointment(id, in: db) else { throw missingPost }
        try apply(try book(of: old.personID, in: db).ending(old, on: day), in: db)
    }

    /// 调动: the new primary post begins and the old one ends on that day.
    package static func transfer(to post: Appointment, in db: Writing) throws {
        try requireUnit(post, in: db)
        try apply(try book(of: try requireLiving(post.personID, in: db), in: db).moving(to: post), in: db)
    }

    package static var missingPost: Refusal { Refusal("appointment.missing", "没有这条任职；请刷新页面后再试") }

    private static func requireLiving(_ id: Int64, in db: Reading) throws -> Int64 {
        guard let person = try person(id, in: db), person.mergedInto == nil else { throw missing }
        return id
    }

    /// Whether the post lies within the life of its unit. Throws `appointment.unitUnborn` and `appointment.unitClosed`.
    package static func requireUnit(_ post: Appointment, in db: Reading) throws {
        if let refusal = try OrganizationStore.history(of: [post.organizationID], in: db).refusal(of: post) { throw refusal }
    }

    /// Writes the edits in their order and notes each; inserts get their ids here.
    package static func apply(_ edits: [AppointmentEdit], in db: Writing) throws {
        for edit in edits {
            if let title = edit.newTitle, !title.fits(Appointment.longestTitle) {
                throw Refusal("appointment.title", "职务名称有 \(title.count) 个字，太长，没有登记。请缩短到 \(Appointment.longestTitle) 个字以内。")
            }
            switch edit {
            case .insert(var post):
                post.id = db.nextID()
                try put(post, in: db)
                try db.change("appointment", post.id, before: nil, after: image(post).json)
            case .update(let old, let new):
                try set("appointment", old.id, appointmentColumnNames, from: values(old, act: 0), to: values(new, act: db.actID), in: db)
                try db.change("appointment", old.id, before: image(old).json, after: image(new).json)
            case .delete(let old):
                try db.run(SQL("DELETE FROM appointment WHERE id = \(old.id)"))
                try db.change("appointment", old.id, before: image(old).json, after: nil)
            }
        }
    }

    // MARK: - by the thousand, for imports

    /// The unit to which each of these people belongs on a day, or last belonged.
    package static func homes(of people: [Int64], on day: Day, in db: Reading) throws -> [Int64: Int64] {
        Dictionary(grouping: try appointments(of: Array(Set(people)), in: db), by: \.personID).compactMapValues { $0.home(on: day)?.organizationID }
    }

    /// New files in bulk; nothing is checked here. Without `images` no change is noted: a made world of a million files
    /// would be twice as large.
    package static func insert(_ people: [Person], images: Bool = true, in db: Writing) throws {
        try db.bulk(into: "person", columns: personColumnNames) { put in
            for person in people { put(values(person, act: db.actID)) }
        }
        guard images else { return }
        let images = try Cores.map(people) { $0.map { image($0).json } }
        for (person, image) in zip(people, images) { try db.change("person", person.id, before: nil, after: image, of: person.id) }
    }

    /// New appointments in bulk; nothing is checked here. `images` as above.
    package static func insert(_ posts: [Appointment], images: Bool = true, in db: Writing) throws {
        try db.bulk(into: "appointment", columns: appointmentColumnNames) { put in
            for post in posts { put(values(post, act: db.actID)) }
        }
        guard images else { return }
        let images = try Cores.map(posts) { $0.map { image($0).json } }
        for (post, image) in zip(posts, images) { try db.change("appointment", post.id, before: nil, after: image) }
    }

    /// Takes codes away that pass from one file to another: before the files are changed.
    package static func letCodesGo(of people: [Int64], in db: Writing) throws {
        for id in people { try db.run(SQL("UPDATE person SET code = NULL WHERE id = \(id)")) }
    }

    /// Changed files.
    package static func update(_ changes: [(old: Person, new: Person)], in db: Writing) throws {
        let images = try Cores.map(changes) { $0.map { (before: image($0.old).json, after: image($0.new).json) } }
        for ((old, new), image) in zip(changes, images) {
            try write(new, instead: old, in: db)
            try db.change("person", old.id, before: image.before, after: image.after, of: old.id)
        }
    }

    /// Changed appointments. What stops being primary or gets shorter goes first, so that no moment has two primary posts.
    package static func update(_ changes: [(old: Appointment, new: Appointment)], in db: Writing) throws {
        for (old, new) in changes where old.isPrimary && new.isPrimary && (old.from != new.from || old.to != new.to) {
            try db.run(SQL("UPDATE appointment SET is_primary = 0 WHERE id = \(old.id)"))
        }
        for (old, new) in changes where !new.isPrimary {
            try apply([.update(old, to: new)], in: db)
        }
        for (old, new) in changes where new.isPrimary {
            try apply([.update(old, to: new)], in: db)
        }
    }

    // MARK: - rows

    static let personColumns: SQL = """
        p.id, p.code, p.name, p.pinyin, p.initials, p.id_cipher, p.id_index, p.id_part_index, p.birth_day, p.gender, p.ethnicity,
        p.politics, p.education, p.degree, p.phone_cipher, p.phone_index, p.merged_into
        """
    private static let personColumnCount = 17
    private static let personColumnNames = [
        "id", "code", "name", "pinyin", "initials", "id_cipher", "id_index", "id_part_index", "birth_day", "gender", "ethnicity", "politics",
        "education", "degree", "phone_cipher", "phone_index", "merged_into", "act_id",
    ]
    static let appointmentColumns: SQL = """
        a.id, a.person_id, a.organization_id, a.from_day, a.to_day, a.is_primary, a.category, a.workforce, a.engagement, a.title, a.is_leadership
        """
    private static let appointmentColumnNames = [
        "id", "person_id", "organization_id", "from_day", "to_day", "is_primary", "category", "workforce", "engagement", "title",
        "is_leadership", "act_id",
    ]

    static func readPerson(_ row: Row) -> Person {
        Person(
            id: row.int(0), code: row.textOrNil(1), name: row.text(2), pinyin: Pinyin(full: row.text(3), initials: row.text(4)),
            idCipher: row.blob(5), idIndex: row.blob(6), idPartIndex: row.blob(7), birthDay: row.day(8), gender: row.text(9),
            ethnicity: row.text(10), politics: row.text(11), education: row.text(12), degree: row.text(13), phoneCipher: row.blobOrNil(14),
            phoneIndex: row.blobOrNil(15), mergedInto: row.intOrNil(16))
    }

    static func readAppointment(_ row: Row) -> Appointment { readAppointment(row, from: 0) }

    private static func readAppointment(_ row: Row, from at: Int) -> Appointment {
        Appointment(
            id: row.int(at), personID: row.int(at + 1), organizationID: row.int(at + 2), from: row.day(at + 3), to: row.day(at + 4),
            isPrimary: row.bool(at + 5), category: row.text(at + 6), workforce: row.text(at + 7), engagement: row.text(at + 8),
            title: row.text(at + 9), isLeadership: row.bool(at + 10))
    }

    private static func values(_ person: Person, act: Int64) -> [Value] {
        [
            .int(person.id), .of(person.code), .text(person.name), .text(person.pinyin.full), .text(person.pinyin.initials),
            .blob(person.idCipher), .blob(person.idIndex), .blob(person.idPartIndex), .of(person.birthDay), .text(person.gender),
            .text(person.ethnicity), .text(person.politics), .text(person.education), .text(person.degree), .of(person.phoneCipher),
            .of(person.phoneIndex), .of(person.mergedInto), .int(act),
        ]
    }

    private static func values(_ post: Appointment, act: Int64) -> [Value] {
        [
            .int(post.id), .int(post.personID), .int(post.organizationID), .of(post.from), .of(post.to), .of(post.isPrimary),
            .text(post.category), .text(post.workforce), .text(post.engagement), .text(post.title), .of(post.isLeadership), .int(act),
        ]
    }

    private static func put(_ person: Person, in db: Writing) throws {
        try db.run(
            SQL(
                """
                INSERT INTO person (id, code, name, pinyin, initials, id_cipher, id_index, id_part_index, birth_day, gender, ethnicity, politics,
                    education, degree, phone_cipher, phone_index, merged_into, act_id)
                VALUES (\(person.id), \(person.code), \(person.name), \(person.pinyin.full), \(person.pinyin.initials), \(person.idCipher),
                    \(person.idIndex), \(person.idPartIndex), \(person.birthDay), \(person.gender), \(person.ethnicity), \(person.politics),
                    \(person.education), \(person.degree), \(person.phoneCipher), \(person.phoneIndex), \(person.mergedInto), \(db.actID))
                """))
    }

    /// Sets the columns of a row that differ: the indexes of the others are not touched.
    private static func set(_ table: String, _ id: Int64, _ columns: [String], from old: [Value], to new: [Value], in db: Writing) throws {
        let changed = zip(columns, zip(old, new)).filter { $0.1.0 != $0.1.1 }.map { name, value in SQL("\(SQL(stringLiteral: name)) = \(value.1)") }
        try db.run(SQL("UPDATE \(SQL(stringLiteral: table)) SET \(SQL.join(changed, separator: ", ")) WHERE id = \(id)"))
    }

    private static func write(_ new: Person, instead old: Person, in db: Writing) throws {
        try set("person", old.id, personColumnNames, from: values(old, act: 0), to: values(new, act: db.actID), in: db)
    }

    private static func update(_ old: Person, to new: Person, in db: Writing) throws {
        try write(new, instead: old, in: db)
        try db.change("person", old.id, before: image(old).json, after: image(new).json, of: old.id)
    }

    /// The row as it is said, without an image.
    package static func write(_ person: Person, in db: Writing) throws {
        try db.run(
            SQL(
                """
                UPDATE person SET code = \(person.code), name = \(person.name), pinyin = \(person.pinyin.full), initials = \(person.pinyin.initials),
                    id_cipher = \(person.idCipher), id_index = \(person.idIndex), id_part_index = \(person.idPartIndex),
                    birth_day = \(person.birthDay), gender = \(person.gender), ethnicity = \(person.ethnicity), politics = \(person.politics),
                    education = \(person.education), degree = \(person.degree), phone_cipher = \(person.phoneCipher),
                    phone_index = \(person.phoneIndex), merged_into = \(person.mergedInto), act_id = \(db.actID)
                WHERE id = \(person.id)
                """))
    }

    private static func put(_ post: Appointment, in db: Writing) throws {
        try db.run(
            SQL(
                """
                INSERT INTO appointment (id, person_id, organization_id, from_day, to_day, is_primary, category, workforce, engagement, title,
                    is_leadership, act_id)
                VALUES (\(post.id), \(post.personID), \(post.organizationID), \(post.from), \(post.to), \(post.isPrimary), \(post.category),
                    \(post.workforce), \(post.engagement), \(post.title), \(post.isLeadership), \(db.actID))
                """))
    }

    private static func update(_ post: Appointment, in db: Writing) throws {
        try db.run(
            SQL(
                """
                UPDATE appointment SET person_id = \(post.personID), organization_id = \(post.organizationID), from_day = \(post.from),
                    to_day = \(post.to), is_primary = \(post.isPrimary), category = \(post.category), workforce = \(post.workforce),
                    engagement = \(post.engagement), title = \(post.title), is_leadership = \(post.isLeadership), act_id = \(db.actID)
                WHERE id = \(post.id)
                """))
    }

    // MARK: - images

    package static func image(_ person: Person) -> RowImage {
        RowImage([
            "id": .int(person.id), "code": .text(person.code), "name": .text(person.name), "pinyin": .text(person.pinyin.full),
            "initials": .text(person.pinyin.initials), "id_cipher": .blob(person.idCipher), "id_index": .blob(person.idIndex),
            "id_part_index": .blob(person.idPartIndex), "birth_day": .day(person.birthDay), "gender": .text(person.gender),
            "ethnicity": .text(person.ethnicity), "politics": .text(person.politics), "education": .text(person.education),
            "degree": .text(person.degree), "phone_cipher": .blob(person.phoneCipher), "phone_index": .blob(person.phoneIndex),
            "merged_into": .int(person.mergedInto),
        ])
    }

    package static func person(_ image: RowImage) -> Person {
        Person(
            id: image.int("id") ?? 0, code: image.text("code"), name: image.text("name") ?? "",
            pinyin: Pinyin(full: image.text("pinyin") ?? "", initials: image.text("initials") ?? ""), idCipher: image.blob("id_cipher") ?? [],
            idIndex: image.blob("id_index") ?? [], idPartIndex: image.blob("id_part_index") ?? [], birthDay: image.day("birth_day") ?? .always,
            gender: image.text("gender") ?? "", ethnicity: image.text("ethnicity") ?? "", politics: image.text("politics") ?? "",
            education: image.text("education") ?? "", degree: image.text("degree") ?? "", phoneCipher: image.blob("phone_cipher"),
            phoneIndex: image.blob("phone_index"), mergedInto: image.int("merged_into"))
    }

    package static func image(_ post: Appointment) -> RowImage {
        RowImage([
            "id": .int(post.id), "person_id": .int(post.personID), "organization_id": .int(post.organizationID), "from_day": .day(post.from),
            "to_day": .day(post.to), "is_primary": .bool(post.isPrimary), "category": .text(post.category), "workforce": .text(post.workforce),
            "engagement": .text(post.engagement), "title": .text(post.title), "is_leadership": .bool(post.isLeadership),
        ])
    }

    package static func appointment(_ image: RowImage) -> Appointment {
        Appointment(
            id: image.int("id") ?? 0, personID: image.int("person_id") ?? 0, organizationID: image.int("organization_id") ?? 0,
            from: image.day("from_day") ?? .always, to: image.day("to_day") ?? .open, isPrimary: image.bool("is_primary"),
            category: image.text("category") ?? "", workforce: image.text("workforce") ?? "", engagement: image.text("engagement") ?? "",
            title: image.text("title") ?? "", isLeadership: image.bool("is_leadership"))
    }

    /// What undo needs for these tables.
    package static let keepers = [
        RowKeeper(
            subject: "person", image: { id, db in try person(id, in: db).map(image) },
            restore: { id, image, db in
                guard let image else {
                    try db.run(SQL("DELETE FROM person WHERE id = \(id)"))
                    return
                }
                if try person(id, in: db) == nil { try put(person(image), in: db) } else { try write(person(image), in: db) }
            }),
        RowKeeper(
            subject: "appointment", image: { id, db in try appointment(id, in: db).map(image) },
            restore: { id, image, db in
                guard let image else {
                    try db.run(SQL("DELETE FROM appointment WHERE id = \(id)"))
                    return
                }
                if try appointment(id, in: db) == nil { try put(appointment(image), in: db) } else { try update(appointment(image), in: db) }
            }),
    ]

    /// All changes of a file and of its appointments, those of files merged into it included, newest first.
    package static func changes(of id: Int64, in db: Reading) throws -> [ChangeRecord] {
        let files = [id] + (try absorbed(by: id, in: db)).map(\.id)
        // An appointment that was taken back has left its images only: it is found by the last of them, and one that is another
        // file's by the acts that touched its neighbours.
        let last = SQL.join(files.map { SQL("c.before_image LIKE \("%\"person_id\":\($0),%")") }, separator: " OR ")
        let posts = try db.rows(
            SQL(
                """
                SELECT id FROM appointment WHERE person_id IN (\(list: files))
                UNION SELECT c.subject_id FROM act_change c WHERE c.subject = 'appointment' AND c.after_image IS NULL AND (\(last))
                UNION SELECT c.subject_id FROM act_change c WHERE c.subject = 'appointment' AND c.act_id IN (
                    SELECT n.act_id FROM act_change n JOIN act ON act.id = n.act_id WHERE act.kind NOT LIKE 'import.%' AND (
                        (n.subject = 'person' AND n.subject_id IN (\(list: files)))
                        OR (n.subject = 'appointment' AND n.subject_id IN (SELECT id FROM appointment WHERE person_id IN (\(list: files))))))
                """)
        ) { $0.int(0) }
        let own = try ActStore.changes(of: "appointment", posts, in: db).filter { change in
            [change.before, change.after].contains { image in image?.int("person_id").map(files.contains) ?? false }
        }
        // Another key is no change of the file.
        let facts = try ActStore.changes(of: "person", files, in: db).filter { !Act.rekeyingKinds.contains($0.act.kind) }
        return (facts + own).sorted { $0.id > $1.id }
    }

    package static func chunks<T>(_ all: [T], of size: Int = 500) -> [[T]] {
        stride(from: 0, to: all.count, by: size).map { Array(all[$0..<min($0 + size, all.count)]) }
    }
}
