import Access
import Kit
import Register

/// A file with what its page and forms show. Personal numbers come masked.
struct ShownFile: Sendable {
    let file: PersonFile
    /// Nil where the number was changed after all sight ended.
    let idNumber: String?
    let phone: String?
    /// How often a whole number has been looked at.
    let unmaskings: Int
    /// What has happened to the file, newest first.
    let events: [PersonHistory.Event]
    let words: RosterWords
    let today: Day

    var person: Person { file.person }
    var home: String { "/people/\(person.id)" }
    /// Somebody who keeps the file may look at whole numbers, and each time is noted.
    var mayUnmask: Bool { file.sight.mayKeep }

    static func read(
        _ id: Int64, _ signedIn: SignedIn, _ need: FileNeed, _ words: RosterWords, _ numbers: PersonalNumbers, in db: Reading
    ) throws -> ShownFile {
        let file = try PersonFile.seen(id, signedIn, for: need, in: db), person = file.person
        let changes = try file.changes(in: db)
        let named = try RosterStore.people(
            Array(Set(changes.flatMap { change in [change.before, change.after].flatMap { [$0?.int("merged_into"), $0?.int("person_id")] } }.compactMap { $0 })), in: db)
        let scope = ScopeOverTime(signedIn.scope)
        return ShownFile(
            file: file, idNumber: person.idCipher.isEmpty ? nil : masked(idNumber: try RosterStore.idNumber(of: person, numbers: numbers).text),
            phone: try RosterStore.phone(of: person, numbers: numbers).map { masked(phone: $0) },
            unmaskings: try ActStore.changes(of: Unmasking.subject, [person.id], in: db).count,
            events: PersonHistory(words: words, unit: { scope.name($0) }, name: { named[$0]?.name ?? "" }).events(changes), words: words,
            today: signedIn.today)
    }
}
