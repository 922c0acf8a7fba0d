import Access
import Kit
import People

extension Feature {
    /// 我的: what one owes this year.
    package static let dues = Feature(
        rights: [
            RightsRow("GET", "/me", .signedIn, "我的；没有档案的账号看到说明"),
        ],
        menu: [
            MenuItem("me", "我的", "/me", .person, in: .own, 10, onPhone: { _ in true }, where: { $0.account.personID != nil }),
        ],
        brings: [FileHead { file, signedIn, house in try await DuesRoutes.head(of: file, signedIn, house) }]
    ) { doors, house in
        DuesRoutes.add(to: doors.signedIn, house)
    }
}
