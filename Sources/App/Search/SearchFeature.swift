import Access
import Kit

extension Feature {
    /// 搜索: one line in the frame, from which everything one may see is found.
    package static let search = Feature(
        rights: [
            RightsRow("GET", "/search", .signedIn, "搜索：只在自己看得到的里面找"),
            RightsRow("POST", "/search", .signedIn, "搜索，姓名和号码不进地址"),
        ],
        brings: [Finder.pages]
    ) { doors, house in
        SearchRoutes.add(to: doors.signedIn, house)
    }
}
