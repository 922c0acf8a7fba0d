import Access
import Kit

extension Feature {
    /// 第二步验证: authenticator and recovery codes.
    package static let factor = Feature(
        acts: [
            ("account.factor", "设置验证器"),
            ("account.factor.remove", "取消第二步验证"),
            ("account.recovery", "生成新的恢复码"),
            ("account.factor.take", "取消账号的验证器"),
        ],
        subjects: ["account_factor": "验证器"],
        columns: [
            "set_ms": "设置时间（毫秒）",
        ],
        erasing: Erasing(forget: { erased, db in for account in erased.accounts { try FactorStore.remove(of: account.id, in: db) } }),
        rekeyed: [FactorStore.rekeyed], unsealed: ["recovery_code.hash": "a kept key"]
    )
}
