import Crypto

/// Reads images as they were noted, sealed ones with the keys of the people they are about.
struct OpenedImages {
    private var keys: [Int64: SymmetricKey]
    /// People whose key is there and cannot be read.
    private var broken: Set<Int64> = []

    /// Fetches the keys that the images will need.
    init(_ rows: [(subject: String, id: Int64, images: [String?])], in db: Reading) throws {
        let people = Set(rows.flatMap { row in row.images.compactMap { $0.flatMap { PersonVault.person(ofSealed: $0, subject: row.subject, id: row.id) } } })
        guard !people.isEmpty, let vault = db.vault else {
            keys = [:]
            return
        }
        do { keys = try PersonKeyStore.keys(people.sorted(), vault, in: db) } catch let error as CryptoKitError {
            // Of one that somebody has changed the others know nothing, where the row is left out.
            guard db.leavesOut("person_key") else { throw error }
            keys = [:]
            for person in people.sorted() {
                do { keys.merge(try PersonKeyStore.keys([person], vault, in: db)) { first, _ in first } } catch is CryptoKitError { broken.insert(person) }
            }
        }
    }

    /// The image; one whose person's key was destroyed says so and nothing else.
    func image(_ subject: String, _ id: Int64, _ text: String?) throws -> RowImage? {
        guard let text else { return nil }
        guard let person = PersonVault.person(ofSealed: text, subject: subject, id: id) else { return try RowImage(json: text) }
        guard !broken.contains(person) else { throw CryptoKitError.authenticationFailure }
        guard let key = keys[person] else { return .erased }
        return try RowImage(json: PersonVault.open(text, under: key, of: person))
    }
}
