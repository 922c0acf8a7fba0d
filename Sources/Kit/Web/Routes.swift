import Foundation
import HTTPTypes
import Hummingbird

/// How somebody who asks is let in.
package enum Admission<Caller: Sendable>: Sendable {
    /// With the token that the forms of this caller must carry.
    case admitted(Caller, FormToken)
    case elsewhere(Reply)
}

/// A form that takes longer to come than this is handled by the rights that its caller has then.
private let formPatienceMilliseconds: Int64 = 1000

/// The routes of one kind of caller. A handler is reached only by a caller who was admitted; a POST in addition only
/// with the caller's form token and from our own pages. There is no other way to register one.
package struct Routes<Caller: Sendable> {
    let router: Router<WebContext>
    let listening: Listening
    let uploads: UploadRoom
    /// The account of a caller, by which what comes in is counted; nil for whoever is not known yet.
    let account: @Sendable (Caller) -> String?
    private let downloads = Downloads()
    /// How large a form of such a caller may be.
    let formSize: FormSize
    let now: @Sendable () -> Int64
    let admit: @Sendable (WebRequest) async throws -> Admission<Caller>
    let frame: @Sendable (Page, Caller) async throws -> HTML
    /// The page of a problem that keeps the frame around it; nil where the page of it stands alone.
    let stay: @Sendable (WebProblem, WebRequest, Caller) -> Page?
    /// Asked once for each route when it is registered: who may reach it at all.
    let gate: @Sendable (_ method: String, _ path: String) -> @Sendable (Caller) -> Bool
    /// Told of each request that was answered as missing: what is not there, and what the caller may not have.
    let refused: @Sendable (WebRequest, Caller, _ route: String) async -> Void
    /// Asked before the form of an act is read: whether the caller may send one more now.
    let allow: @Sendable (WebRequest, Caller) throws(WebProblem) -> Void
    /// Done before a page or a file goes out; where it fails nothing is shown.
    let settle: @Sendable (WebRequest, Caller, _ route: String) async throws -> Void
    /// Has the last word about an answer, of a page or of an act.
    let finish: @Sendable (WebRequest, Caller, Reply, _ isAct: Bool) async throws -> Reply

    /// Registers a page. The path is like `/people/:person/edit`.
    package func get(_ path: String, _ handle: @escaping @Sendable (WebRequest, Caller) async throws -> Reply) {
        let lets = gate("GET", path)
        router.on(RouterPath(path), method: .get) { [listening, account, downloads, now, admit, frame, stay, refused, settle, finish] request, context in
            let asked = try WebRequest(request, context, listening, now: now()).sound()
            switch try await admit(asked) {
            case .elsewhere(let reply): return try await reply.response(asked, framing: nil)
            case .admitted(let caller, _):
                return try await ShownProblem.framed(asked, caller, frame, stay) {
                    guard lets(caller) else {
                        await refused(asked, caller, path)
                        throw WebProblem.missing
                    }
                    return try await Self.answer(
                        asked, caller, frame, { await refused(asked, caller, path) }, { try await settle(asked, caller, path) },
                        { try await finish(asked, caller, $0, false) }, { try account(caller).map(downloads.begin) }
                    ) { try await handle(asked, caller) }
                }
            }
        }
    }

    /// Registers an act. `uploadLimit` is how many bytes of files its form may have; 0 for a form without. `long` are fields
    /// of which nothing is kept and that may have any length.
    package func post(
        _ path: String, uploadLimit: Int = 0, long: Set<String> = [], _ handle: @escaping @Sendable (Form, WebRequest, Caller) async throws -> Reply
    ) {
        let lets = gate("POST", path)
        router.on(RouterPath(path), method: .post) { [listening, uploads, account, formSize, now, admit, frame, stay, refused, allow, settle, finish] request, context in
            let asked = try WebRequest(request, context, listening, now: now()).sound()
            guard listening.isFromOurPages(request, from: context.remoteAddress) else { throw WebProblem.foreignForm }
            switch try await admit(asked) {
            case .elsewhere(let reply): return try await reply.response(asked, framing: nil)
            case .admitted(let caller, let token):
                return try await ShownProblem.framed(asked, caller, frame, stay) {
                    // Before anything of the form is read.
                    guard lets(caller) else {
                        await refused(asked, caller, path)
                        throw WebProblem.missing
                    }
                    try allow(asked, caller)
                    func handled(_ form: Form, _ asked: WebRequest, _ caller: Caller) async throws -> Response {
                        try await Self.answer(
                            asked, caller, frame, { await refused(asked, caller, path) }, { try await settle(asked, caller, path) }, { try await finish(asked, caller, $0, true) }
                        ) {
                            try form.checkLengths(but: long)
                            let reply = try await handle(form, asked, caller)
                            // The page would stay with its form sent: a file is fetched from a page of its own.
                            if case .file = reply.content { throw WebProblem.failed }
                            return reply
                        }
                    }
                    func answer(storingIn folder: URL?) async throws -> Response {
                        let receiver = FormReceiver(
                            size: formSize, uploadLimit: uploadLimit, folder: folder, accepts: { isSame($0, token.value) },
                            headerToken: request.headers[HTTPField.Name("X-Form-Token")!])
                        let form = try await receiver.receive(request, contentType: request.headers[.contentType] ?? "")
                        var later = asked
                        later.now = now()
                        // Who was let in before the form came may be locked or have lost the right by the time it is there.
                        guard uploadLimit > 0 || later.now - asked.now > formPatienceMilliseconds else { return try await handled(form, asked, caller) }
                        switch try await admit(later) {
                        case .elsewhere(let reply): return try await reply.response(later, framing: nil)
                        case .admitted(let present, let kept):
                            guard lets(present) else {
                                await refused(later, present, path)
                                throw WebProblem.missing
                            }
                            guard isSame(kept.value, token.value) else { throw WebProblem.foreignForm }
                            return try await handled(form, later, present)
                        }
                    }
                    let sender = Sender(account: account(caller), address: asked.origin), said = request.headers[.contentLength].flatMap { Int($0) }
                    func size(_ most: Int) -> Int { min(max(0, said ?? most), most) }
                    guard uploadLimit > 0 else { return try await uploads.lend(form: size(formSize.rawValue), to: sender) { try await answer(storingIn: nil) } }
                    return try await uploads.lend(files: size(uploadLimit), to: sender) { try await answer(storingIn: $0) }
                }
            }
        }
    }

    private static func refusing(_ refusals: [Refusal], _ asked: WebRequest) -> Reply {
        let said = refusals.html { notice(.problem, "\($0.sentence)") }
        guard !asked.wantsFragment else { return .document(said, status: 422) }
        return .page(Page("没有办成", status: 422, body: """
            \(said)<div class="actions">\(asked.cameFrom.map { linkButton("返回上一页", $0, .primary, icon: .back) })\(linkButton("回首页", "/", asked.cameFrom == nil ? .primary : .plain))</div>
            """))
    }

    /// A refusal that no handler took is shown as a page of its own.
    private static func answer(
        _ asked: WebRequest, _ caller: Caller, _ frame: @escaping @Sendable (Page, Caller) async throws -> HTML,
        _ refused: () async -> Void, _ settle: () async throws -> Void, _ finish: (Reply) async throws -> Reply, _ ticket: () throws -> Downloads.Ticket? = { nil }, _ handle: () async throws -> Reply
    ) async throws -> Response {
        var reply: Reply
        do {
            reply = try await handle()
        } catch let problem as WebProblem where problem == .missing {
            await refused()
            throw problem
        } catch let refusal as Refusal where !refusal.name.hasPrefix("database.") {
            reply = Self.refusing([refusal], asked)
        } catch let faults as FormFaults {
            reply = Self.refusing(faults.refusals, asked)
        }
        reply = try await finish(reply)
        if reply.showsSomething { try await settle() }
        var held: Downloads.Ticket?
        if case .file = reply.content { held = try ticket() }
        return try await reply.response(asked, holding: held) { try await frame($0, caller) }
    }
}

