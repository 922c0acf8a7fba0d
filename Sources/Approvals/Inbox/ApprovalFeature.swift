import Access
import Kit

extension Feature {
    /// 待办: what is asked for and decided, of whatever kind.
    package static let approvals = Feature(
        "待办",
        rights: [
            RightsRow("GET", "/approvals", .signedIn, "待办：轮到自己的、自己单位提出的"),
            RightsRow("POST", "/approvals/consent", .signedIn, "一起同意轮到自己的几件"),
            RightsRow("GET", "/approvals/:approval", .approval(.seer), "一件审批事项：提出、决定的单位，轮到的人"),
            RightsRow("POST", "/approvals/:approval/ask", .approval(.asker), "修改后再次提出：提出的单位或本人"),
            RightsRow("POST", "/approvals/:approval/consent", .approval(.decider), "同意：轮到的人"),
            RightsRow("POST", "/approvals/:approval/return", .approval(.decider), "退回修改：轮到的人"),
            RightsRow("POST", "/approvals/:approval/decline", .approval(.decider), "不同意：轮到的人"),
            RightsRow("POST", "/approvals/:approval/withdraw", .approval(.asker), "撤销申请：提出的单位或本人"),
            RightsRow("POST", "/approvals/:approval/take-back", .approval(.decider), "撤回决定：决定的人；已经办成的，按事项的规定"),
        ] + Approval.formerly.flatMap { former in
            [RightsRow("GET", "/\(former)", .signedIn, "转到待办", opensAlone: false), RightsRow("GET", "/\(former)/:approval", .signedIn, "转到那一件")]
        },
        menu: [
            MenuItem(
                "approvals", "待办", "/approvals", .inbox, in: .start, 20, onPhone: { _ in true },
                waiting: { signedIn, house, db in try Inbox.count(signedIn, house, in: db) }, where: { !$0.isLearnerOnly && $0.grants.contains { !$0.role.isAdministrator } }),
        ],
        tasks: [
            TaskSource(10, lookedUp: { signedIn, house, db in TaskSource.counted(try Inbox.count(signedIn, house, in: db) ?? 0, "件事等您决定", "/approvals") }),
        ],
        acts: [
            ("approval.remind", "提醒快到期的待办"),
            ("approval.time", "补定升级前申请的期限"),
        ],
        // Requests are what approvals were called once; their images stay in the log.
        subjects: ["approval": "申请", "request": "申请"],
        columns: [
            "content": "内容", "decider_id": "决定单位", "subject_id": "对象", "round": "第几次提出", "turn": "第几步", "decided": "已办的步骤",
        ],
        keepers: [ApprovalStore.keeper, ApprovalStore.formerKeeper],
        ranges: [RangeCheck("approval_step", "审批步骤", key: "approval_id", ["due_day": Day.numbers, "told_day": Day.numbers])],
        jobs: [
            FeatureJob(JobKind("approval.remind", "提醒快到期的待办", schedule: .daily(hour: 8))) { house, job in
                try await Reminders.send(house, today: Clock.day(ofMilliseconds: job.now))
            },
        ],
        brings: [StandingOn { unmaking, db in try ApprovalStore.standing(on: unmaking, in: db) }]
    ) { doors, house in
        ApprovalRoutes.add(to: doors.signedIn, house)
    }
}
