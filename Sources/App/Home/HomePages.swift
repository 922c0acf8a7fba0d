import Kit
import People

/// The page one starts on: what one is here for.
enum HomePages {
    static func home(_ signedIn: SignedIn) -> Page {
        let units = signedIn.scope.topUnits(for: .seeing)
        let body: HTML = units.isEmpty
            ? emptyState("这个账号没有可看的单位", "身份是\(signedIn.grants.map(\.role.word).joined(separator: "、"))的账号不看业务数据；需要时请由上级工会的安全管理员另行授权。", action: linkButton("我的账号", "/account"))
            : panel("我的单位", plainTable(["单位", "单位编码", "下级单位"], numbers: [2], units.map { unit in
                [door(unit.name, "/figures/\(unit.id)"), "\(unit.code)", "\(Numbers.count(signedIn.scope.tree.countBelow(unit.id)))"]
            }))
        return Page("今日", subtitle: "\(signedIn.account.displayName) · \(signedIn.today)", menu: "today", body: body)
    }
}
