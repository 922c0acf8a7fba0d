import Access
import Kit
import Register

/// What the forms about people say, read into facts. Throws the refusals of the facts; `field` says where each belongs.
enum PersonForm {
    /// The facts of a new person, or of `old` with what was typed in place. What is wrong is noted in `check`.
    static func facts(_ form: Form, old: (person: Person, idNumber: IDNumber, phone: String?)? = nil, today: Day, _ check: inout FormCheck) throws -> PersonFacts? {
        let typed = form.text("idNumber"), gender = form.text("gender")
        let name = try check.take(or: "") { try PersonName.checked(form.text("name")) }
        let number: IDNumber? = try check.take(or: nil) {
            if typed.isEmpty, let old { return old.idNumber }
            guard !typed.isEmpty else { throw Refusal("idNumber.length", "证件号码没有填；请照证件填写 18 位号码") }
            return try IDNumber(typed, today: today)
        }
        try check.ask { if !form.text("phone").isEmpty { _ = try PhoneNumber.checked(form.text("phone")) } }
        let code = try check.take(or: nil) { try Person.checkedCode(form.text("code")) }
        guard let number else { return nil }
        return PersonFacts(
            code: code ?? "", name: name, idNumber: number, gender: Person.genders.contains(gender) ? gender : number.gender,
            ethnicity: form.text("ethnicity"), politics: form.text("politics"), education: form.text("education"), degree: form.text("degree"),
            phone: form.text("phone").isEmpty ? (form.isTicked("noPhone") ? nil : old?.phone) : form.text("phone"))
    }

    /// The post a form describes, in a unit of the scope. What is wrong is noted in `check`.
    static func post(
        _ form: Form, person: Int64, scope: Scope, words: RosterWords, present: Appointment? = nil, presentUnit: String = "", _ check: inout FormCheck
    ) throws -> Appointment {
        // A post in a unit that has closed since is still corrected: its unit stays where nothing else is typed.
        let unit = present != nil && form.text("unit") == presentUnit ? present?.organizationID : nil
        let organization = try check.take(or: 0) { try unit ?? scope.unit(typed: form.text("unit"), for: .keeping).id }
        return try post(form, Appointment(personID: person, organizationID: organization, from: .always, isPrimary: form.text("primary") != "no"), words, present: present, &check)
    }

    /// What a form says of a post that was asked for: its unit and manner stay. Throws what is wrong.
    static func asked(_ form: Form, _ post: Appointment, _ words: RosterWords) throws -> Appointment {
        var check = FormCheck()
        let bare = Appointment(personID: post.personID, organizationID: post.organizationID, from: .always, isPrimary: post.isPrimary)
        let read = try self.post(form, bare, words, &check)
        try check.end()
        return read
    }

    private static func post(_ form: Form, _ bare: Appointment, _ words: RosterWords, present: Appointment? = nil, _ check: inout FormCheck) throws -> Appointment {
        func key(_ name: String, _ list: RosterWords.Choices) throws -> String {
            let key = form.text(name)
            guard key.isEmpty || list.has(key) else { throw Refusal("form.\(name)", "没有这个选项；请从列出的选项中选") }
            return key
        }
        let kept = form.text("from").isEmpty && present?.from == .always
        let from = kept ? .always : check.day(form, "from", Refusal("form.from", "任职日期没有填或不存在；请\(Day.howToEnter)"))
        let to = check.dayOrNil(form, "to", Refusal("form.to", "离任日期不存在；请\(Day.howToEnter)，在任的空着"))
        if let end = form.day("to"), kept || form.day("from") != nil, end <= from {
            check.fault(Refusal("appointment.span", "离任日期 \(end) 不晚于任职日期 \(from)；请核对两个日期（离任日期是不再任职的第一天）"))
        }
        return Appointment(
            personID: bare.personID, organizationID: bare.organizationID, from: from, to: to ?? .open, isPrimary: bare.isPrimary,
            category: try check.take(or: "") { try key("category", words.categories) }, workforce: try check.take(or: "") { try key("workforce", words.workforces) },
            engagement: try check.take(or: "") { try key("engagement", words.engagements) }, title: form.text("title"), isLeadership: form.isTicked("leadership"))
    }

    /// What is registered elsewhere and stands in the way, for whoever may see it.
    static func door(_ refusal: Refusal, _ signedIn: SignedIn, _ database: Database) async throws -> Door? {
        guard let other = refusal.about, ["person.numberTaken", "person.codeTaken"].contains(refusal.name) else { return nil }
        return try await database.read { db in (try? PersonFile.seen(other, signedIn, in: db)) == nil ? nil : Door("打开那份档案", "/people/\(other)") }
    }

    /// The field that a refusal is about; empty for one about the whole.
    static let field: @Sendable (Refusal) -> String = { refusal in
        switch refusal.name {
        case let name where name.hasPrefix("form."): refusal.formField
        case let name where name.hasPrefix("idNumber."): "idNumber"
        case let name where name.hasPrefix("unit."): "unit"
        case "person.noName", "person.name", "person.nothingChanged": "name"
        case "person.numberTaken": "idNumber"
        case "person.code", "person.codeTaken", "person.codeIsNumber": "code"
        case "phone.form": "phone"
        case "appointment.unitUnborn", "appointment.noStart", "transfer.tooEarly": "from"
        case "appointment.unitClosed": "to"
        case "appointment.span", "appointment.ended": "to"
        case "appointment.primaryOverlap", "transfer.consent": "primary"
        case "appointment.twice", "appointment.nothingChanged", "appointment.title", "transfer.samePost": "title"
        case "merge.primaryOverlap": "primary"
        case let name where name.hasPrefix("merge."): "other"
        default: ""
        }
    }
}
