/// A form as it goes back to whoever sent it: what was typed stays, and each fault stands beside the field it is about.
/// Before anything was sent the fields show what is true at present.
package struct FilledForm: Sendable {
    /// A fault of the form. An empty field puts it above the form.
    package struct Wrong: Hashable, Sendable {
        package let field: String
        package let sentence: String
        /// Where what is in the way can be looked at; nil where there is nothing, or where the reader may not see it.
        package let door: Door?

        package init(field: String, sentence: String, door: Door? = nil) {
            self.field = field
            self.sentence = sentence
            self.door = door
        }
    }

    private let form: Form?
    private let wrong: [Wrong]

    /// A form not sent yet.
    package init() {
        form = nil
        wrong = []
    }

    /// A form that comes back as it was sent, with nothing wrong.
    package init(asSent form: Form) {
        self.form = form
        wrong = []
    }

    /// A form that was refused, for one reason or several.
    package init(_ form: Form, _ wrong: [Wrong]) {
        self.form = form
        self.wrong = wrong
    }

    package init(_ form: Form, field: String, sentence: String) { self.init(form, [Wrong(field: field, sentence: sentence)]) }

    package var isRefused: Bool { !wrong.isEmpty }

    /// What was typed, or what is true at present.
    package func text(_ name: String, _ present: String = "") -> String { form?.text(name) ?? present }
    package func isTicked(_ name: String, _ present: Bool = false) -> Bool { form?.isTicked(name) ?? present }
    /// Whether a box of several of one name was ticked.
    package func isTicked(_ name: String, value: String, _ present: Bool = false) -> Bool { form?.all(name).contains(value) ?? present }

    package func notes(_ name: String, hint: HTML? = nil, required: Bool = false) -> FieldNotes {
        let own = wrong.filter { $0.field == name }
        return FieldNotes(
            hint: hint, message: own.isEmpty ? nil : own.map(\.sentence).joined(separator: " "), door: own.lazy.compactMap(\.door).first, required: required)
    }

    /// What is wrong above the form: several with each sentence leading to its field, or what is about no field. Empty where nothing is.
    package var problem: HTML {
        guard let only = wrong.first else { return "" }
        // A single one stands beside its field, which has the cursor.
        if wrong.count == 1 { return only.field.isEmpty ? notice(.problem, "\(only.sentence)\(only.door.map(doorLink))") : "" }
        let lines = wrong.html { one in
            "<li>\(one.field.isEmpty ? "\(one.sentence)" as HTML : "<a href=\"#f-\(one.field)\">\(one.sentence)</a>")\(one.door.map(doorLink))</li>"
        }
        return """
            <div class="notice problem" role="alert" id="faults" tabindex="-1">\(icon(.warning))<div><p>有 \(wrong.count) 处要改，填的都还在：</p><ul>\(lines)</ul></div></div>
            """
    }

    /// Does what a form asks; where that is refused, the form again with every fault beside its field. `door` says where what is in the
    /// way can be looked at, to whom may.
    package static func answer(
        _ form: Form, field: @Sendable (Refusal) -> String, door: (Refusal) async throws -> Door? = { _ in nil }, again: (FilledForm) async throws -> Page,
        _ act: () async throws -> Reply
    ) async throws -> Reply {
        let refusals: [Refusal]
        do {
            return try await act()
        } catch let refusal as Refusal {
            refusals = [refusal]
        } catch let faults as FormFaults {
            refusals = faults.refusals
        }
        var wrong: [Wrong] = []
        for refusal in refusals { wrong.append(Wrong(field: field(refusal), sentence: refusal.sentence, door: try await door(refusal))) }
        let page = try await again(FilledForm(form, wrong)), shown = page.body.string
        // What is about a field that this page does not have stands above: no fault is left untold.
        let placed = wrong.map { $0.field.isEmpty || shown.contains("id=\"m-\($0.field)\"") ? $0 : Wrong(field: "", sentence: $0.sentence, door: $0.door) }
        return .page(placed == wrong ? page : try await again(FilledForm(form, placed)))
    }
}

/// A link in words to something that is registered elsewhere.
package struct Door: Sendable, Hashable {
    package let word: String
    package let link: String

    package init(_ word: String, _ link: String) {
        self.word = word
        self.link = link
    }
}

func doorLink(_ door: Door) -> HTML { " <a class=\"door\" href=\"\(door.link)\">\(door.word)</a>" }

/// Reads a form to its end: what is refused is noted, and all of it thrown together.
package struct FormCheck {
    private var refusals: [Refusal] = []

    package init() {}

    /// What is read; where that is refused, the refusal is noted and `value` goes on in its place.
    package mutating func take<T>(or value: @autoclosure () -> T, _ read: () throws -> T) throws -> T {
        do { return try read() } catch let refusal as Refusal {
            add([refusal])
        } catch let faults as FormFaults {
            add(faults.refusals)
        }
        return value()
    }

    /// Asks something whose answer is a refusal or nothing.
    package mutating func ask(_ question: () throws -> Void) throws { try take(or: (), question) }

    package mutating func fault(_ refusal: Refusal) { add([refusal]) }

    /// A day of the calendar that must be there.
    package mutating func day(_ form: Form, _ name: String, _ refusal: @autoclosure () -> Refusal) -> Day {
        if let day = form.day(name) { return day }
        fault(refusal())
        return .always
    }

    /// The same of one that may be left empty.
    package mutating func dayOrNil(_ form: Form, _ name: String, _ refusal: @autoclosure () -> Refusal) -> Day? {
        form.text(name).isEmpty ? nil : day(form, name, refusal())
    }

    package mutating func why(_ form: Form) throws -> String { try take(or: "") { try form.why() } }

    package var isGood: Bool { refusals.isEmpty }

    /// What is wrong, as a form shows it that comes back.
    package func wrong(_ field: (Refusal) -> String) -> [FilledForm.Wrong] { refusals.map { FilledForm.Wrong(field: field($0), sentence: $0.sentence) } }

    /// Throws what is wrong: a refusal by itself, or several as `FormFaults`.
    package func end() throws {
        guard let first = refusals.first else { return }
        if refusals.count == 1 { throw first }
        throw FormFaults(refusals: refusals)
    }

    private mutating func add(_ more: [Refusal]) {
        for one in more where !refusals.contains(one) { refusals.append(one) }
    }
}
