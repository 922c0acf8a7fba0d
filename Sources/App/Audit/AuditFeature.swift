import Access
import Kit

extension Feature {
    /// 审计: the log of acts, for auditors of the whole installation.
    package static let audit = Feature(
        "操作记录",
        rights: [
            RightsRow("GET", "/audit", .role(.auditor), "操作记录"),
            RightsRow("GET", "/audit/:act", .role(.auditor), "一次操作"),
            RightsRow("POST", "/audit/export", .role(.auditor), "导出操作记录"),
            RightsRow("POST", "/audit/acknowledge", .role(.auditor), "确认操作记录的中断"),
        ],
        menu: [
            MenuItem("audit", "审计", "/audit", .books, in: .audit, 10, onPhone: { _ in true }, where: { $0.isOverAll(.auditor) }),
        ],
        tasks: [
            TaskSource(10, by: { $0.isOverAll(.auditor) }, lookedUp: { _, house, db in
                let (open, note) = try AuditRoutes.standing(house.app, in: db)
                let never = note == nil ? [DayTask(count: "", words: "还没有做过全面核对，请系统管理员做一次", link: "/audit")] : []
                return TaskSource.counted(open, "处操作记录的中断等您查明", "/audit")
                    + TaskSource.counted(note.map { Int(clamping: $0.findings) } ?? 0, "个问题在最近一次全面核对中发现", "/audit") + never
            }),
        ],
        acts: [
            ("audit.export", "导出审计记录"),
            ("audit.acknowledge", "确认操作记录的中断"),
            ("anchor.begin", "锚点文件不在，重新开始"),
            ("chain.base", "把各表现有的行记进操作记录"),
            ("chain.open", "开始一条审计链"),
            ("chain.begin", "开始记审计链"),
        ],
        subjects: ["act_chain": "审计链", "kept_table": "纳入核对的表", "schema": "数据库结构", "break": "操作记录的中断"],
        columns: [
            "process": "服务进程", "heads": "其他链的链头", "unchained": "此前未记链的操作数", "unchained_digest": "此前操作的摘要", "table": "表", "columns": "列", "objects": "结构", "made_by": "依据", "break": "中断之处",
        ],
        unsealed: ["act_link.mac": "the audit key", "act_mark.marks": "the audit key", "act_chain.mac": "the audit key"],
        brings: [MadeFileKind.audit]
    ) { doors, house in
        AuditRoutes.add(to: doors.signedIn, house.app)
    }
}
