/// Brings what one data key has sealed under another. What is under the new key already stays as it is, so that the work
/// can be begun anew wherever it was broken off.
package struct Rekeying: Sendable {
    package let old: DataKeys
    package let new: DataKeys

    /// The bytes of `PersonalNumbers.seal` under the new key; nil where they are already. Throws `key.damaged`.
    package func seal(_ sealed: [UInt8], context: String, of row: String) throws -> [UInt8]? {
        if (try? new.numbers.openBytes(sealed, context: context)) != nil { return nil }
        guard let plain = try? old.numbers.openBytes(sealed, context: context) else { throw Self.damaged(row) }
        return try new.numbers.sealBytes(plain, context: context)
    }

    /// A number that the old key has sealed; nil where it is under the new one. Throws `key.damaged`.
    package func number(_ sealed: [UInt8], context: String, of row: String) throws -> String? {
        if (try? new.numbers.open(sealed, context: context)) != nil { return nil }
        guard let plain = try? old.numbers.open(sealed, context: context) else { throw Self.damaged(row) }
        return plain
    }

    /// Neither key opens it.
    package static func damaged(_ row: String) -> Refusal {
        Refusal("key.damaged", "\(row) 的密文用新旧两把密钥都打不开，多半是被改动过，更换停在这里，已换的都有效。请先运行 yugong verify 查明，修复后再运行一次，它会接着换。")
    }
}

/// A table with what the data key seals.
package struct RekeyedTable: Sendable {
    /// As the screen calls what is in it.
    package let word: String
    /// `person.id_cipher`: every column of ciphertext or keyed hashes that this brings under the new key.
    package let columns: Set<String>
    package let count: @Sendable (Reading) throws -> Int64
    /// Brings some rows after the given id under the new key: the last id of them, and how many; nil when there are no more.
    package let step: @Sendable (_ after: Int64, Rekeying, Writing) throws -> (last: Int64, rows: Int)?

    package init(
        _ word: String, columns: Set<String>, count: @escaping @Sendable (Reading) throws -> Int64,
        step: @escaping @Sendable (_ after: Int64, Rekeying, Writing) throws -> (last: Int64, rows: Int)?
    ) {
        self.word = word
        self.columns = columns
        self.count = count
        self.step = step
    }
}

extension PersonKeyStore {
    /// People's own keys, wrapped anew; the keys stay the same.
    package static let rekeyed = RekeyedTable("个人密钥", columns: ["person_key.wrapped"], count: { try count(in: $0) }) { after, rekeying, db in
        let rows = try wrapped(after: after, in: db)
        guard let last = rows.last?.person else { return nil }
        for (person, wrapped) in rows where (try? rekeying.new.vault.unwrap(wrapped, of: person)) == nil {
            guard let key = try? rekeying.old.vault.unwrap(wrapped, of: person) else { throw Rekeying.damaged("person_key \(person)") }
            try put(rekeying.new.vault.wrap(key, of: person), of: person, in: db)
        }
        return (last, rows.count)
    }
}
