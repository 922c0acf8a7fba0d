// One way to show one thing: each component is one function, and `/gallery` shows every one of them in every state.

/// How a figure stands against its rule. The raw values are the verdict codes of findings.
package enum Mark: String, CaseIterable, Sendable {
    case met, unmet, pending, unknown, notApplicable

    package var sign: String {
        switch self {
        case .met: "✓"
        case .unmet: "✗"
        case .pending: "…"
        case .unknown: "?"
        case .notApplicable: "—"
        }
    }

    package var word: String {
        switch self {
        case .met: "达标"
        case .unmet: "未达标"
        case .pending: "进行中"
        case .unknown: "缺数据"
        case .notApplicable: "不适用"
        }
    }
}

/// Verdict of a figure by sign, word and colour; never by colour alone. No badge for a figure without verdict: pass nil.
package func verdictBadge(_ mark: Mark?) -> HTML {
    guard let mark else { return "" }
    return stateBadge(mark, mark.word)
}

/// A state in its own word, with the sign and colour of the verdict it is like.
package func stateBadge(_ mark: Mark, _ word: String) -> HTML {
    "<span class=\"verdict \(mark.rawValue)\"><span class=\"sign\" aria-hidden=\"true\">\(mark.sign)</span>\(word)</span>"
}

/// The sign alone, for narrow columns; the word is there for screen readers and as a title.
package func verdictSign(_ mark: Mark) -> HTML {
    "<span class=\"verdict \(mark.rawValue)\" title=\"\(mark.word)\" role=\"img\" aria-label=\"\(mark.word)\">\(mark.sign)</span>"
}

/// The sentence a page was opened for, with the button that does something about it.
package func answerBox(_ sentence: HTML, mark: Mark? = nil, action: HTML? = nil) -> HTML {
    "<section class=\"answer \(mark?.rawValue ?? "plain")\" aria-label=\"结论\"><p>\(sentence)</p>\(action.map { "<div class=\"actions\">\($0)</div>" as HTML })</section>"
}

/// A figure that leads to what makes it up. `hint` is the formula in words and the clause.
package func door(_ figure: String, _ link: String, hint: String? = nil) -> HTML {
    "<a class=\"door\" href=\"\(link)\"\("title", hint)>\(figure)</a>"
}

/// A panel with a heading; `note` stands small to its right, `actions` after it.
package func panel(_ title: String, note: HTML? = nil, actions: HTML? = nil, id: String? = nil, _ body: HTML) -> HTML {
    """
    <section class="panel"\("id", id)><header><h2>\(title)</h2>\(note.map { "<span class=\"note\">\($0)</span>" as HTML })\(actions.map { "<span class=\"actions\">\($0)</span>" as HTML })</header>\(body)</section>
    """
}

/// Text or a form inside a panel, with the panel's margins (tables go without).
package func padded(_ body: HTML) -> HTML { "<div class=\"padded\">\(body)</div>" }

/// Panels side by side where there is room, below each other where not.
package func sideBySide(_ panels: HTML...) -> HTML { "<div class=\"two\">\(panels)</div>" }

/// Names and values below each other: the facts of one thing.
package func facts(_ rows: [(name: String, value: HTML)]) -> HTML {
    "<dl class=\"facts\">\(rows.html { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" })</dl>"
}

/// A person by name, with unit or post in grey; the name leads to the person's file where a link is given.
package func personChip(_ name: String, note: String? = nil, link: String? = nil) -> HTML {
    let name: HTML = link.map { "<a href=\"\($0)\">\(name)</a>" } ?? "<span>\(name)</span>"
    return "<span class=\"person\">\(name)\(note.map { "<small>\($0)</small>" as HTML })</span>"
}

/// A word in a quiet frame: a state, a kind, a count. `strong` for the one to notice.
package func tag(_ word: String, strong: Bool = false) -> HTML {
    "<span class=\"tag\(strong ? " strong" : "")\">\(word)</span>"
}

/// What happened, newest first or oldest first as given.
package func timeline(_ events: [(when: String, what: HTML, who: String?)]) -> HTML {
    """
    <ol class="timeline">\(events.html { event in
        "<li><time>\(event.when)</time><div>\(event.what)\(event.who.map { "<small>\($0)</small>" as HTML })</div></li>"
    })</ol>
    """
}

/// What waits to be done: each line is a door, with how many and what.
package func taskList(_ tasks: [(count: String, words: HTML, link: String, note: String)]) -> HTML {
    """
    <ul class="tasks">\(tasks.html { task in
        "<li><a href=\"\(task.link)\">\(task.count.isEmpty ? "" : "<b>\(task.count)</b>" as HTML)<span>\(task.words)\(task.note.isEmpty ? "" : "<small>\(task.note)</small>" as HTML)</span>\(icon(.next))</a></li>"
    })</ul>
    """
}

/// A list of things for one thumb: each a line with a small note below, what it comes to at the end, and a page to go to.
package func rowList(_ rows: [HTML]) -> HTML { "<ul class=\"rows\">\(rows)</ul>" }

/// A line of a `rowList`; without a link it leads nowhere, and links may stand in it.
package func row(_ what: HTML, note: HTML? = nil, end: HTML? = nil, link: String? = nil) -> HTML {
    let inside: HTML = "<span>\(what)\(note.map { "<small>\($0)</small>" as HTML })</span>\(end)"
    return link.map { "<li><a href=\"\($0)\">\(inside)</a></li>" } ?? "<li><div class=\"due\">\(inside)</div></li>"
}

