import Kit
import Register

/// A living person's file, as far as one account may see it: of somebody who was here only in the past, as it stood
/// when that ended.
package struct PersonFile: Sendable {
    package let person: Person
    /// The posts that are seen, by their first day. The end of one that ended after all sight did is `Day.open`.
    package let posts: [Appointment]
    /// Names of the units of the posts.
    package let units: [Int64: String]
    package let sight: PersonSight
    /// Posts that the account may set right or end.
    package let kept: Set<Int64>

    /// The file, where a post of the person, past or present, lies in the scope; a merged file is followed to the living one.
    /// Throws `WebProblem.missing` for everybody else's just as for none, and where what is needed is not there. That it was
    /// looked at is noted before anything of it is shown.
    package static func seen(_ id: Int64, _ signedIn: SignedIn, for need: FileNeed = .seeing, in db: Reading) throws -> PersonFile {
        guard let person = try RosterStore.living(id, in: db) else { throw WebProblem.missing }
        let posts = try RosterStore.appointments(of: [person.id], in: db), scope = ScopeOverTime(signedIn.scope)
        guard var sight = PersonSight(posts, scope, today: signedIn.today) else { throw WebProblem.missing }
        // Of a deleted file there is nothing to keep.
        if person.isErased { sight = sight.withoutKeeping }
        // What is not enough looks like a page that is not there.
        guard need.refusal(sight) == nil else { throw WebProblem.missing }
        // A deleted file tells of nobody.
        if !person.isErased { signedIn.looks.add(person.id) }
        let changes = sight.isWhole ? [] : try ActStore.changes(of: "person", [person.id], in: db)
        return PersonFile(person, changes, posts, scope, sight)
    }

    /// The files of several people in their order, those left out of whom nothing is seen.
    package static func seen(_ ids: [Int64], _ signedIn: SignedIn, _ scope: ScopeOverTime, in db: Reading) throws -> [PersonFile] {
        let people = try RosterStore.people(ids, in: db)
        let posts = Dictionary(grouping: try RosterStore.appointments(of: ids, in: db), by: \.personID)
        var sights: [Int64: PersonSight] = [:]
        for id in ids { sights[id] = PersonSight(posts[id] ?? [], scope, today: signedIn.today) }
        let changes = Dictionary(grouping: try ActStore.changes(of: "person", ids.filter { sights[$0]?.isWhole == false }, in: db), by: \.subjectID)
        return ids.compactMap { id in
            guard let person = people[id], let sight = sights[id] else { return nil }
            return PersonFile(person, changes[id] ?? [], posts[id] ?? [], scope, sight)
        }
    }

    /// What of a person's file is seen. `changes` are those of the person's row, needed only where it is not seen whole.
    init(_ person: Person, _ changes: [ChangeRecord], _ posts: [Appointment], _ scope: ScopeOverTime, _ sight: PersonSight) {
        self.person = sight.isWhole ? person : person.standing(before: sight.until, changes)
        self.posts = posts.filter { sight.shows(from: $0.from) }.map { post in
            var seen = post
            if seen.to > sight.until { seen.to = .open }
            return seen
        }
        self.sight = sight
        units = Dictionary(self.posts.map { ($0.organizationID, scope.name($0.organizationID)) }, uniquingKeysWith: { first, _ in first })
        kept = sight.mayKeep ? Set(posts.filter { scope.covers($0.organizationID, for: .keeping) }.map(\.id)) : []
    }

    /// The post that says where somebody is on a day: the primary one, or else the first that runs.
    package func present(on day: Day) -> Appointment? {
        posts.first { $0.covers(day) && $0.isPrimary } ?? posts.first { $0.covers(day) }
    }

    package func unit(_ post: Appointment) -> String { units[post.organizationID] ?? "" }

    /// From when to when, as far as it is seen.
    package func span(_ post: Appointment) -> String {
        !sight.isWhole && post.to == .open ? "\(post.from == .always ? "一直" : "\(post.from)") 至当时" : post.spanInWords
    }

    /// The changes that belong to what is seen, newest first.
    package func changes(in db: Reading) throws -> [ChangeRecord] {
        try RosterStore.changes(of: person.id, in: db).filter { sight.shows(from: Clock.day(ofMilliseconds: $0.act.atMilliseconds)) }
    }
}

extension Person {
    /// What is known of somebody as it stood before a day; `changes` are those of the row. What has changed since is
    /// put back, and a number that has changed is not told at all.
    fileprivate func standing(before day: Day, _ changes: [ChangeRecord]) -> Person {
        let later = changes.filter { $0.subjectID == id && Clock.day(ofMilliseconds: $0.act.atMilliseconds) >= day }.min { $0.id < $1.id }
        // A file made only later, from old lists, is seen as it was made.
        guard let image = later.flatMap({ $0.before ?? $0.after }) else { return self }
        var past = self
        past.code = image.text("code")
        past.name = image.text("name") ?? name
        past.gender = image.text("gender") ?? ""
        past.ethnicity = image.text("ethnicity") ?? ""
        past.politics = image.text("politics") ?? ""
        past.education = image.text("education") ?? ""
        past.degree = image.text("degree") ?? ""
        if image.blob("id_index") != idIndex { past.idCipher = [] }
        if image.blob("phone_index") != phoneIndex { (past.phoneCipher, past.phoneIndex) = (nil, nil) }
        return past
    }
}
