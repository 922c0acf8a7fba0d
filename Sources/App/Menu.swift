import Kit
import People

extension Menu {
    /// The navigation of somebody signed in: what the roles do not allow is not there.
    /// Features add their entries here; `key` is the `menu` of their pages. `requests` is how many wait to be decided.
    static func of(_ signedIn: SignedIn, requests: Int = 0) -> Menu {
        let scope = signedIn.scope, hasFile = signedIn.account.personID != nil, isLearner = signedIn.isLearnerOnly
        let notices = Entry("notices", "通知", "/notices", .bell, waiting: signedIn.unread > 0 ? signedIn.unread : nil, onPhone: true)
        let own = (hasFile ? [Entry("me", "我的", "/me", .person, onPhone: true), Entry("archive", isLearner ? "档案" : "我的档案", "/me/archive", .books, onPhone: isLearner)] : [])
            + [notices] + (isLearner ? [] : [Entry("rights", "我能做什么", "/account/rights", .info)])
            + [Entry("account", isLearner ? "账号" : "我的账号", "/account", .gear, onPhone: isLearner || !scope.isAnywhere(.seeing))]
        if isLearner { return Menu([Group(nil, own)]) }
        return Menu([
            // Four stand at the thumb: an officer who is a cadre too finds the figures under 更多.
            Group(nil, [Entry("today", "今日", "/", .home, onPhone: true)]
                + (scope.isAnywhere(.seeing) ? [Entry("figures", "指标", "/figures", .bars, onPhone: !hasFile)] : [])),
            Group("人员", scope.isAnywhere(.seeing) ? [Entry("organizations", "组织", "/organizations", .tree), Entry("people", "名册", "/people", .people, onPhone: true)] : []),
            Group("办理", scope.isAnywhere(.seeing) ? [Entry("requests", "调入申请", "/requests", .inbox, waiting: requests > 0 ? requests : nil), Entry("exchange", "导入导出", "/exchange", .exchange), Entry("institutions", "培训机构", "/institutions", .books)]
                + (scope.isAnywhere(.keeping) ? [Entry("activation", "账号激活", "/activation", .personCheck), Entry("objections", "有误反映", "/objections", .ask), Entry("erasures", "删除申请", "/erasures", .person)] : []) : []),
            Group("账号", (scope.isAnywhere(.administering) ? [Entry("accounts", "账号", "/accounts", .people, onPhone: true)] : [])
                + (scope.isAnywhere(.granting) ? [Entry("grants", "授权", "/grants", .lock, onPhone: !scope.isAnywhere(.seeing))] : [])),
            Group("系统", signedIn.isOverAll(.systemAdmin) ? [Entry("settings", "系统设置", "/settings", .gear, onPhone: true)] : []),
            Group("审计", signedIn.isOverAll(.auditor) ? [Entry("audit", "审计", "/audit", .books, onPhone: true)] : []),
            Group("我的", own),
        ])
    }
}
