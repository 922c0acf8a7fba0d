import Access
import Kit

extension Feature {
    /// What an account is signed in with, and the devices it knows.
    package static let sessions = Feature(
        acts: [
            ("session.end", "退出别处的登录"),
            ("session.seen", "继续使用"),
            ("session.lost", "授权结束，登录随之结束"),
            ("account.sessions", "退出账号的全部登录"),
        ],
        erasing: Erasing(forget: { erased, db in
            for account in erased.accounts {
                try SessionStore.endSessions(of: account.id, in: db)
                try DeviceStore.forget(of: account.id, in: db)
            }
        }),
        unsealed: ["session.fingerprint": "a hash without key", "account_device.fingerprint": "a hash without key"],
        // Whoever takes one away signs somebody out. Backups do without.
        keeping: KeptRows.Exceptions(keys: ["session": "number"], vanishing: ["session"])
    )
}
