import Kit
import Testing

@Suite("表单：一次说清所有要改的", .ownThreads) struct FilledFormTests {
    private static let form = Form(fields: Fields([("name", "王建国"), ("day", "昨天")]))

    private static func answer(_ body: @escaping () throws -> Void) async throws -> String {
        var shown = ""
        _ = try await FilledForm.answer(form, field: \.formField, again: { filled in
            let body = filled.problem + textField("name", "姓名", value: filled.text("name"), notes: filled.notes("name"))
                + textField("day", "日期", value: filled.text("day"), notes: filled.notes("day", hint: "哪一天。"))
            shown = body.string
            return Page("表单", body: body)
        }) {
            try body()
            return .redirect("/")
        }
        return shown
    }

    @Test("All faults stand beside their fields, and above them a summary leads to each; what was typed stays")
    func all() async throws {
        let shown = try await Self.answer {
            var check = FormCheck()
            _ = try check.take(or: "") { throw Refusal("form.name", "姓名不对") }
            _ = check.day(Self.form, "day", Refusal("form.day", "日期不对"))
            check.fault(Refusal("other", "整份都不对"))
            check.fault(Refusal("form.name", "姓名不对"))
            #expect(!check.isGood)
            try check.end()
        }
        #expect(shown.contains("有 3 处要改") && shown.contains("role=\"alert\""))
        #expect(shown.contains("<a href=\"#f-name\">姓名不对</a>") && shown.contains("<a href=\"#f-day\">日期不对</a>") && shown.contains("<li>整份都不对</li>"))
        #expect(shown.contains("id=\"f-name\"") && shown.contains("id=\"m-name\"") && shown.contains("aria-describedby=\"m-name\""))
        #expect(shown.contains("aria-invalid=\"true\" aria-describedby=\"m-day h-day\"") && shown.contains("value=\"王建国\"") && shown.contains("value=\"昨天\""))
    }

    @Test("One fault is a refusal like any other; a form without faults is done")
    func one() async throws {
        let shown = try await Self.answer {
            var check = FormCheck()
            check.fault(Refusal("form.day", "日期不对"))
            do { try check.end() } catch let refusal as Refusal { throw refusal }
        }
        #expect(!shown.contains("要改") && shown.contains("id=\"m-day\"") && shown.contains("日期不对"))
        let whole = try await Self.answer { throw Refusal("busy", "现在不行") }
        #expect(whole.contains("现在不行") && !whole.contains("要改"))
        let good = try await Self.answer {
            var check = FormCheck()
            #expect(try check.take(or: 0) { 7 } == 7)
            try check.end()
        }
        #expect(good.isEmpty)
    }

    @Test("A fault about a field that the page does not have stands above the form, alone or among others")
    func nowhere() async throws {
        let alone = try await Self.answer { throw Refusal("form.elsewhere", "别处不对") }
        #expect(alone.contains("role=\"alert\"") && alone.contains("别处不对"))
        let several = try await Self.answer {
            var check = FormCheck()
            check.fault(Refusal("form.elsewhere", "别处不对"))
            check.fault(Refusal("form.day", "日期不对"))
            try check.end()
        }
        #expect(several.contains("<li>别处不对</li>") && several.contains("<a href=\"#f-day\">日期不对</a>") && !several.contains("#f-elsewhere"))
    }

    @Test("What is in the way is led to where a door is given, and not where none is")
    func doors() async throws {
        var shown = ""
        let again: (FilledForm) async throws -> Page = { filled in
            let body = filled.problem + textField("name", "姓名", notes: filled.notes("name"))
            shown = body.string
            return Page("表单", body: body)
        }
        let taken = Refusal("form.name", "已有这个名字", about: 7)
        _ = try await FilledForm.answer(Self.form, field: \.formField, door: { $0.about.map { Door("打开", "/people/\($0)") } }, again: again) { throw taken }
        #expect(shown.matches(of: #/href="/people/7">打开</a>/#).count == 1)
        _ = try await FilledForm.answer(Self.form, field: \.formField, again: again) { throw taken }
        #expect(!shown.contains("/people/7"))
    }
}
