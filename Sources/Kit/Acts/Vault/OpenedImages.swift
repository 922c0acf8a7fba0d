import Crypto

/// Reads images as they were noted, those of people's rows with the people's keys.
struct OpenedImages {
    private let keys: [Int64: SymmetricKey]

    /// Fetches the keys that the images will need.
    init(_ rows: [(subject: String, id: Int64, image: String?)], in db: Reading) throws {
        let people = Set(rows.filter { PersonVault.subjects.contains($0.subject) && $0.image.map(PersonVault.isSealed) == true }.map(\.id))
        guard !people.isEmpty, let vault = db.connection.vault else {
            keys = [:]
            return
        }
        keys = try PersonKeyStore.keys(people.sorted(), vault, in: db)
    }

    /// The image; one whose person's key was destroyed says so and nothing else.
    func image(_ subject: String, _ id: Int64, _ text: String?) throws -> RowImage? {
        guard let text else { return nil }
        guard PersonVault.isSealed(text) else { return try RowImage(json: text) }
        guard let key = keys[id] else { return .erased }
        return try RowImage(json: PersonVault.open(text, under: key, of: id))
    }
}
