import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// What Hummingbird carries along with a request, and the other end's address.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let remoteAddress: String

    package init(source: Source) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? ""
    }
}

/// The web application: routes, assets, and what holds for every answer.
package struct Web {
    private let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)

    private let now: @Sendable () -> Int64

    /// `now` gives the time in milliseconds; `problem` makes the page of an error from what is wrong and the request's id.
    package init(assets: Assets, logger: Logger, now: @escaping @Sendable () -> Int64, problem: @escaping @Sendable (WebProblem, _ requestID: String) -> HTML) {
        self.now = now
        router.add(middleware: Safeguard(problem: problem, logger: logger))
        router.on("/assets/**", method: .get) { request, _ in assets.response(request) }
    }

    /// Routes for one kind of caller: who is let in, and the frame around a page.
    package func routes<Caller: Sendable>(
        admit: @escaping @Sendable (WebRequest) async throws -> Admission<Caller>,
        frame: @escaping @Sendable (Page, Caller) async throws -> HTML
    ) -> Routes<Caller> {
        Routes(router: router, now: now, admit: admit, frame: frame)
    }

    /// The application at an address; port 0 takes any free one. `onReady` gets the port it listens on.
    package func application(host: String, port: Int, logger: Logger, onReady: @escaping @Sendable (Int) async -> Void = { _ in }) -> some ApplicationProtocol {
        // A connection that says nothing for a minute is closed; headers are kept small.
        var http = HTTP1Channel.Configuration(idleTimeout: .seconds(60))
        http.httpDecoder = .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
        return Application(
            router: router,
            server: .http1(configuration: http),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), availableConnectionsDelegate: MaximumAvailableConnections(10_000)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: logger)
    }
}

/// Around every handler: errors become pages that leak nothing, and every answer carries the headers that keep
/// browsers from doing what we do not want.
private struct Safeguard: RouterMiddleware {
    typealias Context = WebContext
    let problem: @Sendable (WebProblem, String) -> HTML
    let logger: Logger

    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; font-src 'self'"

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(to: error, request, context)
        }
        response.headers[HTTPField.Name("Content-Security-Policy")!] = Self.policy
        response.headers[HTTPField.Name("X-Content-Type-Options")!] = "nosniff"
        response.headers[HTTPField.Name("Referrer-Policy")!] = "same-origin"
        response.headers[HTTPField.Name("X-Request-Id")!] = context.id
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func answer(to error: any Error, _ request: Request, _ context: WebContext) -> Response {
        let found: WebProblem
        switch error {
        case let known as WebProblem: found = known
        case let refusal as Refusal: found = WebProblem(422, "没有办成", refusal.sentence)
        case let http as any HTTPResponseError:
            switch http.status.code {
            case 404, 405: found = .missing
            case 413: found = .tooLarge(limit: FormReceiver.fieldLimit)
            case 400..<500: found = .malformed
            default: found = .failed
            }
        default: found = .failed
        }
        if found.status == 500 {
            // The kind of error only: its text may hold what a person typed.
            logger.error("request failed", metadata: ["request": "\(context.id)", "method": "\(request.method)", "route": "\(context.endpointPath ?? "")", "error": "\(type(of: error))"])
        }
        return Response(html: problem(found, context.id), status: found.status)
    }
}
