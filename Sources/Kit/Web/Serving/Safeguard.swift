import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTP2

/// Around every handler: whose name we are asked by, errors that become pages and leak nothing, and the headers that
/// keep browsers from doing what we do not want.
struct Safeguard: RouterMiddleware {
    typealias Context = WebContext
    let problem: @Sendable (WebProblem, String) -> HTML
    /// The page of an address where nothing is, for whoever is known; nil for everybody else.
    let lost: @Sendable (WebRequest) async -> HTML?
    let logger: Logger
    let listening: Listening
    /// What addresses are made and read with.
    let seal: AddressSeal
    let now: @Sendable () -> Int64

    private static let fixed: [(HTTPField.Name, String)] = [
        (HTTPField.Name("Content-Security-Policy")!,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
                + "frame-ancestors 'none'; base-uri 'none'; font-src 'self'"),
        (HTTPField.Name("X-Content-Type-Options")!, "nosniff"),
        (HTTPField.Name("X-Frame-Options")!, "DENY"),
        (HTTPField.Name("Referrer-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
        (HTTPField.Name("Permissions-Policy")!,
            "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), "
                + "microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=()"),
    ]
    private static let transport = (HTTPField.Name("Strict-Transport-Security")!, "max-age=31536000; includeSubDomains")

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var response: Response
        do {
            try judge(request)
            response = try await AddressSeal.$current.withValue(seal) { try await next(request, context) }
        } catch let broken as HTTPParserError {
            // No HTTP: the connection is answered 400 and closed.
            throw broken
        } catch {
            response = await answer(to: error, request, context)
        }
        for (name, value) in Self.fixed { response.headers[name] = value }
        if listening.isSecure(request, from: context.remoteAddress) { response.headers[Self.transport.0] = Self.transport.1 }
        response.headers[HTTPField.Name("X-Request-Id")!] = context.id
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func judge(_ request: Request) throws(WebProblem) {
        guard let authority = request.head.authority, PublicAddress.isAuthority(authority), request.headers[.host] == nil
        else { throw .malformed }
        guard listening.answers(to: authority) else { throw .otherHost }
        // What other sites embed or fetch; links and redirects from them are welcome.
        if let site = request.headers[.secFetchSite], site == "cross-site" || site == "same-site",
            let mode = request.headers[HTTPField.Name("Sec-Fetch-Mode")!], mode != "navigate"
        { throw .missing }
    }

    private func answer(to error: any Error, _ request: Request, _ context: WebContext) async -> Response {
        let found: WebProblem
        var shown: HTML?
        // The kind of error only: its text may hold what a person typed.
        var reason = "\(type(of: error))"
        switch error {
        case let known as WebProblem: found = known
        case let known as ShownProblem: (found, shown) = (known.problem, known.html)
        case let refusal as Refusal where refusal.name.hasPrefix("database."):
            found = .unavailable(refusal)
            reason = "\(refusal.name): \(refusal)"
        case let refusal as Refusal: found = WebProblem(422, "没有办成", refusal.sentence)
        case let http as any HTTPResponseError:
            switch http.status.code {
            case 404, 405:
                found = .missing
                // What is not there looks like what one may not see, menu and all.
                let asked = AddressSeal.$current.withValue(seal) { try? WebRequest(request, context, listening, now: now()).sound() }
                if let asked, !asked.wantsFragment { shown = await lost(asked) }
            case 413: found = .tooLarge(limit: FormSize.usual.rawValue)
            case 400..<500: found = .malformed
            default: found = .failed
            }
        // Who asked has gone.
        case is IOError, is ChannelError, is any NIOHTTP2Error, is CancellationError: found = .malformed
        default: found = .failed
        }
        let details: Logger.Metadata = [
            "request": "\(context.id)", "status": "\(found.status)", "method": "\(request.method)", "route": "\(context.endpointPath ?? "")",
            "from": "\(listening.origin(of: request, from: context.remoteAddress))",
        ]
        switch found.status {
        case 500...: logger.error("request failed", metadata: details.merging(["error": "\(reason)"]) { $1 })
        // An address of ours that was denied is worth a line, one that never was is not.
        case 404 where context.endpointPath == nil: break
        case 422: break
        default: logger.notice("request turned away", metadata: details)
        }
        var response = Response(html: shown ?? problem(found, context.id), status: found.status)
        if found.status == 429 { response.headers[.retryAfter] = "1" }
        if found.status == 503 { response.headers[.retryAfter] = "10" }
        return response
    }
}

extension HTTPField.Name {
    /// A second one; the first is the authority.
    static let host = HTTPField.Name("Host")!
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}

extension Listening {
    /// For whom a request comes: who is connected, or whom a proxy of ours names. Anybody else's word is not taken.
    func origin(of request: Request, from address: String) -> String {
        guard trusts(address), let forwarded = request.headers[HTTPField.Name("X-Forwarded-For")!]?.split(separator: ",").last else { return address }
        let named = forwarded.filter { $0.isHexDigit || $0 == "." || $0 == ":" }.prefix(45)
        return named.isEmpty ? address : String(named)
    }

    /// Whether the browser speaks TLS with us, directly or through a proxy we trust.
    func isSecure(_ request: Request, from address: String) -> Bool {
        let forwarded = trusts(address) ? request.headers[HTTPField.Name("X-Forwarded-Proto")!] : nil
        return isSecure(request.head.authority ?? "", forwarded: forwarded)
    }

    /// Whether the browser says that a form comes from a page of this site. Old browsers say nothing: then the token decides alone.
    func isFromOurPages(_ request: Request, from address: String) -> Bool {
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" { return false }
        guard let origin = request.headers[.origin]?.lowercased() else { return true }
        // A proxy may ask us by another name than the browser asked it.
        if publicAddresses.contains(where: { $0.description == origin }) { return true }
        guard let host = request.head.authority?.lowercased() else { return false }
        return origin == "https://" + host || (origin == "http://" + host && !isSecure(request, from: address))
    }
}
