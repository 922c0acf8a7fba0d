import Access
import Kit

extension Feature {
    /// The keys of the database, and backups under them.
    package static let keys = Feature(
        acts: [
            ("key.adopt", "登记密钥"),
            ("key.begin", "开始更换数据密钥"),
            ("key.rekey", "用新密钥重新加密"),
            ("key.replace", "换好数据密钥"),
            ("key.audit", "更换审计密钥"),
            ("backup.make", "写出备份"),
            ("backup.restore", "从备份恢复"),
        ],
        unsealed: [
            "data_key.check_value": "the mark of the key itself", "data_key.next_value": "the mark of the coming key",
            "kept_key.cipher": "the last step of the rotation",
        ]
    )
}
