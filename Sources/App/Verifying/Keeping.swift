import Kit

/// How the rows of the tables are held by the log: each table by marks of its rows, but for these.
package enum Keeping {
    package static let exceptions = KeptRows.Exceptions(
        tables: [
            "act": "the chain", "act_change": "the chain", "act_link": "the chain", "act_chain": "the chain", "act_mark": "the chain",
            "hour_entry": "one digest of each posting", "migration": "the schema is held against the program's", "backup": "only in backups, sealed",
            "tail": "a counter: a smaller one is refused by the keys, one a little larger leaves a gap, one far ahead is found",
            "sign_in_attempt": "counts of the last minutes", "provider_return": "lives for minutes",
            "job_run": "how work stands: what was asked for stands in `job`, what was done in acts",
            "job_slot": "moments of schedules that were seen to: what they brought about are acts",
            "import_file": "ciphertext that names its job and part; what is not as it was sealed is refused when it is read",
        ],
        keys: ["session": "number", "sign_in_step": "account_id"],
        // Whoever takes them away signs somebody out. Backups do without.
        vanishing: ["session", "sign_in_step"])

    /// Numbers of what is on record, which the program makes larger than zero: so nothing lies outside of what the checks read, and
    /// what they read belongs to acts that a chain covers or to a finding.
    static let positive: [String: [String]] = [
        "act": ["id"], "act_change": ["id", "act_id"], "act_mark": ["id", "act_id"], "act_link": ["act_id", "chain_id", "sequence"], "act_chain": ["id"],
        "hour_entry": ["id", "act_id"],
    ]

    /// What nobody changes, whoever serves.
    package static let appendOnly: Set<String> = ["act", "act_change", "act_link", "act_mark", "hour_entry"]
}
