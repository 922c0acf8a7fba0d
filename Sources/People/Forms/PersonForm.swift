import Access
import Kit
import Register

/// What the forms about people say, read into facts. Throws the refusals of the facts; `field` says where each belongs.
enum PersonForm {
    /// The facts of a new person, or of `old` with what was typed in place.
    static func facts(_ form: Form, old: (person: Person, idNumber: IDNumber, phone: String?)? = nil, today: Day) throws -> PersonFacts {
        let typed = form.text("idNumber")
        if typed.isEmpty, old == nil { throw Refusal("idNumber.length", "证件号码没有填；请照证件填写 18 位号码") }
        let number = try typed.isEmpty ? old?.idNumber : IDNumber(typed, today: today)
        guard let number else { throw Refusal("idNumber.length", "证件号码没有填；请照证件填写 18 位号码") }
        let gender = form.text("gender")
        return PersonFacts(
            code: form.text("code"), name: form.text("name"), idNumber: number, gender: Person.genders.contains(gender) ? gender : number.gender,
            ethnicity: form.text("ethnicity"), politics: form.text("politics"), education: form.text("education"), degree: form.text("degree"),
            phone: form.text("phone").isEmpty ? (form.isTicked("noPhone") ? nil : old?.phone) : form.text("phone"))
    }

    /// The post a form describes, in a unit of the scope.
    static func post(_ form: Form, person: Int64, scope: Scope, words: RosterWords, present: Appointment? = nil, presentUnit: String = "") throws -> Appointment {
        // A post in a unit that has closed since is still corrected: its unit stays where nothing else is typed.
        let unit = present != nil && form.text("unit") == presentUnit ? present?.organizationID : nil
        let organization = try unit ?? scope.unit(typed: form.text("unit"), for: .keeping).id
        return try post(form, Appointment(personID: person, organizationID: organization, from: .always, isPrimary: form.text("primary") != "no"), words, present: present)
    }

    /// What a form says of a post that was asked for: its unit and manner stay.
    static func asked(_ form: Form, _ post: Appointment, _ words: RosterWords) throws -> Appointment {
        try self.post(form, Appointment(personID: post.personID, organizationID: post.organizationID, from: .always, isPrimary: post.isPrimary), words)
    }

    private static func post(_ form: Form, _ bare: Appointment, _ words: RosterWords, present: Appointment? = nil) throws -> Appointment {
        func key(_ name: String, _ list: RosterWords.Choices) throws -> String {
            let key = form.text(name)
            guard key.isEmpty || list.has(key) else { throw Refusal("form.\(name)", "没有这个选项；请从列出的选项中选") }
            return key
        }
        let kept = form.text("from").isEmpty && present?.from == .always
        guard let from = kept ? .always : form.day("from") else { throw Refusal("form.from", "任职日期没有填或不存在；请\(Day.howToEnter)") }
        guard let to = form.text("to").isEmpty ? .open : form.day("to") else { throw Refusal("form.to", "离任日期不存在；请\(Day.howToEnter)，在任的空着") }
        return Appointment(
            personID: bare.personID, organizationID: bare.organizationID, from: from, to: to, isPrimary: bare.isPrimary,
            category: try key("category", words.categories), workforce: try key("workforce", words.workforces),
            engagement: try key("engagement", words.engagements), title: form.text("title"), isLeadership: form.isTicked("leadership"))
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
