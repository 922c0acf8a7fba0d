import Access
import Kit

/// 系统设置, for a system administrator of the whole installation.
enum SystemRoutes {
    static func add(to routes: Routes<SignedIn>, _ app: App, _ listening: Listening) {
        let database = app.database
        @Sendable func page(contact: FilledForm = FilledForm(), announcing: FilledForm = FilledForm(), done: String? = nil, _ signedIn: SignedIn) async throws -> Page {
            let (setting, backup) = try await database.read { db in
                (try SystemSettingStore.setting(in: db), try AuditStore.lines(AuditAsk(kind: "backup.make"), limit: 1, in: db).first?.atMilliseconds)
            }
            let facts = try SystemFacts.read(app, listening, backup: backup)
            return SystemPages.settings(setting, facts, contact: contact, announcing: announcing, done: done, signedIn)
        }

        routes.get("/settings") { request, signedIn in .page(try await page(done: request.query["done"], signedIn)) }
        routes.post("/settings/contact") { form, _, signedIn in
            try await FilledForm.answer(form, field: { _ in "contact" }, again: { try await page(contact: $0, signedIn) }) {
                try await database.write(signedIn.act("setting.contact")) { db in
                    try SystemSettingStore.set(SystemSettingStore.setting(in: db).saying(contact: form.text("contact")), in: db)
                }
                return .redirect("/settings?done=contact")
            }
        }
        routes.post("/settings/announcement") { form, _, signedIn in
            if form.text("step") == "withdraw" {
                try await database.write(signedIn.act("setting.announce")) { db in try SystemSettingStore.set(SystemSettingStore.setting(in: db).silent(), in: db) }
                return .redirect("/settings?done=withdrawn")
            }
            return try await FilledForm.answer(form, field: field, again: { try await page(announcing: $0, signedIn) }) {
                var check = FormCheck()
                let from = check.day(form, "from", Refusal("form.from", "日期没有填或不存在。请\(Day.howToEnter)。"))
                let last = check.day(form, "until", Refusal("form.until", "日期没有填或不存在。请\(Day.howToEnter)。"))
                if form.text("text").isEmpty { check.fault(Refusal("setting.announcement", "公告没有填。请写明要告诉大家的事；要撤下现有公告的，用“撤下公告”。")) }
                try check.end()
                try await database.write(signedIn.act("setting.announce")) { db in
                    try SystemSettingStore.set(
                        SystemSettingStore.setting(in: db).announcing(form.text("text"), from: from, to: last + 1, today: signedIn.today), in: db)
                }
                return .redirect("/settings?done=announced")
            }
        }
    }

    @Sendable private static func field(_ refusal: Refusal) -> String {
        switch refusal.name {
        case let name where name.hasPrefix("form."): String(name.dropFirst(5))
        case "setting.span": "until"
        default: "text"
        }
    }
}
