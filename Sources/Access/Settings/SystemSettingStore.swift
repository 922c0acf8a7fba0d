import Kit

/// The one row of settings.
package enum SystemSettingStore {
    package static func setting(in db: Reading) throws -> SystemSetting { try row(in: db) ?? SystemSetting() }

    private static func row(in db: Reading) throws -> SystemSetting? {
        try db.first(SQL("SELECT contact, announcement, announced_from, announced_to FROM setting WHERE one = 1")) { row in
            var setting = SystemSetting()
            setting.contact = row.text(0)
            setting.announcement = row.text(1)
            setting.from = row.day(2)
            setting.to = row.day(3)
            return setting
        }
    }

    package static func set(_ new: SystemSetting, in db: Writing) throws {
        let old = try row(in: db)
        try db.run(SQL("""
            INSERT INTO setting (one, contact, announcement, announced_from, announced_to, act_id)
            VALUES (1, \(new.contact), \(new.announcement), \(new.from), \(new.to), \(db.actID))
            ON CONFLICT (one) DO UPDATE SET contact = \(new.contact), announcement = \(new.announcement), announced_from = \(new.from),
                announced_to = \(new.to), act_id = \(db.actID)
            """))
        try db.change("setting", 1, before: old.map { image($0).json }, after: image(new).json)
    }

    private static func image(_ setting: SystemSetting) -> RowImage {
        RowImage(["contact": .text(setting.contact), "announcement": .text(setting.announcement), "announced_from": .day(setting.from), "announced_to": .day(setting.to)])
    }

    package static let keeper = RowKeeper(
        subject: "setting", image: { _, db in try row(in: db).map(image) },
        restore: { _, _, _ in throw Refusal("undo.foreign", "系统设置不能撤回；请重新设置") })
}
