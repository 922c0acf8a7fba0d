import Access
import Kit

extension Feature {
    /// 谁看过我的档案.
    package static let fileViews = Feature(
        rights: [
            RightsRow("GET", "/me/viewers", .ownPerson, "谁看过我的档案"),
        ]
    ) { doors, house in
        FileViewRoutes.add(to: doors.signedIn, house)
    }
}
