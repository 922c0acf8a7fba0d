/// Which dense number a person or an organisation has in the columns, and back.
struct FactsIndex: Sendable {
    private(set) var people: [Int64] = []
    private(set) var organizations: [Int64] = []
    private var personNumbers: [Int64: Int32] = [:]
    private var organizationNumbers: [Int64: Int32] = [:]
    /// Files that were merged away, and the number of the file that stayed.
    private var merged: [Int64: Int32] = [:]

    init() {}

    /// The numbers that the order gives; a file that was given another one stands there twice, and has the later one.
    init(people: [Int64], organizations: [Int64], merged: [Int64: Int32]) {
        self.people = people
        self.organizations = organizations
        self.merged = merged
        personNumbers.reserveCapacity(people.count)
        for (number, id) in people.enumerated() where merged.isEmpty || merged[id] == nil { personNumbers[id] = Int32(truncatingIfNeeded: number) }
        for (number, id) in organizations.enumerated() { organizationNumbers[id] = Int32(truncatingIfNeeded: number) }
    }

    /// Files that were merged away with the numbers of those that stayed, by id.
    var mergedFiles: [(key: Int64, value: Int32)] { merged.sorted { $0.key < $1.key } }
    /// Numbers that belong to nobody any more: a merge gave their people others.
    var abandoned: [Int32] { people.indices.map { Int32(truncatingIfNeeded: $0) }.filter { personNumbers[people[Int($0)]] != $0 } }
    /// No unit has two numbers.
    var hasOrganizationsOnce: Bool { organizationNumbers.count == organizations.count }

    mutating func reserve(people: Int) {
        self.people.reserveCapacity(people)
        personNumbers.reserveCapacity(people)
    }

    /// The number of a person or, where the file was merged away, of the file that stayed.
    func person(_ id: Int64) -> Int32? { personNumbers[id] ?? merged[id] }
    func organization(_ id: Int64) -> Int32? { organizationNumbers[id] }
    func personID(_ number: Int32) -> Int64 { people[Int(number)] }
    func organizationID(_ number: Int32) -> Int64 { organizations[Int(number)] }

    @discardableResult
    mutating func addPerson(_ id: Int64) -> Int32 {
        if let number = personNumbers[id] { return number }
        let number = Int32(truncatingIfNeeded: people.count)
        people.append(id)
        personNumbers[id] = number
        return number
    }

    @discardableResult
    mutating func addOrganization(_ id: Int64) -> Int32 {
        if let number = organizationNumbers[id] { return number }
        let number = Int32(truncatingIfNeeded: organizations.count)
        organizations.append(id)
        organizationNumbers[id] = number
        return number
    }

    /// Notes that what belongs to `id` counts for the person with this number.
    mutating func noteMerged(_ id: Int64, into number: Int32) { merged[id] = number }

    func isMerged(_ id: Int64) -> Bool { merged[id] != nil }
    /// The file that stayed, of a file that was merged away.
    func mergedInto(_ id: Int64) -> Int64? { merged[id].map { people[Int($0)] } }

    /// Gives a person a new number; the old one belongs to nobody any more. `family` are all files that count for the person.
    mutating func renumber(_ id: Int64, with family: [Int64]) -> Int32 {
        let number = Int32(truncatingIfNeeded: people.count)
        people.append(id)
        for member in family where member != id {
            personNumbers[member] = nil
            merged[member] = number
        }
        merged[id] = nil
        personNumbers[id] = number
        return number
    }
}
