/// A form that changes something. It carries the token without which no POST reaches its handler; it works without
/// scripts. `uploads` is true for forms with files; fields elsewhere on the page belong to it by its `id`.
package func postForm(to path: String, token: FormToken, uploads: Bool = false, id: String? = nil, _ body: HTML) -> HTML {
    """
    <form method="post" action="\(path)"\("id", id)\("enctype", uploads ? "multipart/form-data" : nil)><input type="hidden" name="\(FormToken.field)" value="\(token.value)">\(body)</form>
    """
}

/// A form that only asks: its fields end up in the address.
package func getForm(to path: String, id: String? = nil, _ body: HTML) -> HTML {
    "<form method=\"get\" action=\"\(path)\" class=\"asking\"\("id", id)>\(body)</form>"
}

/// Where searches go whose words may be a person's name, and the field that says for which list.
package let seekPath = "/seek", seekTarget = "_for"

/// A search of a list by words that may be a person's name: they go in the form's body, and stand in the list's address as ciphertext.
package func seekForm(to path: String, token: FormToken, _ body: HTML) -> HTML {
    postForm(to: seekPath, token: token, "<input type=\"hidden\" name=\"\(seekTarget)\" value=\"\(path)\">\(body)")
}

/// A button that is a whole form, for one act on one thing.
package func postButton(_ word: String, to path: String, token: FormToken, _ kind: ButtonKind = .plain, icon sign: Icon? = nil, hidden: [(String, String)] = []) -> HTML {
    """
    <form method="post" action="\(path)" class="inline"><input type="hidden" name="\(FormToken.field)" value="\(token.value)">\(hidden.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })\(submitButton(word, kind, icon: sign))</form>
    """
}

/// What a field shows beside its input. A message says what is wrong and what to do; the value typed stays.
package struct FieldNotes: Sendable {
    package var hint: HTML?
    package var message: String?
    /// Where what is in the way can be looked at.
    package var door: Door?
    package var isRequired: Bool

    package init(hint: HTML? = nil, message: String? = nil, door: Door? = nil, required: Bool = false) {
        self.hint = hint
        self.message = message
        self.door = door
        isRequired = required
    }

    /// The attributes by which readers for the blind tell what is wrong and what helps.
    fileprivate func described(_ name: String) -> HTML {
        let ids = [message == nil ? nil : "m-" + name, hint == nil ? nil : "h-" + name].compactMap { $0 }
        return "\("aria-invalid", message == nil ? nil : "true")\("aria-describedby", ids.isEmpty ? nil : ids.joined(separator: " "))"
    }

    fileprivate func below(_ name: String) -> HTML {
        """
        \(message.map { "<p class=\"message\" id=\"m-\(name)\">\(icon(.warning))\($0)\(door.map(doorLink))</p>" as HTML })\(hint.map { "<p class=\"hint\" id=\"h-\(name)\">\($0)</p>" as HTML })
        """
    }
}

private func fieldRow(_ name: String, _ label: String, _ notes: FieldNotes, _ input: HTML) -> HTML {
    """
    <div class="field\(notes.message == nil ? "" : " wrong")"><label for="f-\(name)">\(label)\(notes.isRequired ? "<span class=\"required\">必填</span>" as HTML : "")</label>\(input)\
    \(notes.below(name))</div>
    """
}

/// A one-line input. `type` is text, search, date, number, password, tel; `autocomplete` as HTML knows it.
package func textField(
    _ name: String, _ label: String, value: String = "", type: String = "text", notes: FieldNotes = FieldNotes(),
    autocomplete: String? = nil, autofocus: Bool = false, list: String? = nil, maxLength: Int? = nil
) -> HTML {
    fieldRow(
        name, label, notes,
        """
        <input id="f-\(name)" name="\(name)" type="\(type)" value="\(value)"\("required", if: notes.isRequired)\("autofocus", if: autofocus)\("autocomplete", autocomplete)\("list", list)\("maxlength", maxLength.map(String.init))\(notes.described(name))>
        """)
}

