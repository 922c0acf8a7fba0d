import Access
import Kit

/// How the rows of the tables are held by the log: each table by marks of its rows, but for these and those that features except.
package enum Keeping {
    private static let own = KeptRows.Exceptions(
        tables: [
            "act": "the chain", "act_change": "the chain", "act_link": "the chain", "act_chain": "the chain", "act_mark": "the chain",
            "migration": "the schema is held against the program's", "backup": "only in backups, sealed",
            "tail": "a counter: a smaller one is refused by the keys, one a little larger leaves a gap, one far ahead is found",
        ],
        appendOnly: ["act", "act_change", "act_link", "act_mark"],
        // So nothing lies outside of what the checks read, and what they read belongs to acts that a chain covers or to a finding.
        positive: [
            "act": ["id"], "act_change": ["id", "act_id"], "act_mark": ["id", "act_id"], "act_link": ["act_id", "chain_id", "sequence"], "act_chain": ["id"],
        ])

    package static func exceptions(of features: FeatureSet) -> KeptRows.Exceptions { features.all.reduce(own) { $0.joined(with: $1.keeping) } }
}