/// Whether two secrets are the same, in a time that does not tell how much of them is.
package func isSame(_ a: String, _ b: String) -> Bool {
    let x = Array(a.utf8), y = Array(b.utf8)
    guard x.count == y.count, !x.isEmpty else { return false }
    var difference: UInt8 = 0
    for index in x.indices { difference |= x[index] ^ y[index] }
    return difference == 0
}

extension WebRequest {
    init(_ request: Request, _ context: WebContext, _ listening: Listening, now: Int64) {
        let uri = request.uri, query = Fields(encoded: uri.query ?? "")
        let isSecure = listening.isSecure(request, from: context.remoteAddress)
        self.init(
            id: context.id, path: uri.path,
            parameters: Dictionary(context.parameters.map { (String($0.key), Fields.decode($0.value.utf8)) }, uniquingKeysWith: { first, _ in first }),
            query: AddressSeal.current?.opened(query) ?? query,
            cookies: Cookies(header: request.headers[values: .cookie].joined(separator: ";"), isSecure: isSecure),
            origin: listening.origin(of: request, from: context.remoteAddress), userAgent: String((request.headers[.userAgent] ?? "").prefix(300)), wantsFragment: request.headers[HTTPField.Name("HX-Request")!] == "true",
            cameFrom: WebRequest.path(ofReferer: request.headers[.referer] ?? "", at: request.head.authority ?? ""),
            isSecure: isSecure, site: listening.publicAddresses.first.map { "\($0)" } ?? (isSecure ? "https://" : "http://") + (request.head.authority ?? ""), now: now)
    }
}

