import Access
import Kit

extension Feature {
    /// 系统设置, for a system administrator of the whole installation.
    package static let system = Feature(
        "系统设置",
        rights: [
            RightsRow("GET", "/settings", .role(.systemAdmin), "系统设置和运行情况"),
            RightsRow("POST", "/settings/contact", .role(.systemAdmin), "更改登录页的联系方式"),
            RightsRow("POST", "/settings/announcement", .role(.systemAdmin), "发布或撤下公告"),
        ],
        menu: [
            MenuItem("settings", "系统设置", "/settings", .gear, in: .system, 10, onPhone: { _ in true }, where: { $0.isOverAll(.systemAdmin) }),
        ],
        acts: [
            (DemoFillStore.ended, "写入演示数据"),
            (DemoFillStore.living, "写入直到今天的演示数据"),
        ]
    ) { doors, house in
        SystemRoutes.add(to: doors.signedIn, house.app, doors.listening)
    }
}
