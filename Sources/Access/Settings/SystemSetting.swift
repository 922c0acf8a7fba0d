import Kit

/// What the system administrator says to everybody.
package struct SystemSetting: Sendable, Hashable {
    /// Whom to ask, on the sign-in page; empty where nothing is said.
    package var contact = ""
    /// On every page from a day up to and without another; empty where nothing is announced.
    package var announcement = ""
    package var from = Day.always
    package var to = Day.always

    package init() {}

    package func announced(on day: Day) -> String? { announcement.isEmpty || day < from || day >= to ? nil : announcement }

    package static let longestContact = 120
    package static let longestAnnouncement = 300

    /// Refusal `setting.contact`.
    package func saying(contact: String) throws(Refusal) -> SystemSetting {
        guard contact.fits(Self.longestContact) else {
            throw Refusal("setting.contact", "联系方式有 \(contact.count) 个字，太长。请缩短到 \(Self.longestContact) 个字以内，写明部门和电话就够。")
        }
        var setting = self
        setting.contact = contact
        return setting
    }

    /// Refusals `setting.announcement`, `setting.span`.
    package func announcing(_ text: String, from: Day, to: Day, today: Day) throws(Refusal) -> SystemSetting {
        guard !text.isEmpty, text.fits(Self.longestAnnouncement) else {
            throw Refusal("setting.announcement", text.isEmpty ? "公告没有填。请写明要告诉大家的事；要撤下现有公告的，用“撤下公告”。" : "公告有 \(text.count) 个字，太长。请缩短到 \(Self.longestAnnouncement) 个字以内。")
        }
        guard from < to, to > today else { throw Refusal("setting.span", "结束日期应在开始日期和今天之后。请改正日期。") }
        var setting = self
        (setting.announcement, setting.from, setting.to) = (text, from, to)
        return setting
    }

    package func silent() -> SystemSetting {
        var setting = self
        (setting.announcement, setting.from, setting.to) = ("", .always, .always)
        return setting
    }
}