/// What stands here once there is something, and the button that makes the first one.
package func emptyState(_ title: String, _ text: HTML, action: HTML? = nil) -> HTML {
    "<div class=\"empty\"><p class=\"title\">\(title)</p><p>\(text)</p>\(action.map { "<div class=\"actions\">\($0)</div>" as HTML })</div>"
}

/// What a notice is about: something done, something to know, something that did not work.
package enum NoticeKind: String, CaseIterable, Sendable { case done, hint, problem }

/// A sentence about what has just happened or must be known before going on.
package func notice(_ kind: NoticeKind, _ text: HTML) -> HTML {
    let sign: HTML = switch kind {
    case .done: "<span class=\"sign\" aria-hidden=\"true\">✓</span>"
    case .hint: icon(.info)
    case .problem: icon(.warning)
    }
    return "<div class=\"notice \(kind.rawValue)\" role=\"\(kind == .problem ? "alert" : "status")\">\(sign)<div>\(text)</div></div>"
}

/// A choice of views, one of which is current; each is a link.
package func segmented(_ label: String, _ choices: [(name: String, link: String, isCurrent: Bool)]) -> HTML {
    """
    <nav class="segmented" aria-label="\(label)">\(choices.html { choice in
        "<a href=\"\(choice.link)\"\("aria-current", choice.isCurrent ? "true" : nil)>\(choice.name)</a>"
    })</nav>
    """
}

/// How much a button stands out; a page has one primary.
package enum ButtonKind: String, Sendable { case primary, plain, quiet }

/// A link that looks like a button: goes somewhere, changes nothing.
package func linkButton(_ word: String, _ link: String, _ kind: ButtonKind = .plain, icon sign: Icon? = nil) -> HTML {
    "<a class=\"button \(kind.rawValue)\" href=\"\(link)\">\(sign.map { icon($0) })\(word)</a>"
}

/// A button that submits the form it stands in.
/// `to` is where it sends the form, where that is not the form's own address.
package func submitButton(_ word: String, _ kind: ButtonKind = .primary, name: String? = nil, value: String? = nil, icon sign: Icon? = nil, to path: String? = nil, form: String? = nil) -> HTML {
    "<button class=\"button \(kind.rawValue)\"\("name", name)\("value", value)\("formaction", path)\("form", form)>\(sign.map { icon($0) })\(word)</button>"
}

/// A job's progress: done of total, rate and what remains. The page refreshes it by itself where scripts run;
/// without them the reader reloads. `refresh` is the address of this same piece.
package func progressBar(done: Int, total: Int, unit: String, note: String = "", refresh: String? = nil) -> HTML {
    let share = total > 0 ? min(1000, done * 1000 / total) : 0
    return """
        <div class="progress"\("hx-get", refresh)\("hx-trigger", refresh == nil ? nil : "every 1s")\("hx-swap", refresh == nil ? nil : "outerHTML")>\
        <svg viewBox="0 0 1000 8" width="100%" height="8" preserveAspectRatio="none" role="img" aria-label="已完成 \(share / 10)%"><rect class="track" width="1000" height="8"/><rect class="fill" width="\(share)" height="8"/></svg>\
        <p>\(total > 0 ? "\(Numbers.count(done)) / \(Numbers.count(total)) \(unit)" : "请稍候")<span class="note">\(note)</span></p></div>
        """
}

/// One line of an account: what was done of what is owed. The name leads to what makes it up, where there is a link;
/// `note` stands small below, `hint` is the clause's own words.
package func progressLine(_ name: String, had: HTML, share permille: Int, mark: Mark, link: String? = nil, note: String? = nil, hint: String? = nil) -> HTML {
    let called: HTML = link.map { door(name, $0, hint: hint) } ?? "<span>\(name)</span>"
    return """
    <div class="line"><div class="words">\(called)<span>\(had)</span></div>\
    <svg class="\(mark.rawValue)" viewBox="0 0 1000 6" width="100%" height="6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="1000" height="6"/><rect class="fill" width="\(max(0, min(1000, permille)))" height="6"/></svg>\(note.map { "<small>\($0)</small>" as HTML })</div>
    """
}

/// Asks once before something that cannot simply be undone, naming the thing.
package func confirmStep(_ question: String, consequence: HTML, button: String, to path: String, token: FormToken, hidden: [(String, String)] = [], cancel: String) -> HTML {
    """
    <section class="confirm"><h2>\(icon(.warning))\(question)</h2><p>\(consequence)</p>\
    \(postForm(to: path, token: token, "\(hidden.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })<div class=\"actions\">\(submitButton(button))\(linkButton("不做改动，返回", cancel))</div>"))</section>
    """
}

/// An ID or phone number as screens show it: the first six and the last four of an ID number, `110105********002X`.
package func masked(idNumber: String) -> String {
    guard idNumber.count >= 11 else { return String(repeating: "*", count: idNumber.count) }
    return String(idNumber.prefix(6)) + String(repeating: "*", count: idNumber.count - 10) + String(idNumber.suffix(4))
}

/// `138****5678`.
package func masked(phone: String) -> String {
    guard phone.count >= 8 else { return String(repeating: "*", count: phone.count) }
    return String(phone.prefix(3)) + String(repeating: "*", count: phone.count - 7) + String(phone.suffix(4))
}
