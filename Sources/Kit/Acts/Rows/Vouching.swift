extension Database {
    /// Takes into the log what no act has marked yet: tables that are new to it, as they stand, and rows of tables that got
    /// other columns where they still are what the last act left. Only what migrations have made or changed (`before`), or where the
    /// log has never taken anything in and nobody has noted where it begins (`hasBeginning`): at any other start what differs
    /// is a finding, and stays one. On PostgreSQL also what schema the migrations make, made aside, where this role may make one:
    /// the role that serves may not. Whether it was the first time.
    @discardableResult
    package func vouchForRows(_ migrations: [Migration], before: BeforeMigrating?, hasBeginning: Bool) throws -> Bool {
        guard let rows = keptRows else { return false }
        let maker = engine == .postgres ? try SchemaListing.maker(migrations, self) : nil
        let (known, isNoted) = try readNow { db in
            try (KeptRowStore.columns(in: db), maker == nil || SchemaStore.noted(in: db)?.of == maker)
        }
        func taken(_ known: [String: [String]]) -> [KeptTable] {
            let isFirst = known.isEmpty && !hasBeginning
            return rows.tables.values.filter { known[$0.name] != $0.columns.map(\.name) && (isFirst || before?.allows($0, known: known) ?? false) }
                .sorted { $0.name < $1.name }
        }
        let schema = isNoted ? nil : try SchemaListing.made(by: migrations, beside: self)
        guard !taken(known).isEmpty || schema != nil else { return false }
        try writeNow(Act(who: .system, origin: "", kind: "chain.base", why: "")) { db in
            let known = try KeptRowStore.columns(in: db)
            for table in taken(known) {
                db.vouch(table.name, try KeptRowStore.vouched(of: table, former: known[table.name], auditKey, in: db))
                try KeptRowStore.note(table, in: db)
            }
            if let schema, let maker { try SchemaStore.note(schema, of: maker, in: db) }
        }
        return known.isEmpty && !taken(known).isEmpty
    }
}
