import Access
import Kit
import Ledger
import Register

/// A world between thought and database.
struct DemoWorld: Sendable {
    let city: City
    private let folk: Folk
    private let schooling: Schooling
    private let people: Int

    init(people: Int, years: ClosedRange<Int>, today: Day = .open) {
        self.people = people
        city = City(people: people, years: years, today: today)
        folk = Folk(city: city, people: people)
        schooling = Schooling(city: city, people: people)
    }

    /// All people: those of the first years, and those who came later.
    var count: Int { folk.count }

    /// Small worlds have the images of every row, as if somebody had typed them; large ones would be twice as large.
    private var isNoted: Bool { people <= 20_000 }

    // MARK: - Units

    /// Writes the units with all their versions; the id of each, in the order of the city.
    func found(in db: Writing) throws -> [Int64] {
        let ids = city.units.map { _ in db.nextID() }
        func version(_ version: City.Version, of place: Int) -> OrganizationVersion {
            let unit = city.units[place]
            return OrganizationVersion(
                organizationID: ids[place], from: version.from, to: version.to,
                facts: OrganizationFacts(
                    parentID: version.parent.map { ids[$0] }, name: version.name, kind: unit.kind.rawValue, creditCode: unit.creditCode,
                    ownership: unit.ownership, employees: unit.employees, members: unit.members, enterprises: unit.enterprises))
        }
        try OrganizationStore.found(
            city.units.enumerated().map { place, unit in
                (Organization(id: ids[place], code: unit.code), version(unit.versions[0], of: place))
            }, in: db)
        for (place, unit) in city.units.enumerated() {
            try OrganizationStore.apply(unit.versions.dropFirst().map { .insert(version($0, of: place)) }, in: db)
        }
        return ids
    }

    // MARK: - People

    /// A person with everything, but without the ids that only the write gives.
    struct Prepared: Sendable {
        var person: Person
        var posts: [Appointment]
        var steps: [Posting.Step]
    }

    /// Thinks up the people of a range of ordinals, on as many threads as there are.
    func prepare(_ ordinals: Range<Int>, units: [Int64], numbers: PersonalNumbers) async throws -> [Prepared] {
        let shares = stride(from: ordinals.lowerBound, to: ordinals.upperBound, by: 1250).map {
            $0..<min($0 + 1250, ordinals.upperBound)
        }
        return try await withThrowingTaskGroup(of: (Int, [Prepared]).self) { group in
            for (place, share) in shares.enumerated() {
                group.addTask { (place, try await onThread { try prepareShare(share, units: units, numbers: numbers) }) }
            }
            var parts = [[Prepared]](repeating: [], count: shares.count)
            for try await (place, part) in group { parts[place] = part }
            return Array(parts.joined())
        }
    }

    private func prepareShare(_ ordinals: Range<Int>, units: [Int64], numbers: PersonalNumbers) throws -> [Prepared] {
        var reader = PinyinReader()
        var (unit, rank) = folk.seat(of: min(ordinals.lowerBound, max(people - 1, 0)))
        var members = folk.members(of: unit)
        return try ordinals.map { ordinal in
            guard ordinal < people else { return try Self.rows(of: newcomer(ordinal - people), units: units, numbers: numbers, reader: &reader) }
            while rank >= members.count {
                unit += 1
                rank = 0
                members = folk.members(of: unit)
            }
            defer { rank += 1 }
            return try Self.rows(of: schooled(members[rank], unit: unit, rank: rank), units: units, numbers: numbers, reader: &reader)
        }
    }

    /// The rows of a resident, ids still 0.
    static func rows(of resident: Resident, units: [Int64], numbers: PersonalNumbers, reader: inout PinyinReader) throws -> Prepared {
        let facts = PersonFacts(
            code: resident.code, name: resident.name, idNumber: IDNumber(stored: resident.idNumber, birthDay: resident.birth),
            gender: resident.gender, ethnicity: resident.ethnicity, politics: resident.politics, education: resident.education,
            degree: resident.degree, phone: resident.phone)
        return Prepared(
            person: try RosterStore.person(0, facts, numbers: numbers, reader: &reader),
            posts: resident.posts.map { post in
                Appointment(
                    personID: 0, organizationID: units[post.unit], from: post.from, to: post.to, isPrimary: post.isPrimary,
                    category: post.category, workforce: post.workforce, engagement: post.engagement, title: post.title,
                    isLeadership: post.isLeadership)
            },
            steps: resident.trainings.flatMap { steps(of: $0, units: units) })
    }

