import Kit
import People
import Synchronization

/// What a route asks of whoever comes. The coarse part (signed in, a right anywhere, a role) is enforced before the
/// handler; of which unit, person or record it is asked, the handler's `InScope` proof or file decides.
package enum Need: Sendable, Equatable {
    /// Nobody has signed in yet.
    case open
    /// Between the steps of signing in: the next step, and nothing else.
    case step
    /// Everybody signed in, about the account's own.
    case signedIn
    /// The file of the account's own person.
    case ownPerson
    case right(Right, Place)
    /// One of the three administrators, of the whole installation.
    case role(Role)

    /// Where the right must be.
    package enum Place: Sendable {
        case anywhere, unit, person, primaryUnit, record, releasingUnit, askingUnit, eitherUnit, superiorUnit, ownImport, root
    }

    /// Whether the coarse part is met. Handlers do not ask for it again.
    func lets(_ signedIn: SignedIn) -> Bool {
        switch self {
        case .open, .step, .signedIn: true
        case .ownPerson: signedIn.account.personID != nil
        case .right(let right, .root): signedIn.scope.isOverAll(right)
        case .right(let right, _): signedIn.scope.isAnywhere(right)
        case .role(let role): signedIn.isOverAll(role)
        }
    }

    /// Which kind of caller comes to the handler.
    enum Caller { case visitor, betweenSteps, signedIn }
    var caller: Caller {
        switch self {
        case .open: .visitor
        case .step: .betweenSteps
        default: .signedIn
        }
    }

    /// How far somebody with one role gets, in the words of the printed matrix.
    package func reach(of role: Role) -> String {
        switch self {
        case .open: "任意"
        case .step: "登录途中"
        case .signedIn, .ownPerson: "本人"
        case .role(let needed): role == needed ? "根单位" : "—"
        case .right(let right, let place):
            if !role.rights.contains(right) { "—" } else {
                switch place {
                case .anywhere: "任意"
                case .ownImport: "本人"
                case .root: "根单位"
                case .unit, .person, .primaryUnit, .record, .releasingUnit, .askingUnit, .eitherUnit: "本单位及下级"
                case .superiorUnit: "下级"
                }
            }
        }
    }
}

