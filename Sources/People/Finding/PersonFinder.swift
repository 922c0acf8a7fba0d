import Access
import Kit
import Register

extension Finder {
    /// People of one's units, past and present. Whoever is shown can read that they were found, and by whom.
    static let people = Finder("人员", 10, hint: "姓名、全拼、首字母、人员编号；证件号码或手机号", where: { $0.scope.isAnywhere(.seeing) }) { sought, signedIn, house in
        try await house.database.read { db in
            let scope = ScopeOverTime(signedIn.scope)
            var ids = try sought.number.map { try PersonListStore.people(number: $0, numbers: house.numbers, in: db) } ?? []
            if ids.isEmpty {
                let units = PersonListAsk.units(of: nil, signedIn, scope)
                // One more than is shown, so that the page can say that there are more.
                ids = try PersonFindStore.people(PersonFindStore.Ask(typed: sought.typed.filter { !$0.isWhitespace }, units: units, limit: most + 1), in: db)
            }
            let seen = try PersonFile.seen(ids, signedIn, scope, in: db).filter { sought.number != nil || $0.sight.isWhole || bears($0.person, sought) }
            let files = seen.prefix(most)
            for file in files where !file.person.isErased { signedIn.looks.add(file.person.id) }
            let words = sought.typed
            return Found(
                files.map { hit($0, sought, signedIn.today) },
                more: sought.number == nil && seen.count > most ? ("在名册里看全部", PageAddress("/people", Fields([("q", words)])).link) : nil)
        }
    }

    private static func hit(_ file: PersonFile, _ sought: Sought, _ today: Day) -> Hit {
        let post = file.sight.isWhole ? file.present(on: today) ?? file.posts.home(on: today) : file.posts.home(on: file.sight.until - 1)
        let isPast = post.map { !$0.covers(today) || !file.sight.isWhole } ?? true
        let note = post.map { "\(isPast ? "曾任：" : "")\(file.unit($0))\($0.title.isEmpty ? "" : " · " + $0.title)" } ?? ""
        return Hit(
            file.person.name, note: [note, file.person.code.map { "编号 \($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: " · "), link: "/people/\(file.person.id)",
            fit: fit(file.person, sought), steps: [("学时", "/people/\(file.person.id)/hours")])
    }

    private static func fit(_ person: Person, _ sought: Sought) -> Hit.Fit {
        let sounds = PinyinReader.query(sought.typed)
        if sought.number != nil || person.code == sought.typed || !sounds.isEmpty && (person.pinyin.full == sounds || person.pinyin.initials == sounds) { return .whole }
        return sought.fit(person.name) ?? .start
    }

    /// Whether somebody of whom only the past is seen bore then what was typed: the name of today is not told.
    private static func bears(_ person: Person, _ sought: Sought) -> Bool {
        var reader = PinyinReader()
        let read = reader.read(person.name), sounds = PinyinReader.query(sought.typed)
        return sought.fit(person.name) != nil || person.code == sought.typed || !sounds.isEmpty && (read.full.hasPrefix(sounds) || read.initials.hasPrefix(sounds))
    }
}
