import Kit

/// Numbers of people under another data key: ciphertext, and the hashes that find them.
package enum PersonRekeyStore {
    package static let rekeyed = RekeyedTable(
        "证件号码和手机号",
        columns: ["person.id_cipher", "person.id_index", "person.id_part_index", "person.phone_cipher", "person.phone_index"],
        count: { try $0.count("SELECT count(*) FROM person") }
    ) { after, rekeying, db in
        let people = try db.rows(
            SQL("SELECT \(RosterStore.personColumns) FROM person p WHERE p.id > \(after) ORDER BY p.id LIMIT \(1000)"), RosterStore.readPerson)
        guard let last = people.last else { return nil }
        for person in people { try rekey(person, rekeying, in: db) }
        return (last.id, people.count)
    }

    private static func rekey(_ old: Person, _ rekeying: Rekeying, in db: Writing) throws {
        let row = "person \(old.id)", numbers = rekeying.new.numbers
        var new = old
        // A file that was erased has no number; its place in the index holds chance.
        if !old.idCipher.isEmpty, let number = try rekeying.number(old.idCipher, context: RosterStore.numberContext, of: row) {
            new.idCipher = try numbers.seal(number, context: RosterStore.numberContext)
            new.idIndex = numbers.index(idNumber: number)
            new.idPartIndex = numbers.index(idNumberPart: number) ?? []
        }
        if let cipher = old.phoneCipher, let phone = try rekeying.number(cipher, context: RosterStore.phoneContext, of: row) {
            new.phoneCipher = try numbers.seal(phone, context: RosterStore.phoneContext)
            new.phoneIndex = numbers.index(phone: phone)
        }
        guard new != old else { return }
        try RosterStore.write(new, in: db)
        // What the row is now, for whoever holds it against its last image. The image before is that of the act before.
        try db.change("person", new.id, before: nil, after: RosterStore.image(new).json, of: new.id)
    }
}