/// A password, with a control that shows it where scripts run. Pasting is welcome.
package func passwordField(
    _ name: String, _ label: String, notes: FieldNotes = FieldNotes(), autocomplete: String, autofocus: Bool = false
) -> HTML {
    fieldRow(
        name, label, notes,
        """
        <div class="password"><input id="f-\(name)" name="\(name)" type="password"\("required", if: notes.isRequired)\("autofocus", if: autofocus) autocomplete="\(autocomplete)" maxlength="200" autocapitalize="none" spellcheck="false"\(notes.described(name))>\
        <button type="button" class="button quiet" data-shows="f-\(name)" aria-pressed="false" hidden>显示</button></div>
        """)
}

/// Six digits from an authenticator.
package func codeField(_ name: String, _ label: String, notes: FieldNotes = FieldNotes(required: true)) -> HTML {
    fieldRow(
        name, label, notes,
        """
        <input id="f-\(name)" name="\(name)" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12"\("required", if: notes.isRequired) autofocus\(notes.described(name))>
        """)
}

/// Several lines.
package func textArea(_ name: String, _ label: String, value: String = "", rows: Int = 4, notes: FieldNotes = FieldNotes()) -> HTML {
    fieldRow(
        name, label, notes,
        """
        <textarea id="f-\(name)" name="\(name)" rows="\(rows)"\("required", if: notes.isRequired)\(notes.described(name))>
        \(value)</textarea>
        """)
}

/// The fields of a long form, beside each other where there is room.
package func fieldGrid(_ fields: HTML) -> HTML { "<div class=\"fields\">\(fields)</div>" }

/// One of the values a field can take, and the word for it.
package struct Choice: Sendable, Hashable {
    package var value: String
    package var word: String
    package init(_ value: String, _ word: String) {
        self.value = value
        self.word = word
    }
}

/// One of several, as a drop-down.
package func selectField(_ name: String, _ label: String, _ choices: [Choice], chosen: String = "", notes: FieldNotes = FieldNotes()) -> HTML {
    fieldRow(
        name, label, notes,
        """
        <select id="f-\(name)" name="\(name)"\("required", if: notes.isRequired)\(notes.described(name))>\(choices.html { "<option value=\"\($0.value)\"\("selected", if: $0.value == chosen)>\($0.word)</option>" })</select>
        """)
}

/// One of few, all in sight.
package func radioField(_ name: String, _ label: String, _ choices: [Choice], chosen: String = "", notes: FieldNotes = FieldNotes()) -> HTML {
    """
    <fieldset class="field\(notes.message == nil ? "" : " wrong")" id="f-\(name)" tabindex="-1"\(notes.described(name))><legend>\(label)\(notes.isRequired ? "<span class=\"required\">必填</span>" as HTML : "")</legend>\
    <div class="choices">\(choices.html { "<label><input type=\"radio\" name=\"\(name)\" value=\"\($0.value)\"\("checked", if: $0.value == chosen)>\($0.word)</label>" })</div>\
    \(notes.below(name))</fieldset>
    """
}

/// Yes or no.
package func checkbox(_ name: String, _ label: String, isTicked: Bool = false, value: String = "on", hint: HTML? = nil) -> HTML {
    "<div class=\"field tick\"><label><input type=\"checkbox\" name=\"\(name)\" value=\"\(value)\"\("checked", if: isTicked)><span>\(label)</span></label>\(hint.map { "<p class=\"hint\">\($0)</p>" as HTML })</div>"
}

/// A file to send. `accept` as in `.xlsx,.xls,.csv`.
package func fileField(_ name: String, _ label: String, accept: String, notes: FieldNotes = FieldNotes()) -> HTML {
    fieldRow(
        name, label, notes,
        "<input id=\"f-\(name)\" name=\"\(name)\" type=\"file\" accept=\"\(accept)\"\("required", if: notes.isRequired)\(notes.described(name))>")
}
