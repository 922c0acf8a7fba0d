import Access
import Kit
import Register

/// What an account is told about its grants: that one was given or taken back, that one ends soon, that one has ended.
package enum GrantNotices {
    /// How long before its end a grant is spoken of.
    package static let daysAhead = 30
    static let link = "/account/rights"

    static func told(given record: GrantRecord, unit: String, in db: Writing) throws {
        let until = record.grant.to == .open ? (record.grant.appointmentID == nil ? "长期有效" : "任职期间有效") : "到 \(record.grant.to - 1) 为止"
        try send(record, "grant.given", "您被授予“\(record.grant.role.word)”，范围是\(unit)及下级，自 \(record.grant.from) 起，\(until)。", in: db)
        if record.grant.to <= Clock.day(ofMilliseconds: db.now) + daysAhead { try note(record, isOver: false, in: db) }
    }

    /// `record` as it is after the end was set.
    static func told(taken record: GrantRecord, unit: String, in db: Writing) throws {
        let isOver = record.grant.to <= Clock.day(ofMilliseconds: db.now)
        let why = record.ended?.why ?? "", reason = why.isEmpty ? "" : "理由：\(why)"
        try send(record, "grant.taken", "您的“\(record.grant.role.word)”（\(unit)）\(isOver ? "已被收回" : "将自 \(record.grant.to) 起收回")。\(reason)", in: db)
        try note(record, isOver: false, in: db)
        if isOver { try note(record, isOver: true, in: db) }
    }

    /// Tells everybody whose grant ends soon or has ended, once about each end; how many were told. What has slept too long ends.
    @discardableResult
    package static func send(_ database: Database, today: Day) async throws -> Int {
        var told = 0
        if try await !database.read({ try GrantStore.overslept(on: today, in: $0).isEmpty }) {
            try await database.write(Act(who: .system, origin: "", kind: "grant.end", why: "所依托的任职结束已满 \(GrantStore.sleepDays) 天")) { db in
                for id in try GrantStore.overslept(on: today, in: db) { try GrantStore.end(id, on: today, in: db) }
            }
        }
        while true {
            guard try await database.read({ try !GrantListStore.untold(on: today, limit: 1, in: $0).isEmpty }) else { return told }
            told += try await database.write(Act(who: .system, origin: "", kind: "grant.remind", why: "")) { db in
                let records = try GrantListStore.untold(on: today, limit: 200, in: db), history = try OrganizationStore.history(in: db)
                for record in records {
                    let isOver = record.grant.to <= today
                    try send(record, isOver ? "grant.over" : "grant.soon", sentence(record, unit: history.name(record.grant.organizationID), isOver), in: db)
                    try note(record, isOver: isOver, in: db)
                }
                return records.count
            }
        }
    }

    private static func sentence(_ record: GrantRecord, unit: String, _ isOver: Bool) -> String {
        let what = "您的“\(record.grant.role.word)”（\(unit)）授权"
        guard isOver else { return what + "将于 \(record.grant.to - 1) 结束\(record.endsWithPost ? "，因为所依托的任职到那天为止" : "")。需要延续的，请提前与上级工会联系。" }
        if record.grant.appointmentID != nil, record.post == nil { return what + "已结束：所依托的任职记录已撤回或更正到别的单位。如果不对，请与上级工会联系。" }
        return what + (record.endsWithPost ? "已随所依托的任职结束。" : "已到期结束。") + "仍需这项权限的，请与上级工会联系。"
    }

    private static func send(_ record: GrantRecord, _ kind: String, _ text: String, in db: Writing) throws {
        try MessageStore.send(to: .account(record.account.id), kind: kind, text, link: link, in: db)
    }

    private static func note(_ record: GrantRecord, isOver: Bool, in db: Writing) throws {
        try GrantStore.noteTold(record.id, end: record.grant.to, isOver: isOver, in: db)
    }
}
