import Kit

/// What the forms of a training record have in common: name, days, 天数 and 学时.
enum RecordForm {
    /// Reads them to the end; what is wrong is noted in `check`.
    static func read(_ form: Form, into record: inout TrainingRecord, _ check: inout FormCheck) {
        record.title = form.text("title")
        if record.title.isEmpty { check.fault(Refusal("form.title", "培训名称没有填；请填写。")) }
        if !record.title.fits(200) { check.fault(Refusal("form.title", "培训名称有 \(record.title.count) 个字，太长；请缩短到 200 个字以内。")) }
        record.from = check.day(form, "from", Refusal("form.from", "开始日期没有填或读不懂；请\(Day.howToEnter)。"))
        record.to = check.day(form, "to", Refusal("form.to", "结束日期没有填或读不懂；请\(Day.howToEnter)。"))
        let days = hundredths(form.text("days")), hours = hundredths(form.text("hours"))
        if days.map({ ($0 ?? 0) % 50 != 0 }) ?? true { check.fault(Refusal("form.days", "天数应是 0.5 的倍数，例如 2 或 0.5；请改正。")) }
        if hours == nil { check.fault(Refusal("form.hours", "学时最多两位小数，例如 16 或 7.5；请改正。")) }
        record.halfDays = (days ?? nil).map { $0 / 50 }
        record.hours = hours ?? nil
    }

    /// A decimal with at most two places in hundredths; the outer nil for what is none, the inner for an empty field.
    private static func hundredths(_ text: String) -> Int?? {
        if text.isEmpty { return .some(nil) }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, text.count <= 9, let whole = Int(parts[0]), whole >= 0 else { return nil }
        guard parts.count == 2 else { return whole * 100 }
        guard (1...2).contains(parts[1].count), parts[1].allSatisfy(\.isNumber), let part = Int(parts[1]) else { return nil }
        return whole * 100 + (parts[1].count == 1 ? part * 10 : part)
    }
}
