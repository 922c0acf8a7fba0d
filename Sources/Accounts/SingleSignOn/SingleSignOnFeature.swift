import Access
import Kit

extension Feature {
    /// 统一身份: signing in by the provider that the operator names.
    package static let singleSignOn = Feature(
        rights: [
            RightsRow("POST", "/sign-in/provider", .open, "用统一身份登录"),
            RightsRow("GET", "/sign-in/provider", .open, "从统一身份平台回来"),
            RightsRow("GET", "/account/identity", .signedIn, "绑定的统一身份"),
            RightsRow("POST", "/account/identity", .signedIn, "绑定统一身份"),
            RightsRow("POST", "/account/identity/remove", .signedIn, "解除统一身份的绑定"),
        ],
        acts: [
            ("identity.bind", "绑定统一身份"),
            ("identity.unbind", "解除统一身份绑定"),
        ],
        subjects: ["account_identity": "统一身份"],
        columns: [
            "provider": "统一身份平台",
        ],
        erasing: Erasing(forget: { erased, db in for account in erased.accounts { try IdentityStore.unbindAll(account.id, in: db) } }),
        rekeyed: [IdentityStore.rekeyed], unsealed: ["provider_return.fingerprint": "a hash without key"],
        keeping: KeptRows.Exceptions(tables: ["provider_return": "lives for minutes"])
    ) { doors, house in
        SingleSignOnRoutes.add(to: doors.visitors, house.entrance, assets: doors.assets)
        SingleSignOnRoutes.add(to: doors.signedIn, house.entrance, assets: doors.assets)
    }
}
