import Access
import Kit
import Register

/// The fields of the forms about people and their posts.
enum PersonFields {
    /// The fields of a person. For a present person the numbers stay as they are where nothing is typed.
    static func person(_ filled: FilledForm, person: Person?, idNumber: String = "", phone: String? = nil) -> HTML {
        let isNew = person == nil
        return fieldGrid("""
            \(textField("name", "姓名", value: filled.text("name", person?.name ?? ""), notes: filled.notes("name", required: true), autocomplete: "off", maxLength: 60))\
            \(textField("idNumber", "证件号码", value: filled.text("idNumber"), notes: filled.notes("idNumber", hint: isNew ? "18 位；保存后只显示首六位和末四位。" : "现在登记的是 \(idNumber)；不改就空着。", required: isNew), autocomplete: "off", maxLength: 30))\
            \(selectField("gender", "性别", [Choice("", "按证件号码"), Choice("男", "男"), Choice("女", "女")], chosen: filled.text("gender", person?.gender ?? ""), notes: filled.notes("gender")))\
            \(textField("phone", "手机号", value: filled.text("phone"), type: "tel", notes: filled.notes("phone", hint: phone.map { "现在登记的是 \($0)；不改就空着。" }), autocomplete: "off", maxLength: 30))\
            \(textField("code", "人员编号", value: filled.text("code", person?.code ?? ""), notes: filled.notes("code", hint: "本单位自编，可以不填。"), autocomplete: "off", maxLength: 40))\
            \(textField("ethnicity", "民族", value: filled.text("ethnicity", person?.ethnicity ?? ""), notes: filled.notes("ethnicity"), maxLength: 20))\
            \(textField("politics", "政治面貌", value: filled.text("politics", person?.politics ?? ""), notes: filled.notes("politics"), maxLength: 20))\
            \(textField("education", "学历", value: filled.text("education", person?.education ?? ""), notes: filled.notes("education"), maxLength: 20))\
            \(textField("degree", "学位", value: filled.text("degree", person?.degree ?? ""), notes: filled.notes("degree"), maxLength: 20))
            """)
    }

    /// The fields of a post. One that is new and whose kind is asked apart begins without an end.
    static func post(_ filled: FilledForm, _ post: Appointment?, unit: String, scope: Scope, words: RosterWords, isNew: Bool = false) -> HTML {
        fieldGrid("""
            \(unitField("unit", "单位", present: unit, filled, scope))\(beginning(filled, post))\
            \(isNew ? "" : textField("to", "离任日期", value: filled.text("to", day(post?.to)), type: "date", notes: filled.notes("to", hint: "不再任职的第一天；在任的空着。")))\
            \(kinds(filled, post, words))\
            \(isNew ? "" : radioField("primary", "主任职", [Choice("yes", "主任职"), Choice("no", "兼任")], chosen: filled.text("primary", post?.isPrimary ?? true ? "yes" : "no"), notes: filled.notes("primary", hint: "同一时间只能有一个主任职。")))\
            \(leadership(filled, post))
            """)
    }

    /// The fields of a post that was asked for, where unit and manner stay.
    static func asked(_ filled: FilledForm, _ post: Appointment, words: RosterWords) -> HTML {
        fieldGrid("\(beginning(filled, post))\(kinds(filled, post, words))\(leadership(filled, post))")
    }

    private static func day(_ day: Day?) -> String { day.flatMap { $0 == .open || $0 == .always ? nil : $0.description } ?? "" }

    private static func beginning(_ filled: FilledForm, _ post: Appointment?) -> HTML {
        """
        \(textField("title", "职务", value: filled.text("title", post?.title ?? ""), notes: filled.notes("title"), maxLength: 100))\
        \(textField("from", "任职日期", value: filled.text("from", day(post?.from)), type: "date", notes: filled.notes("from", hint: "到任的那一天。", required: true)))
        """
    }

    private static func kinds(_ filled: FilledForm, _ post: Appointment?, _ words: RosterWords) -> HTML {
        func choices(_ list: RosterWords.Choices) -> [Choice] { [Choice("", "未填")] + list.pairs.map { Choice($0.key, $0.word) } }
        return """
            \(selectField("category", "人员类别", choices(words.categories), chosen: filled.text("category", post?.category ?? ""), notes: filled.notes("category", hint: "不填不计入任何指标的人数。")))\
            \(selectField("workforce", "队伍类别", choices(words.workforces), chosen: filled.text("workforce", post?.workforce ?? ""), notes: filled.notes("workforce")))\
            \(selectField("engagement", "任职方式", choices(words.engagements), chosen: filled.text("engagement", post?.engagement ?? ""), notes: filled.notes("engagement")))
            """
    }

    private static func leadership(_ filled: FilledForm, _ post: Appointment?) -> HTML {
        checkbox("leadership", "领导班子成员", isTicked: filled.isTicked("leadership", post?.isLeadership ?? false))
    }
}
