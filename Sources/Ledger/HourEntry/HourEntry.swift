import Kit

/// A line of the ledger: a posting, or a reversal that takes a posting back.
package struct HourEntry: Hashable, Sendable {
    package enum Sign: Int, Sendable { case posting = 1, reversal = -1 }

    package let id: Int64
    package let personID: Int64
    /// `TrainingRecord.sourceKey` of the record.
    package let sourceKey: Int64
    /// 0 for the first posting of a source, one more for each correction; a reversal bears the revision it takes back.
    package let revision: Int
    package let sign: Sign
    /// A reversal repeats the record it takes back, dates included, so it corrects the year it belonged to (reading 15).
    package let record: TrainingRecord
    package let actID: Int64

    package init(id: Int64, personID: Int64, sourceKey: Int64, revision: Int, sign: Sign, record: TrainingRecord, actID: Int64) {
        self.id = id
        self.personID = personID
        self.sourceKey = sourceKey
        self.revision = revision
        self.sign = sign
        self.record = record
        self.actID = actID
    }
}

/// What may follow the entries a source has so far. Pure: the store asks, the database's constraints agree.
package enum Posting {
    /// An entry about to be written.
    package struct Step: Hashable, Sendable {
        package let sourceKey: Int64
        package let revision: Int
        package let sign: HourEntry.Sign
        package let record: TrainingRecord

        package init(sourceKey: Int64, revision: Int, sign: HourEntry.Sign, record: TrainingRecord) {
            self.sourceKey = sourceKey
            self.revision = revision
            self.sign = sign
            self.record = record
        }
    }

    /// The posting of a source that counts now: the last one, unless it was reversed.
    package static func standing(_ entries: [HourEntry]) -> HourEntry? {
        guard let last = last(entries), last.sign == .posting else { return nil }
        return last
    }

    /// The newest entry of a source, in whatever order they come.
    package static func last(_ entries: [HourEntry]) -> HourEntry? {
        entries.max { ($0.revision, -$0.sign.rawValue) < ($1.revision, -$1.sign.rawValue) }
    }

    /// The entries of a source in one person's file. Where merged files both hold the source, those that stand, or else
    /// the ones entered last: a source stands at most once in a file.
    package static func chain(_ sourceKey: Int64, in file: [HourEntry]) -> [HourEntry] {
        let own = file.filter { $0.sourceKey == sourceKey }
        guard own.count > 1 else { return own }
        let chains = Dictionary(grouping: own, by: \.personID).values
        return chains.first { standing($0) != nil } ?? chains.max { ($0.last?.id ?? 0) < ($1.last?.id ?? 0) } ?? []
    }

    /// The postings that count among entries of any number of sources and files, in the order of entry.
    package static func standingAmong(_ entries: [HourEntry]) -> [HourEntry] {
        struct Source: Hashable { let personID: Int64, key: Int64 }
        return Dictionary(grouping: entries) { Source(personID: $0.personID, key: $0.sourceKey) }
            .values.compactMap(standing).sorted { $0.id < $1.id }
    }

    /// A first posting, or a new one after a reversal. `entries` are those of the record's source.
    ///
    /// Throws `ledger.bounds`, or `ledger.alreadyPosted` where the source stands.
    package static func post(_ record: TrainingRecord, after entries: [HourEntry]) throws(Refusal) -> Step {
        try record.checkBounds()
        guard let last = last(entries) else {
            return Step(sourceKey: record.sourceKey, revision: 0, sign: .posting, record: record)
        }
        guard last.sign == .reversal else {
            throw Refusal("ledger.alreadyPosted", "“\(last.record.title)”已经登记过，同一来源的学时不能重复登记；如内容有误，请更正原记录。")
        }
        return Step(sourceKey: last.sourceKey, revision: try next(last.revision), sign: .posting, record: record)
    }

    /// The reversal of what stands, with a reason.
    ///
    /// Throws `ledger.noReason`, or `ledger.nothingStands` where there is nothing (left) to take back.
    package static func reverse(_ entries: [HourEntry], why: String) throws(Refusal) -> Step {
        try demandReason(why, for: "撤销")
        guard let standing = standing(entries) else {
            throw Refusal("ledger.nothingStands", "这条记录已经撤销，不能再次撤销；请刷新页面查看现状。")
        }
        return Step(sourceKey: standing.sourceKey, revision: standing.revision, sign: .reversal, record: standing.record)
    }

    /// A correction: the reversal of what stands, then the posting of what is right.
    ///
    /// A correction that gives the record another source (another 来源编号, or other dates where it has none) posts under
    /// that source; `others` are the entries it already has. Throws what `reverse` and `post` throw, or
    /// `ledger.nothingChanged` where the correction says the same again.
    package static func correct(
        _ entries: [HourEntry], to record: TrainingRecord, others: [HourEntry], why: String
    ) throws(Refusal) -> [Step] {
        try demandReason(why, for: "更正")
        try record.checkBounds()
        guard let standing = standing(entries) else {
            throw Refusal("ledger.nothingStands", "这条记录已经撤销，不能更正；如需重新登记，请新登记或导入一条。")
        }
        guard standing.record != record else {
            throw Refusal("ledger.nothingChanged", "更正后的内容与原记录相同，没有需要更正的地方；请改好内容再提交。")
        }
        let reversal = Step(sourceKey: standing.sourceKey, revision: standing.revision, sign: .reversal, record: standing.record)
        if record.sourceKey == standing.sourceKey {
            return [reversal, Step(sourceKey: standing.sourceKey, revision: try next(standing.revision), sign: .posting, record: record)]
        }
        return [reversal, try post(record, after: others)]
    }

    private static func demandReason(_ why: String, for deed: String) throws(Refusal) {
        guard why.contains(where: { !$0.isWhitespace }) else {
            throw Refusal("ledger.noReason", "\(deed)需要写明理由，理由会随记录长期保存；请填写后再提交。")
        }
    }
}
