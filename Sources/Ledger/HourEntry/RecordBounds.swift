import Kit
import Rules

extension TrainingRecord {
    /// What the numbers and days of a record can be: the one place that says so. Pages, workbooks and the command line ask
    /// `outOfBounds`; `HourEntryStore.range` and migration 0028 hold the database to the same.
    package enum Bounds {
        /// 学时, in 1/100 hour.
        package static let hours = 0...Int(Columns.Entry.mostHours)
        /// 天数, in half days.
        package static let halfDays = 0...Int(Columns.Entry.mostHalfDays)
        /// First and last day.
        package static let days = Day.entered
        /// How often a source can be posted anew.
        package static let revisions = 0...9_999
    }

    /// What of the record cannot be, as a sentence about its column; nil where everything can. A record of which something
    /// cannot be counts nowhere, and may only be taken back.
    package var outOfBounds: (column: String, sentence: String)? {
        for (column, word, day) in [("from", "开始日期", from), ("to", "结束日期", to)] where !Bounds.days.contains(day) {
            return (column, "\(word) \(day) 不在 \(Bounds.days.lowerBound.year) 至 \(Bounds.days.upperBound.year) 年之间；请核对日期")
        }
        guard from <= to else { return ("to", "结束日期 \(to) 早于开始日期 \(from)；请核对两个日期") }
        if let halfDays, !Bounds.halfDays.contains(halfDays) {
            return ("days", "一条记录的天数应在 0 到 \(Amount.days(Bounds.halfDays.upperBound)) 之间，这里是 \(Amount.days(halfDays))；请核对")
        }
        if let hours, !Bounds.hours.contains(hours) {
            return ("hours", "一条记录的学时应在 0 到 \(Amount.hours(Bounds.hours.upperBound)) 之间，这里是 \(Amount.hours(hours))；请核对")
        }
        return nil
    }

    /// Refuses with `ledger.bounds` what cannot be.
    package func checkBounds() throws(Refusal) {
        if let outOfBounds { throw Refusal("ledger.bounds", outOfBounds.sentence) }
    }
}

extension Posting {
    /// The revision after one; refuses with `ledger.revisions` where there are too many.
    package static func next(_ revision: Int) throws(Refusal) -> Int {
        guard TrainingRecord.Bounds.revisions.contains(revision), revision < TrainingRecord.Bounds.revisions.upperBound else {
            throw Refusal("ledger.revisions", "这条记录已经更正了 \(revision) 次，不能再改；请撤销它，用另一个来源编号重新登记。")
        }
        return revision + 1
    }
}
