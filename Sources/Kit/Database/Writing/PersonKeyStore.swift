import Crypto

/// The table of people's own keys.
package enum PersonKeyStore {
    static func keys(_ people: [Int64], _ vault: PersonVault, in db: Reading) throws -> [Int64: SymmetricKey] {
        var keys = [Int64: SymmetricKey](minimumCapacity: people.count)
        for start in stride(from: 0, to: people.count, by: 500) {
            let some = people[start..<min(start + 500, people.count)]
            for (id, wrapped) in try db.rows(SQL("SELECT person_id, wrapped FROM person_key WHERE person_id IN (\(list: some))"), { ($0.int(0), $0.blob(1)) }) {
                keys[id] = try vault.unwrap(wrapped, of: id)
            }
        }
        return keys
    }

    /// The keys of these people; who has none gets one.
    static func keysMade(for people: [Int64], _ vault: PersonVault, in db: Writing) throws -> [Int64: SymmetricKey] {
        var keys = try keys(people, vault, in: db)
        let new = try Cores.map(Set(people).subtracting(keys.keys).sorted()) { ids in
            try ids.map { id in
                let key = vault.newKey()
                return (id: id, key: key, wrapped: try vault.wrap(key, of: id))
            }
        }
        for (id, key, _) in new { keys[id] = key }
        if new.count < 4 {
            for (id, _, wrapped) in new { try db.run(SQL("INSERT INTO person_key (person_id, wrapped) VALUES (\(id), \(wrapped))")) }
        } else {
            try db.bulk(into: "person_key", columns: ["person_id", "wrapped"]) { put in
                for (id, _, wrapped) in new { put([.int(id), .blob(wrapped)]) }
            }
        }
        return keys
    }

    /// Destroys a person's key: what it sealed can never be read again.
    package static func destroy(of people: [Int64], in db: Writing) throws {
        try db.run(SQL("DELETE FROM person_key WHERE person_id IN (\(list: people))"))
    }

    // MARK: For another data key

    package static func count(in db: Reading) throws -> Int64 { try db.count("SELECT count(*) FROM person_key") }

    /// Some keys after the given person's, as they lie there.
    static func wrapped(after person: Int64, in db: Reading) throws -> [(person: Int64, key: [UInt8])] {
        try db.rows(SQL("SELECT person_id, wrapped FROM person_key WHERE person_id > \(person) ORDER BY person_id LIMIT \(5000)")) { ($0.int(0), $0.blob(1)) }
    }

    /// The same key, wrapped otherwise.
    static func put(_ wrapped: [UInt8], of person: Int64, in db: Writing) throws {
        try db.run(SQL("UPDATE person_key SET wrapped = \(wrapped) WHERE person_id = \(person)"))
    }
}
