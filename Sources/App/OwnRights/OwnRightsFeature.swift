import Access
import Kit

extension Feature {
    /// 我能做什么.
    package static let ownRights = Feature(
        rights: [
            RightsRow("GET", "/account/rights", .signedIn, "我能做什么"),
        ],
        menu: [
            MenuItem("rights", "我能做什么", "/account/rights", .info, in: .own, 40, where: { !$0.isLearnerOnly }),
        ]
    ) { doors, house in
        OwnRightsRoutes.add(to: doors.signedIn, house)
    }
}