extension WebRequest {
    /// Path and query of a page of this site that another was asked from; nil for other sites' and for what is none.
    static func path(ofReferer referer: String, at authority: String) -> String? {
        guard !authority.isEmpty, let scheme = ["http://", "https://"].first(where: { referer.hasPrefix($0) }) else { return nil }
        let rest = referer.dropFirst(scheme.count)
        guard rest.hasPrefix(authority + "/") else { return nil }
        return Reply.localPath(String(rest.dropFirst(authority.count).prefix { $0 != "#" }))
    }
}

/// A problem with its page, made for whoever met it.
struct ShownProblem: Error {
    let problem: WebProblem
    let html: HTML

    /// What `answer` answers; a problem with the frame of the caller's pages around it, where there is one.
    static func framed<Caller: Sendable>(
        _ asked: WebRequest, _ caller: Caller, _ frame: (Page, Caller) async throws -> HTML, _ stay: (WebProblem, WebRequest, Caller) -> Page?,
        _ answer: () async throws -> Response
    ) async throws -> Response {
        do { return try await answer() } catch let problem as WebProblem {
            guard !asked.wantsFragment, let page = stay(problem, asked, caller), let html = try? await frame(page, caller) else { throw problem }
            throw ShownProblem(problem: problem, html: html)
        }
    }
}

extension Reply {
    func response(_ asked: WebRequest, holding ticket: Downloads.Ticket? = nil, framing frame: ((Page) async throws -> HTML)?) async throws -> Response {
        var response: Response
        switch content {
        case .page(let page):
            let html = try await frame?(page) ?? page.body
            response = Response(html: html, status: page.status)
        case .document(let html, let status):
            response = Response(html: html, status: status)
        case .leaving(let html, let address):
            response = Response(html: html, status: 200)
            if address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { response.headers[HTTPField.Name("Refresh")!] = "0; url=" + address }
        case .redirect(let path):
            // htmx follows a redirect by itself and would put the page into a piece of another.
            response = asked.wantsFragment
                ? Response(status: .noContent, headers: [HTTPField.Name("HX-Redirect")!: path])
                : Response(status: .seeOther, headers: [.location: path])
        case .file(let path, let type, let name, let isTemporary):
            response = try Response(file: path, isTemporary: isTemporary, holding: ticket)
            response.headers[.contentType] = type
            response.headers[.contentDisposition] = Reply.disposition(name)
        }
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie.header)) }
        return response
    }
}

extension Response {
    init(html: HTML, status: Int) {
        self.init(
            status: HTTPResponse.Status(code: status), headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html.bytes)))
    }

    /// Sends a file in pieces.
    fileprivate init(file path: String, isTemporary: Bool, holding ticket: Downloads.Ticket?) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw WebProblem.missing }
        let size = Int(try handle.seekToEnd())
        try handle.seek(toOffset: 0)
        // The open handle keeps the content even when the name is gone.
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
        self.init(status: .ok, body: ResponseBody(contentLength: size) { writer in
            defer { try? handle.close() }
            defer { withExtendedLifetime(ticket) {} }
            while let piece = try handle.read(upToCount: 1 << 16), !piece.isEmpty {
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        })
    }
}
