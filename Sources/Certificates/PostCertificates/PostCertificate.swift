import Kit
import Register

/// 上岗证书: that a union cadre may hold a post, until when, and when a refresher is due (rules E2).
package struct PostCertificate: Hashable, Sendable, Identifiable {
    /// 0 until the store has written it.
    package var id: Int64
    package var personID: Int64
    package var number: String
    package var title: String
    package var issuer: String
    package var issued: Day
    /// The last day; `Day.open` where it has none.
    package var validUntil: Day
    package var refresherDue: Day?
    /// The first day on which it no longer holds, where it was ended early.
    package var ended: Day?

    package init(
        id: Int64 = 0, personID: Int64, number: String, title: String, issuer: String, issued: Day, validUntil: Day = .open,
        refresherDue: Day? = nil, ended: Day? = nil
    ) {
        self.id = id
        self.personID = personID
        self.number = number
        self.title = title
        self.issuer = issuer
        self.issued = issued
        self.validUntil = validUntil
        self.refresherDue = refresherDue
        self.ended = ended
    }

    package enum State: Hashable, Sendable {
        case valid
        /// The refresher is due on this day, which is near.
        case refresherDue(Day)
        /// The refresher was due on this day.
        case refresherMissed(Day)
        /// Ends on this day, which is near.
        case endsSoon(Day)
        case expired
        case ended

        package var word: String {
            switch self {
            case .valid: "有效"
            case .refresherDue: "该复训了"
            case .refresherMissed: "复训逾期"
            case .endsSoon: "快到期"
            case .expired: "已过期"
            case .ended: "已注销"
            }
        }
        package var mark: Mark {
            switch self {
            case .valid: .met
            case .refresherDue, .endsSoon: .pending
            case .expired, .refresherMissed: .unmet
            case .ended: .notApplicable
            }
        }
    }

    /// How it stands on a day; `reminder` is the days ahead from which its refresher and its end are near.
    package func state(on day: Day, reminder: Int) -> State {
        if let ended, ended <= day { return .ended }
        if validUntil < day { return .expired }
        if let due = refresherDue, due < day { return .refresherMissed(due) }
        if let due = refresherDue, due - day <= reminder { return .refresherDue(due) }
        return validUntil != .open && validUntil - day <= reminder ? .endsSoon(validUntil) : .valid
    }

    /// The days of it in words: `2021-03-01 至 2026-02-28`.
    package var spanInWords: String { Appointment.words(issued, validUntil == .open ? .open : validUntil + 1) }

    /// The certificate as it may stand. Refusals `certificate.number`, `.title`, `.issuer`, `.future`, `.span`, `.refresher`.
    package func checked(today: Day) throws(Refusal) -> PostCertificate {
        if let first = faults(today: today).first { throw first }
        return self
    }

    /// All that is wrong with it, in the order of the fields.
    package func faults(today: Day) -> [Refusal] {
        var faults: [Refusal] = []
        if number.isEmpty || !number.fits(60) { faults.append(Refusal("certificate.number", "证书编号没有填，或超过 60 个字符；请照证书填写。")) }
        if title.isEmpty || !title.fits(60) { faults.append(Refusal("certificate.title", "证书名称没有填，或超过 60 个字；请照证书填写，例如“工会干部上岗证书”。")) }
        if issuer.isEmpty || !issuer.fits(100) { faults.append(Refusal("certificate.issuer", "发证单位没有填，或超过 100 个字；请照证书填写。")) }
        if issued > today { faults.append(Refusal("certificate.future", "发证日期 \(issued) 还没有到；请核对证书上的日期。")) }
        if issued > validUntil { faults.append(Refusal("certificate.span", "有效期至 \(validUntil) 早于发证日期 \(issued)；请核对两个日期。")) }
        if let due = refresherDue, due < issued || due > validUntil {
            faults.append(Refusal("certificate.refresher", "复训日期 \(due) 不在发证日期和有效期之间；请核对，或留空。"))
        }
        return faults
    }

    /// The certificate ended early. Refusals `certificate.ended`, `certificate.endDay`, `certificate.noReason`.
    package func ending(on day: Day, why: String) throws(Refusal) -> PostCertificate {
        if let ended { throw Refusal("certificate.ended", "这张证书已于 \(ended) 注销，不用再办；请刷新页面。") }
        guard day > issued, day <= validUntil else {
            throw Refusal("certificate.endDay", "注销日期 \(day) 不在有效期 \(spanInWords) 之内；请核对日期。")
        }
        guard !why.isEmpty else { throw Refusal("certificate.noReason", "注销要写明理由，本人会看到；请填写后再提交。") }
        var copy = self
        copy.ended = day
        return copy
    }
}
