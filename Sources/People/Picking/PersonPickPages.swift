import Access
import Kit
import Register

/// The one way to choose people in a form: boxes beside those of a unit, and lines to write or paste into.
package enum PersonPickPages {
    /// Within a form with the id `form`. `unit` is the code of the unit whose people are listed, `listed` they themselves, nil where they are too many.
    package static func field(_ filled: FilledForm, form: String, unit: String, listed: [PersonFile]?, ticked: Set<Int64>, to path: String, _ signedIn: SignedIn) -> HTML {
        let pasted = textArea(
            PersonPick.written, "写名单", value: filled.text(PersonPick.written), rows: 3,
            notes: filled.notes(PersonPick.written, hint: "可以从表格里整列粘贴：一行一个姓名、人员编号或证件号码。"))
        let choose: HTML = """
            <div>\(unitField("list", "从哪个单位里勾选", present: unit, filled, signedIn.scope, hint: "填单位编码或全称，含下级；最多列 \(PersonPickStore.mostListed) 人。", required: false))\
            <div class="actions">\(submitButton("列出这个单位的人", .plain, name: "step", value: "list", to: path))</div></div>
            """
        guard let listed else { return "\(pasted)\(choose)<p class=\"hint\">这个单位和下级在任的超过 \(PersonPickStore.mostListed) 人；请填一个小一些的单位，或在上面写名单。</p>" }
        guard !listed.isEmpty else { return "\(pasted)\(choose)" }
        return """
            \(pasted)\(choose)\
            <div class="scroll"><table class="data compact" aria-label="可以勾选的人"><thead><tr><th scope="col" class="tick"><input type="checkbox" data-ticks="\(form)" aria-label="全部选上" hidden></th><th scope="col">姓名</th><th scope="col">单位</th><th scope="col">职务</th></tr></thead>\
            <tbody>\(listed.html { line($0, form: form, isTicked: ticked.contains($0.person.id), signedIn) })</tbody></table></div>
            """
    }

    private static func line(_ file: PersonFile, form: String, isTicked: Bool, _ signedIn: SignedIn) -> HTML {
        let post = file.present(on: signedIn.today), person = file.person
        return """
            <tr><td class="tick"><input type="checkbox" name="\(PersonPick.ticked)" value="\(person.id)" form="\(form)" id="p-\(person.id)"\("checked", if: isTicked)></td>\
            <td><label for="p-\(person.id)">\(person.name)\(person.code.map { "<small> \($0)</small>" as HTML })</label></td>\
            <td>\(post.map { file.unit($0) })</td><td>\(post?.title)</td></tr>
            """
    }

    /// What a form said of people, to go along with the next one.
    package static func carried(_ ids: [Int64]) -> HTML { ids.html { "<input type=\"hidden\" name=\"\(PersonPick.ticked)\" value=\"\($0)\">" } }
}
