import Access
import Accounts
import Kit

/// The page on which an account reads what it may do, where, until when, and who gave it.
enum OwnRightsPages {
    static func page(_ records: [GrantRecord], unit: (Int64) -> String, _ features: FeatureSet, _ signedIn: SignedIn) -> Page {
        let today = signedIn.today
        let present = records.filter { $0.state(on: today) != .over }, over = records.filter { $0.state(on: today) == .over }
        let held = present.filter { $0.state(on: today) == .holds }
        let soon = held.filter { $0.endsSoon(on: today) }.min { $0.grant.to < $1.grant.to }
        let answer: HTML = held.isEmpty
            ? "您没有管理权限\(signedIn.account.personID == nil ? "" : "，只能看到和办理本人的事")。"
            : "您有 <b>\(held.count)</b> 项授权\(soon.map { "，其中“\($0.grant.role.word)”还有 <b>\($0.grant.to - today) 天</b>结束" as HTML } ?? "")。"
        return Page(
            "我能做什么", subtitle: "谁授的、管到哪里、到什么时候", menu: "rights", crumbs: [Page.Crumb("我的账号", "/account"), Page.Crumb("我能做什么")],
            body: """
                \(answerBox(answer, mark: soon == nil ? nil : .pending))\
                \(present.html { one($0, unit: unit, features, signedIn) })\
                \(signedIn.account.personID == nil ? "" : own)\
                \(over.isEmpty ? "" : panel("已经结束的授权", plainTable(["身份", "单位（含下级）", "有效期", "怎样结束的"], over.map { record in
                    ["\(record.grant.role.word)", "\(unit(record.grant.organizationID))", GrantPages.span(record, today), how(record)]
                })))
                """)
    }

    private static func one(_ record: GrantRecord, unit: (Int64) -> String, _ features: FeatureSet, _ signedIn: SignedIn) -> HTML {
        let place = signedIn.scope.tree.unit(record.grant.organizationID), areas = OwnRights.areas(of: record.grant.role, isRoot: place?.depth == 0, features)
        let below = signedIn.scope.tree.countBelow(record.grant.organizationID)
        var rows: [(name: String, value: HTML)] = [
            ("管到哪里", "\(unit(record.grant.organizationID))\(below > 0 ? "及其 \(Numbers.count(below)) 个下级单位" : "")"),
            ("有效期", GrantPages.span(record, signedIn.today)), ("依托的任职", "\(GrantPages.rests(record, unit))"), ("谁授的", GrantPages.deed(record.given)),
        ]
        if record.endsWithPost, record.grant.to != .open { rows.append(("注意", "这项授权随任职在 \(record.grant.to - 1) 之后结束。")) }
        return panel("\(record.grant.role.word) · \(unit(record.grant.organizationID))", facts(rows) + padded("""
            <h3>能做的事</h3>\(areas.isEmpty ? "<p>\(record.grant.role.sentence)。</p>" as HTML : facts(areas.map { ($0.word, words($0)) }))
            """))
    }

    private static func words(_ area: OwnRights.Area) -> HTML {
        let lines = [("看：", area.seen), ("办：", area.done)].filter { !$0.1.isEmpty }
        return lines.enumerated().html { "\($0 > 0 ? "<br>" as HTML : "")\($1.0)\($1.1.joined(separator: "、"))" }
    }

    private static var own: HTML {
        panel("本人的事", padded("<p>任何账号都可以看<a href=\"/me/archive\">本人的档案</a>、谁看过它，反映其中的错误，取走自己的资料；不需要授权。</p>"))
    }

    private static func how(_ record: GrantRecord) -> HTML {
        if let ended = record.ended, !record.endsWithPost { return "由 \(GrantPages.deed(ended))收回" }
        if record.grant.appointmentID != nil, record.post == nil { return "所依托的任职记录已撤回或更正" }
        return record.endsWithPost ? "随任职结束：\(record.post?.title ?? "")" : "到期"
    }
}
