import Kit
import Rules

/// A row of a 培训记录 file whose cells could be read; what it names is not looked up yet.
package struct TrainingRecordRow: Sendable {
    package let row: Int
    /// The blind index of the ID number: the number itself is not kept.
    package let idIndex: [UInt8]
    package let name: String
    package let hostCode: String
    package var record: TrainingRecord
}

/// The decisions about a 培训记录 row (exchange.md, 培训记录). Pure.
package struct TrainingRecordCheck: Sendable {
    let vocabulary: Vocabulary

    package init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// A sentence about one column of a row.
    package struct Fault: Hashable, Sendable {
        /// Key of the column in `TrainingRecordSheet.columns`.
        package let column: String
        package let sentence: String
    }

    /// What is wrong within the row itself, whoever it is about: dates, 天数 and 学时.
    package func faults(of record: TrainingRecord) -> [Fault] {
        if let wrong = record.outOfBounds { return [Fault(column: wrong.column, sentence: wrong.sentence)] }
        var faults: [Fault] = []
        let form = vocabulary.forms[record.form], word = vocabulary.forms.word(of: record.form)
        guard let halfDays = record.halfDays else {
            if record.hours == nil {
                faults.append(Fault(
                    column: "hours", sentence: form?.convertsDays == true ? "天数和学时都没有填；请至少填一项" : "\(word)须填学时；请填写"))
            }
            return faults
        }
        let days = record.to - record.from + 1
        if form?.isWithinDates == true, halfDays > days * 2 {
            faults.append(Fault(
                column: "days", sentence: "\(Amount.days(halfDays)) 天多于 \(record.from) 至 \(record.to) 的 \(days) 个日历天；请核对天数或起止日期"))
        }
        guard form?.convertsDays == true else {
            if record.hours == nil {
                faults.append(Fault(column: "hours", sentence: "\(word)的天数不能折算成学时；请在“学时”列填写学时"))
            }
            return faults
        }
        return faults
    }

    /// Whether a record that says 天数 and 学时 both says the same with them, by the conversion that binds the person's unit on its last day.
    package func disagreement(in record: TrainingRecord, _ conversion: Policy.Conversion?) -> Fault? {
        guard let halfDays = record.halfDays, let hours = record.hours, let conversion, conversion.forms.contains(record.form) else { return nil }
        let converted = Int(conversion.hours(halfDays: Int64(halfDays)))
        guard converted != hours else { return nil }
        return Fault(
            column: "hours",
            sentence: "天数与学时不一致：\(Amount.days(halfDays)) 天按一天 \(Amount.hours(Int(conversion.dayHours))) 学时、半天 \(Amount.hours(Int(conversion.halfDayHours))) 学时折算为 \(Amount.hours(converted)) 学时；请改正其中一项，或只填一项")
    }

    /// What a row comes to, given what the person's file already holds and the rows before it.
    package enum Outcome: Hashable, Sendable {
        case new(Posting.Step)
        /// The record stands already.
        case unchanged
        /// The record was taken back before; the file says the same again.
        case takenBack
        /// The same record as an earlier row of this file.
        case repeated(row: Int)
        /// The same source as another record, with other content.
        case conflict(Fault)
    }

    /// Decides a row. `key` is the record's source, `file` the entries of the person; `earlier` is the row of this file
    /// with the same source; `unmade` are acts that took an import back, after which the same may be said again.
    package func outcome(
        of record: TrainingRecord, key: Int64, file: [HourEntry], earlier: (row: Int, record: TrainingRecord)?, unmade: Set<Int64> = []
    ) -> Outcome {
        let chain = Posting.chain(key, in: file)
        if let standing = Posting.standing(chain) {
            guard standing.record != record else { return earlier.map { .repeated(row: $0.row) } ?? .unchanged }
            return .conflict(conflict(record, with: standing.record, called: "已登记的记录", there: "已登记"))
        }
        if let earlier {
            guard earlier.record != record else { return .repeated(row: earlier.row) }
            return .conflict(conflict(record, with: earlier.record, called: "第 \(earlier.row) 行", there: "第 \(earlier.row) 行"))
        }
        if let last = Posting.last(chain) {
            if chain.contains(where: { $0.sign == .reversal && $0.record == record && !unmade.contains($0.actID) }) { return .takenBack }
            do {
                return .new(Posting.Step(sourceKey: last.sourceKey, revision: try Posting.next(last.revision), sign: .posting, record: record))
            } catch { return .conflict(Fault(column: "title", sentence: error.sentence)) }
        }
        return .new(Posting.Step(sourceKey: key, revision: 0, sign: .posting, record: record))
    }

    private func conflict(_ mine: TrainingRecord, with other: TrainingRecord, called: String, there: String) -> Fault {
        let differences = zip(cells(of: mine), cells(of: other)).filter { $0.text != $1.text }
        let said = differences.map { mine, other in
            "\(mine.title)\(there)为“\(other.text.isEmpty ? "空" : other.text)”，本行为“\(mine.text.isEmpty ? "空" : mine.text)”"
        }.joined(separator: "；")
        let source = mine.sourceCode.isEmpty ? "培训名称、形式和起止日期相同" : "来源编号 \(mine.sourceCode) 相同"
        return Fault(
            column: mine.sourceCode.isEmpty ? differences.first?.0.key ?? "title" : "sourceCode",
            sentence: "与\(called)“\(other.title)”（\(other.from) 至 \(other.to)）是同一条记录（\(source)），内容却不同：\(said)；请核对后改为一致，"
                + (mine.sourceCode.isEmpty ? "确是两次培训的请分别填写来源编号" : "确是两次培训的请改用另一个来源编号"))
    }

    /// The record as the columns of the workbook show it, person and 主办单位编码 apart.
    func cells(of record: TrainingRecord) -> [(key: String, title: String, text: String)] {
        [
            ("title", "培训名称", record.title), ("form", "培训形式", vocabulary.forms.word(of: record.form)),
            ("selected", "组织调训", record.isSelected ? "是" : "否"), ("purpose", "培训目的", vocabulary.purposes.word(of: record.purpose)),
            ("content", "内容类别", vocabulary.contents.word(of: record.content)),
            ("host", "主办单位编码", record.hostID.map { hostCodes[$0] ?? "\($0)" } ?? ""), ("institution", "培训机构", record.institution),
            ("from", "开始日期", record.from.description), ("to", "结束日期", record.to.description),
            ("days", "天数", record.halfDays.map(Amount.days) ?? ""), ("hours", "学时", record.hours.map(Amount.hours) ?? ""),
            ("completed", "结业", record.isCompleted ? "是" : "否"), ("sourceCode", "来源编号", record.sourceCode),
        ]
    }

    /// 单位编码 by id, for sentences about 主办单位.
    package var hostCodes: [Int64: String] = [:]

    /// Oddities that are possible in life: training before the first appointment, classes whose days overlap.
    package func hints(of record: TrainingRecord, firstAppointment: Day?, others: some Sequence<TrainingRecord>) -> [Fault] {
        var hints: [Fault] = []
        if let firstAppointment, record.from < firstAppointment {
            hints.append(Fault(column: "from", sentence: "培训早于此人最早的任职日期 \(firstAppointment)；如属实不必处理"))
        }
        let isDated = { (record: TrainingRecord) in vocabulary.forms[record.form]?.isWithinDates == true }
        if isDated(record), let other = others.first(where: { isDated($0) && $0.from <= record.to && record.from <= $0.to }) {
            hints.append(Fault(column: "from", sentence: "与“\(other.title)”（\(other.from) 至 \(other.to)）日期重叠；如属实不必处理"))
        }
        return hints
    }
}
