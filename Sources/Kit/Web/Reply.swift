/// What a handler answers.
package struct Reply: Sendable {
    enum Content: Sendable {
        case page(Page)
        case document(HTML, status: Int)
        case redirect(String)
        case leaving(HTML, to: String)
        case file(String, type: String, attachment: String, isTemporary: Bool)
    }

    var content: Content
    var cookies: [Cookie] = []

    /// Whether it shows something, rather than leading on.
    var showsSomething: Bool {
        switch content {
        case .page, .document, .file: true
        case .redirect, .leaving: false
        }
    }

    /// Where on this site it leads; nil for what shows something.
    package var onward: String? {
        if case .redirect(let path) = content { path } else { nil }
    }

    /// Whether it is a page in its frame.
    package var isPage: Bool {
        if case .page = content { true } else { false }
    }

    /// The same page with something said above it; anything else as it is.
    package func saying(_ words: HTML) -> Reply {
        guard case .page(var page) = content else { return self }
        page.body = words + page.body
        var reply = self
        reply.content = .page(page)
        return reply
    }

    /// A page, which gets the frame around it.
    package static func page(_ page: Page) -> Reply { Reply(content: .page(page)) }
    /// A whole document that stands alone.
    package static func document(_ html: HTML, status: Int = 200) -> Reply { Reply(content: .document(html, status: status)) }
    /// A piece of a page for htmx.
    package static func fragment(_ html: HTML) -> Reply { Reply(content: .document(html, status: 200)) }
    /// On to another page of ours (303), as after every successful POST. Anything but a path of ours leads to `/`.
    package static func redirect(_ path: String) -> Reply { Reply(content: .redirect(Reply.localPath(path) ?? "/")) }
    /// A document that says so and leads on to another site. A redirect would not do: after a form was sent, `form-action`
    /// of the content policy holds for redirects as well. Anything but an address in plain ASCII leads nowhere.
    package static func leaving(_ html: HTML, to address: String) -> Reply { Reply(content: .leaving(html, to: address)) }
    /// A file on disk to keep, never to be shown by the browser; a temporary one is removed when it has been sent. `type` is its media
    /// type. Only a link leads to one: a form that is answered by a file would stay on the screen as sent.
    package static func download(_ name: String, type: String, file path: String, isTemporary: Bool) -> Reply {
        Reply(content: .file(path, type: type, attachment: name, isTemporary: isTemporary))
    }

    package func setting(_ cookie: Cookie) -> Reply {
        var reply = self
        reply.cookies.append(cookie)
        return reply
    }

    package static let pdf = "application/pdf"
    package static let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    /// A path on this site, or nil: `//host`, `/\host` and control characters would lead elsewhere.
    package static func localPath(_ text: String) -> String? {
        guard text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return nil }
        return text
    }

    /// `Content-Disposition` for a file to keep: an ASCII name for old programs and the true one by RFC 5987.
    package static func disposition(_ name: String) -> String {
        let clean = String(String.UnicodeScalarView(name.unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F && !"/\\:*?\"<>|".unicodeScalars.contains($0) && !(0x202A...0x202E).contains($0.value)
                && !(0x2066...0x2069).contains($0.value)
        }))
        let named = clean.isEmpty ? "download" : clean
        let ascii = String(String.UnicodeScalarView(named.unicodeScalars.map { $0.isASCII && $0 != "%" && $0 != ";" ? $0 : "_" }))
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(Fields.encode(named))"
    }
}
