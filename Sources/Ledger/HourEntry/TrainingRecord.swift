import Kit

/// What a person attended, as the record was written: 天数 and 学时 stay as given, the policy that is asked converts.
///
/// Forms, purposes and contents are keys of `Policies/vocabulary.yaml`; days are inclusive.
package struct TrainingRecord: Hashable, Sendable {
    /// 来源编号; empty where the record has none.
    package var sourceCode: String
    package var title: String
    package var form: String
    /// 组织调训.
    package var isSelected: Bool
    package var purpose: String
    package var content: String
    /// 主办单位.
    package var hostID: Int64?
    /// 培训机构.
    package var institution: String
    package var from: Day
    package var to: Day
    /// 天数 in half days.
    package var halfDays: Int?
    /// 学时 in 1/100 hour.
    package var hours: Int?
    /// 结业.
    package var isCompleted: Bool

    package init(
        sourceCode: String = "", title: String, form: String, isSelected: Bool = false, purpose: String = "",
        content: String = "", hostID: Int64? = nil, institution: String = "", from: Day, to: Day,
        halfDays: Int? = nil, hours: Int? = nil, isCompleted: Bool = true
    ) {
        self.sourceCode = sourceCode
        self.title = title
        self.form = form
        self.isSelected = isSelected
        self.purpose = purpose
        self.content = content
        self.hostID = hostID
        self.institution = institution
        self.from = from
        self.to = to
        self.halfDays = halfDays
        self.hours = hours
        self.isCompleted = isCompleted
    }

    /// The name of the record's source within its person: made from 来源编号, or without one from 培训名称, 培训形式 and dates
    /// (exchange.md, 培训记录). The same source always gives the same key, on every installation.
    package var sourceKey: Int64 {
        let source = sourceCode.isEmpty
            ? "dates\u{1F}\(title)\u{1F}\(form)\u{1F}\(from.number)\u{1F}\(to.number)" : "code\u{1F}\(sourceCode)"
        return Fingerprint.bytes(of: source).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
