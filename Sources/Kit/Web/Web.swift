import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import ServiceLifecycle

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
    private let listening: Listening
    private let logger: Logger
    private let uploads = UploadRoom()

    /// `now` gives the time in milliseconds; `problem` makes the page of an error from what is wrong and the request's id; `lost` that of an
    /// address where nothing is, for whoever is known, as it is for what they may not see.
    package init(
        assets: Assets, listening: Listening, logger: Logger, seal: AddressSeal, now: @escaping @Sendable () -> Int64,
        problem: @escaping @Sendable (WebProblem, _ requestID: String) -> HTML,
        lost: @escaping @Sendable (WebRequest) async -> HTML? = { _ in nil }
    ) {
        self.now = now
        self.listening = listening
        self.logger = logger
        router.add(middleware: Safeguard(problem: problem, lost: lost, logger: logger, listening: listening, seal: seal, now: now))
        router.on("/assets/**", method: .get) { request, _ in try assets.response(request) }
    }

    /// Routes for one kind of caller: who is let in, how large a form may be, whose it is, the frame around a page, and by `gate` who
    /// may reach a route at all.
    package func routes<Caller: Sendable>(
        formSize: FormSize = .usual,
        account: @escaping @Sendable (Caller) -> String? = { _ in nil },
        admit: @escaping @Sendable (WebRequest) async throws -> Admission<Caller>,
        frame: @escaping @Sendable (Page, Caller) async throws -> HTML,
        stay: @escaping @Sendable (WebProblem, WebRequest, Caller) -> Page? = { _, _, _ in nil },
        gate: @escaping @Sendable (_ method: String, _ path: String) -> @Sendable (Caller) -> Bool,
        refused: @escaping @Sendable (WebRequest, Caller, _ route: String) async -> Void = { _, _, _ in },
        allow: @escaping @Sendable (WebRequest, Caller) throws(WebProblem) -> Void = { _, _ in },
        settle: @escaping @Sendable (WebRequest, Caller, _ route: String) async throws -> Void = { _, _, _ in },
        finish: @escaping @Sendable (WebRequest, Caller, Reply, _ isAct: Bool) async throws -> Reply = { _, _, reply, _ in reply }
    ) -> Routes<Caller> {
        Routes(
            router: router, listening: listening, uploads: uploads, account: account, formSize: formSize, now: now, admit: admit, frame: frame, stay: stay, gate: gate, refused: refused,
            allow: allow, settle: settle, finish: finish)
    }

    /// The application where it listens, and what runs beside it. `onReady` gets the port.
    package func application(beside services: [any Service] = [], onReady: @escaping @Sendable (Int) async -> Void = { _ in }) -> some ApplicationProtocol {
        let limits = listening.limits, listening = listening, count = ConnectionCount()
        // Headers are kept small; a connection that says nothing for a while is closed.
        var http1 = HTTP1Channel.Configuration(
            additionalChannelHandlers: [StallTimer(.seconds(Int64(limits.stalled)))], idleTimeout: .seconds(Int64(limits.idle)))
        http1.httpDecoder = .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
        let plain = http1
        let server = HTTPServerBuilder { responder in
            guard let certificate = listening.certificate else {
                return FrontDoor(base: HTTP1Channel(responder: responder, configuration: plain), listening: listening, count: count)
            }
            let http2 = HTTP2ChannelConfiguration(
                idleTimeout: .seconds(limits.idle), gracefulCloseTimeout: .seconds(limits.drain), streamConfiguration: plain)
            return FrontDoor(
                base: try HTTP2UpgradeChannel(tlsConfiguration: certificate.tls, configuration: http2, responder: responder),
                listening: listening, count: count)
        }
        return Application(
            router: router, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(listening.host, port: listening.port), availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            services: services, onServerRunning: { channel in await onReady(channel.localAddress?.port ?? listening.port) },
            logger: frameworkLogger)
    }

    /// That it listens is said by whoever started it, in Chinese; the framework's own lines of that kind are for debugging.
    private var frameworkLogger: Logger {
        var quieter = logger
        if quieter.logLevel == .info { quieter.logLevel = .notice }
        return quieter
    }

    /// Serves until the process is told to stop by SIGTERM or SIGINT; what is under way is finished first.
    package func run(beside services: [any Service] = [], onReady: @escaping @Sendable (Int) async -> Void) async throws {
        var group = ServiceGroupConfiguration(
            services: [application(beside: services, onReady: onReady), CertificateWatch(certificate: listening.certificate, logger: logger)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: frameworkLogger)
        group.maximumGracefulShutdownDuration = .seconds(listening.limits.drain)
        try await ServiceGroup(configuration: group).run()
    }
}