    private static func steps(of training: Resident.Training, units: [Int64]) -> [Posting.Step] {
        var record = TrainingRecord(
            sourceCode: training.sourceCode, title: training.title, form: training.form, isSelected: training.isSelected,
            purpose: training.purpose, content: training.content, hostID: training.host.map { units[$0] },
            institution: training.institution, from: training.from, to: training.to, halfDays: training.halfDays,
            hours: training.hours, isCompleted: training.isCompleted)
        let key = record.sourceKey
        let posting = Posting.Step(sourceKey: key, revision: 0, sign: .posting, record: record)
        guard training.fate != .stands else { return [posting] }
        let reversal = Posting.Step(sourceKey: key, revision: 0, sign: .reversal, record: record)
        guard case .correctedTo(let hours) = training.fate else { return [posting, reversal] }
        record.hours = hours
        return [posting, reversal, Posting.Step(sourceKey: key, revision: 1, sign: .posting, record: record)]
    }

    /// Writes prepared people: files, posts and hours, each table in ascending order.
    func write(_ prepared: [Prepared], in db: Writing) throws {
        try Self.write(prepared, images: isNoted, in: db)
    }

    /// The same for any prepared people; the files with their ids.
    @discardableResult
    static func write(_ prepared: [Prepared], images: Bool, in db: Writing) throws -> [Person] {
        let people = prepared.map { one in
            var person = one.person
            person.id = db.nextID()
            return person
        }
        try RosterStore.insert(people, images: images, in: db)
        let posts = zip(people, prepared).flatMap { person, one in
            one.posts.map { post in
                var post = post
                post.id = db.nextID()
                post.personID = person.id
                return post
            }
        }
        try RosterStore.insert(posts, images: images, in: db)
        try HourEntryStore.writeAll(zip(people, prepared).flatMap { person, one in one.steps.map { (person.id, $0) } }, db)
        return people
    }

    // MARK: - Accounts

    /// Who can sign in: officers and leaders at places of the tree that every world has, under the names of people there.
    func signIns() -> [Demo.SignIn] {
        let wanted: [(String, Role, String, Int)] = [
            ("shi", .personnelOfficer, "HX", 12), ("lingdao", .leader, "HX", 0), ("linjiang", .personnelOfficer, "HX-LJ", 6),
            ("binhe", .personnelOfficer, "HX-LJ-BH", 1), ("jichuang", .personnelOfficer, "HX-JC", 2),
            ("kaifaqu", .personnelOfficer, "HX-KF", 5), ("kaifaqu-lingdao", .leader, "HX-KF", 0),
            ("anquan", .securityAdmin, "HX", 14), ("xitong", .systemAdmin, "HX", 15), ("shenji", .auditor, "HX", 16),
        ]
        var taken: Set<String> = []
        return wanted.compactMap { name, role, code, rank in
            guard let place = city.units.firstIndex(where: { $0.code == code }) else { return nil }
            let unit = city.units[place]
            // Somebody who is in post there today, and has no account yet where there is such a one.
            let ranks = (0..<unit.heads).map { (min(rank, unit.heads - 1) + $0) % unit.heads }, members = folk.members(of: place)
            let stays = ranks.filter { members[$0].posts.contains { $0.unit == place && $0.to == .open } }
            let chosen = stays.first { !taken.contains("\(place) \($0)") } ?? stays.first ?? ranks.first
            if let chosen { taken.insert("\(place) \(chosen)") }
            let displayName = chosen.map { members[$0].name } ?? unit.name
            return Demo.SignIn(
                name: name, password: Secrets.password(), displayName: displayName, role: role, unit: code,
                unitName: unit.versions[unit.versions.count - 1].name, roleWord: role.word)
        }
    }

    func signIn(_ learner: DemoLearner) -> Demo.SignIn {
        let unit = city.units[learner.unit]
        return Demo.SignIn(
            name: learner.account, password: Secrets.password(), displayName: learner.name, role: nil, unit: unit.code,
            unitName: unit.versions[unit.versions.count - 1].name, roleWord: "学员（\(learner.note)）")
    }

    /// The people whose story begins in a unit, with everything that happens to them.
    func residents(unit: Int) -> [Resident] { folk.members(of: unit).enumerated().map { schooled($1, unit: unit, rank: $0) } }

    /// Somebody who came beside them.
    func newcomer(_ number: Int) -> Resident {
        let resident = folk.newcomer(number), newcomer = folk.newcomers[number]
        // Nobody of the first years has such a rank: luck and classes are their own.
        return newcomer.learns ? schooled(resident, unit: resident.posts.first?.unit ?? city.root, rank: 2_000_000 + number, isInducted: newcomer.isInducted) : resident
    }

    private func schooled(_ resident: Resident, unit: Int, rank: Int, isInducted: Bool = true) -> Resident {
        var resident = resident
        resident.trainings = schooling.trainings(of: resident, unit: unit, rank: rank, inducted: isInducted)
        return resident
    }
}