/// The one table of who may reach what: a row for each route. A route without a row cannot be registered.
package enum RightsTable {
    package struct Row: Sendable {
        package let method: String
        package let path: String
        package let need: Need
        /// What the route is, for whoever reads the matrix.
        package let what: String
        /// Registered in development only.
        package let isDevelopment: Bool

        fileprivate init(_ method: String, _ path: String, _ need: Need, _ what: String, isDevelopment: Bool = false) {
            self.method = method
            self.path = path
            self.need = need
            self.what = what
            self.isDevelopment = isDevelopment
        }
    }

    package static let rows: [Row] = [
        Row("GET", "/assets/**", .open, "样式、脚本、图标"),
        Row("GET", "/sign-in", .open, "登录页"),
        Row("POST", "/sign-in", .open, "登录"),
        Row("POST", "/sign-in/provider", .open, "用统一身份登录"),
        Row("GET", "/sign-in/provider", .open, "从统一身份平台回来"),
        Row("GET", "/activate", .open, "激活账号、重设密码"),
        Row("POST", "/activate", .open, "核对一次性码"),
        Row("GET", "/sign-in/set", .step, "选账号名和密码"),
        Row("POST", "/sign-in/set", .step, "激活或换上新密码"),
        Row("GET", "/sign-in/code", .step, "第二步：验证码"),
        Row("POST", "/sign-in/code", .step, "核对验证码"),
        Row("GET", "/sign-in/enrol", .step, "设置验证器"),
        Row("POST", "/sign-in/enrol", .step, "完成设置验证器"),
        Row("GET", "/sign-in/saved", .step, "恢复码已显示"),
        Row("POST", "/sign-in/saved", .step, "进入育工"),

        Row("POST", "/sign-out", .signedIn, "退出登录"),
        Row("GET", "/", .signedIn, "今日"),
        Row("GET", "/account", .signedIn, "我的账号"),
        Row("POST", "/account", .signedIn, "改密码"),
        Row("POST", "/account/sessions/:session/end", .signedIn, "退出自己的一次登录"),
        Row("POST", "/account/sessions/end", .signedIn, "退出其他设备"),
        Row("GET", "/account/factor", .signedIn, "设置、更换验证器的表单"),
        Row("POST", "/account/factor", .signedIn, "设置、更换、取消验证器"),
        Row("GET", "/account/rights", .signedIn, "我能做什么"),
        Row("GET", "/account/identity", .signedIn, "绑定的统一身份"),
        Row("POST", "/account/identity", .signedIn, "绑定统一身份"),
        Row("POST", "/account/identity/remove", .signedIn, "解除统一身份的绑定"),
        Row("GET", "/notices", .signedIn, "通知"),
        Row("GET", "/notices/:message", .signedIn, "打开一条通知"),
        Row("POST", "/notices/read", .signedIn, "全部标为已读"),
        Row("GET", "/me", .signedIn, "我的；没有档案的账号看到说明"),
        Row("GET", "/me/archive", .ownPerson, "我的档案"),
        Row("GET", "/me/records/:entry", .ownPerson, "我的一条记录"),
        Row("GET", "/me/viewers", .ownPerson, "谁看过我的档案"),
        Row("GET", "/me/extract", .ownPerson, "取走我的资料"),
        Row("POST", "/me/extract", .ownPerson, "下载我的资料"),
        Row("GET", "/me/objections", .ownPerson, "我反映的错误"),
        Row("GET", "/me/objections/new", .ownPerson, "反映有误"),
        Row("POST", "/me/objections", .ownPerson, "提出有误反映"),
        Row("POST", "/me/objections/:objection/withdraw", .ownPerson, "撤回有误反映"),

        Row("POST", "/seek", .signedIn, "按姓名查找，姓名不进地址"),
        Row("GET", "/changes", .right(.seeing, .anywhere), "最近的变化"),
        Row("GET", "/figures", .right(.seeing, .anywhere), "指标"),
        Row("GET", "/figures/units", .right(.seeing, .anywhere), "选单位"),
        Row("GET", "/figures/:unit", .right(.seeing, .unit), "单位的指标"),
        Row("GET", "/figures/:unit/findings.xlsx", .right(.seeing, .unit), "下载单位的指标"),
        Row("GET", "/figures/:unit/:rule", .right(.seeing, .unit), "指标的名单与依据"),
        Row("GET", "/figures/:unit/:rule/people.xlsx", .right(.seeing, .unit), "下载指标的名单"),
        Row("GET", "/figures/:unit/:rule/people/:person", .right(.seeing, .unit), "指标中的一个人"),

        Row("GET", "/organizations", .right(.seeing, .anywhere), "组织"),
        Row("GET", "/organizations/:unit", .right(.seeing, .unit), "单位"),
        Row("GET", "/organizations/:unit/do/:act", .right(.keeping, .unit), "单位变更的表单"),
        Row("POST", "/organizations/:unit/do/:act", .right(.keeping, .unit), "单位变更"),

        Row("GET", "/people", .right(.seeing, .anywhere), "名册"),
        Row("POST", "/people/find", .right(.seeing, .anywhere), "按号码找人"),
        Row("GET", "/people/new", .right(.keeping, .anywhere), "新增人员的表单"),
        Row("POST", "/people/new", .right(.keeping, .anywhere), "新增人员"),
        Row("GET", "/people/:person", .right(.seeing, .person), "人员档案"),
        Row("GET", "/people/:person/history", .right(.seeing, .person), "档案的变更经过"),
        Row("GET", "/people/:person/hours", .right(.seeing, .person), "学时账户"),
        Row("POST", "/people/:person/unmask", .right(.keeping, .person), "查看完整号码"),
        Row("GET", "/people/:person/correct", .right(.keeping, .primaryUnit), "更正基本情况的表单"),
        Row("POST", "/people/:person/correct", .right(.keeping, .primaryUnit), "更正基本情况"),
        Row("GET", "/people/:person/merge", .right(.keeping, .primaryUnit), "合并档案的表单"),
        Row("POST", "/people/:person/merge", .right(.keeping, .primaryUnit), "合并档案"),
        Row("GET", "/people/:person/erase", .right(.keeping, .primaryUnit), "申请依法删除的表单"),
        Row("POST", "/people/:person/erase", .right(.keeping, .primaryUnit), "申请依法删除"),
        Row("GET", "/people/:person/appoint", .right(.keeping, .person), "任职的表单"),
        Row("POST", "/people/:person/appoint", .right(.keeping, .person), "任职"),
        Row("GET", "/people/:person/end", .right(.keeping, .person), "离任的表单"),
        Row("POST", "/people/:person/end", .right(.keeping, .person), "离任"),
        Row("GET", "/people/:person/posts/:post/correct", .right(.keeping, .person), "更正任职的表单"),
        Row("POST", "/people/:person/posts/:post/correct", .right(.keeping, .person), "更正任职"),
        Row("GET", "/people/:person/undo", .right(.keeping, .person), "撤回变更的表单"),
        Row("POST", "/people/:person/undo", .right(.keeping, .person), "撤回变更"),
        Row("GET", "/people/:person/certificates", .right(.seeing, .person), "证书"),
        Row("POST", "/people/:person/certificates", .right(.keeping, .person), "登记证书"),
        Row("GET", "/people/:person/certificates/:certificate", .right(.keeping, .person), "更正证书的表单"),
        Row("POST", "/people/:person/certificates/:certificate", .right(.keeping, .person), "更正证书"),
        Row("POST", "/people/:person/certificates/:certificate/end", .right(.keeping, .person), "注销证书"),

        Row("GET", "/records/:entry", .right(.seeing, .record), "培训记录"),
        Row("POST", "/records/:entry/reverse", .right(.keeping, .record), "冲销记录"),
        Row("POST", "/records/:entry/correct", .right(.keeping, .record), "更正记录"),

        Row("GET", "/requests", .right(.seeing, .anywhere), "调入申请"),
        Row("GET", "/requests/:request", .right(.seeing, .eitherUnit), "一件调入或兼任申请，双方可见"),
        Row("POST", "/requests/:request/consent", .right(.keeping, .releasingUnit), "同意调出或兼任"),
        Row("POST", "/requests/:request/decline", .right(.keeping, .releasingUnit), "不同意调出或兼任"),
        Row("POST", "/requests/:request/reopen", .right(.keeping, .releasingUnit), "重新办理"),
        Row("POST", "/requests/:request/withdraw", .right(.keeping, .askingUnit), "撤回申请"),
        Row("GET", "/transfers/new", .right(.keeping, .anywhere), "申请调入的表单"),
        Row("POST", "/transfers/find", .right(.keeping, .anywhere), "按姓名和完整号码找要调入或兼任的人"),
        Row("POST", "/transfers", .right(.keeping, .anywhere), "申请调入或兼任"),
        Row("GET", "/erasures", .right(.keeping, .anywhere), "删除申请"),
        Row("GET", "/erasures/:erasure", .right(.keeping, .unit), "一份删除申请，提出、决定双方可见"),
        Row("POST", "/erasures/:erasure/consent", .right(.keeping, .superiorUnit), "同意删除"),
        Row("POST", "/erasures/:erasure/decline", .right(.keeping, .superiorUnit), "退回删除申请"),
        Row("POST", "/erasures/:erasure/withdraw", .right(.keeping, .askingUnit), "撤销删除申请"),
        Row("POST", "/erasures/:erasure/undo", .right(.keeping, .unit), "在清除以前撤销删除；提出、决定的单位和此人任职过的单位"),
        Row("GET", "/objections", .right(.keeping, .anywhere), "有误反映"),
        Row("GET", "/objections/:objection", .right(.keeping, .unit), "一件有误反映"),
        Row("POST", "/objections/:objection", .right(.keeping, .unit), "答复有误反映"),

        Row("GET", "/activation", .right(.keeping, .anywhere), "账号激活"),
        Row("POST", "/activation/slips", .right(.keeping, .anywhere), "做激活码"),
        Row("GET", "/activation/people/:person", .right(.keeping, .primaryUnit), "一个人的账号"),
        Row("POST", "/activation/people/:person", .right(.keeping, .primaryUnit), "做一个人的激活码或重设密码的码；有管理职责的只能由上级做"),
        Row("GET", "/activation/batches", .right(.keeping, .anywhere), "做过的码"),
        Row("GET", "/activation/batches/:batch", .right(.keeping, .unit), "一批码"),
        Row("POST", "/activation/batches/:batch/void", .right(.keeping, .unit), "作废码"),

        Row("GET", "/accounts", .right(.administering, .anywhere), "账号"),
        Row("GET", "/accounts/:account", .right(.administering, .unit), "一个账号"),
        Row("POST", "/accounts/:account", .right(.administering, .unit), "锁定、解锁、停用、取消验证器、退出登录；不能对自己、平级和上级"),
        Row("POST", "/accounts/:account/slip", .right(.administering, .unit), "做重设密码的码"),

        Row("GET", "/institutions", .right(.seeing, .anywhere), "培训机构"),
        Row("POST", "/institutions", .right(.keeping, .root), "标记不认可的机构"),
        Row("GET", "/institutions/restore", .right(.keeping, .root), "恢复认可的表单"),
        Row("POST", "/institutions/restore", .right(.keeping, .root), "恢复认可"),

        Row("GET", "/exchange", .right(.seeing, .anywhere), "导入导出"),
        Row("POST", "/exchange/exports", .right(.seeing, .anywhere), "导出权限内的单位"),
        Row("GET", "/exchange/templates/:kind", .right(.keeping, .anywhere), "下载导入表"),
        Row("POST", "/exchange/imports", .right(.keeping, .anywhere), "上传导入表"),
        Row("GET", "/exchange/imports/:job", .right(.keeping, .ownImport), "自己上传的导入"),
        Row("GET", "/exchange/imports/:job/progress", .right(.keeping, .ownImport), "导入的进度"),
        Row("GET", "/exchange/imports/:job/marked", .right(.keeping, .ownImport), "下载标注了错误的导入表"),
        Row("POST", "/exchange/imports/:job/apply", .right(.keeping, .ownImport), "确认导入"),

        Row("GET", "/grants", .right(.granting, .anywhere), "授权"),
        Row("GET", "/grants/vacancies", .right(.granting, .anywhere), "没有组织人事管理员的单位"),
        Row("GET", "/grants/new", .right(.granting, .anywhere), "授权的表单"),
        Row("POST", "/grants", .right(.granting, .anywhere), "授权"),
        Row("GET", "/grants/:grant", .right(.granting, .unit), "一项授权"),
        Row("POST", "/grants/:grant/end", .right(.granting, .unit), "结束授权"),

        Row("GET", "/audit", .role(.auditor), "操作记录"),
        Row("GET", "/audit/:act", .role(.auditor), "一次操作"),
        Row("POST", "/audit/export", .role(.auditor), "导出操作记录"),
        Row("POST", "/audit/acknowledge", .role(.auditor), "确认操作记录的中断"),

        Row("GET", "/settings", .role(.systemAdmin), "系统设置和运行情况"),
        Row("POST", "/settings/contact", .role(.systemAdmin), "更改登录页的联系方式"),
        Row("POST", "/settings/announcement", .role(.systemAdmin), "发布或撤下公告"),

        Row("GET", "/gallery", .signedIn, "界面组件，仅开发环境", isDevelopment: true),
        Row("POST", "/gallery", .signedIn, "界面组件，仅开发环境", isDevelopment: true),
    ]

    /// Checks off the rows while routes are registered. A route without a row, or of the wrong kind of caller, and a row
    /// without a route end the program at start.
    final class Registration: Sendable {
        private let left = Mutex(Dictionary(rows.map { ("\($0.method) \($0.path)", $0) }, uniquingKeysWith: { first, _ in first }))

        @discardableResult
        func take(_ method: String, _ path: String, as caller: Need.Caller) -> Need {
            guard let row = left.withLock({ $0.removeValue(forKey: "\(method) \(path)") }), row.need.caller == caller else {
                // may trap: at start, before anything is served, on a mistake of the program itself.
                fatalError("RightsTable has no row left for \(method) \(path)")
            }
            return row.need
        }

        func finish(isDevelopment: Bool) {
            let idle = left.withLock { $0.values.filter { isDevelopment || !$0.isDevelopment }.map { "\($0.method) \($0.path)" }.sorted() }
            // may trap: as above.
            if !idle.isEmpty { fatalError("RightsTable has rows without a route: \(idle.joined(separator: ", "))") }
        }
    }
}
