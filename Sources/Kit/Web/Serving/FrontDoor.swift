import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOSSL
import NIOTLS
import Synchronization

/// How many connections there may be, and how long one may dawdle. Seconds where not said otherwise.
package struct ConnectionLimits: Sendable {
    package var connections = 10_000
    /// From one address, of IPv6 from one /64; whole offices share one. Trusted proxies are not counted.
    package var connectionsPerAddress = 1000
    /// Until the first byte after connecting has become a request, and between requests.
    package var idle = 60
    /// For the TLS handshake.
    package var handshake = 15
    /// While nothing of an answer is taken, and for the rest of a body that was answered early.
    package var stalled = 60
    /// For requests under way when the server is told to stop.
    package var drain = 20
    package init() {}
}

/// How many connections each address has; of IPv6 each /64, which one household or office has to choose from.
final class ConnectionCount: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Counts one more, unless there are `limit` already.
    func enter(_ address: String, limit: Int) -> Bool {
        let network = AddressRange.network(of: address)
        return counts.withLock { counts in
            guard counts[network, default: 0] < limit else { return false }
            counts[network, default: 0] += 1
            return true
        }
    }

    func leave(_ address: String) {
        let network = AddressRange.network(of: address)
        counts.withLock { counts in
            let left = (counts[network] ?? 1) - 1
            counts[network] = left > 0 ? left : nil
        }
    }
}

/// Lets connections in: not too many from one address, and none that does not finish its handshake.
struct FrontDoor<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let listening: Listening
    let count: ConnectionCount

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        let address = channel.remoteAddress?.ipAddress ?? ""
        var isTurnedAway = false
        if !listening.trusts(address) {
            if count.enter(address, limit: listening.limits.connectionsPerAddress) {
                channel.closeFuture.whenComplete { [count] _ in count.leave(address) }
            } else {
                isTurnedAway = true
            }
        }
        let handshake = listening.certificate == nil ? nil : TimeAmount.seconds(Int64(listening.limits.handshake))
        return base.setup(channel: channel, logger: logger).flatMapThrowing { [isTurnedAway] value in
            if let handshake, let tls = try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self) {
                try channel.pipeline.syncOperations.addHandler(HandshakeTimer(handshake), position: .after(tls))
                // The framework waits for the other end to answer before it closes an idle HTTP/2 connection.
                let idle = TimeAmount.seconds(Int64(listening.limits.idle + listening.limits.drain))
                try channel.pipeline.syncOperations.addHandler(RequestTimer(idle), position: .after(tls))
            }
            // To fail here would stop the listening itself.
            if isTurnedAway { channel.close(promise: nil) }
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

/// Closes a connection over which no request has been under way for a while: bytes that are none do not count, whatever they say.
final class RequestTimer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    private let limit: TimeAmount
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var requests = 0

    init(_ limit: TimeAmount) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        start()
    }
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.cancel()
    }

    func begin() {
        requests += 1
        timer?.cancel()
    }

    func end() {
        requests -= 1
        if requests == 0 { start() }
    }

    private func start() {
        timer?.cancel()
        guard let context else { return }
        let own = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: limit) { own.value.close(promise: nil) }
    }

    /// That of the connection of which a channel is one request, or which it is itself; nil where the framework measures alone.
    static func of(_ channel: any Channel) -> RequestTimer? {
        // Above a stream of HTTP/2 stands its connection, above a connection the listening socket, above that nothing.
        let isStream = channel.parent?.parent != nil
        return try? (isStream ? channel.parent ?? channel : channel).pipeline.syncOperations.handler(type: RequestTimer.self)
    }
}

/// Closes a connection whose TLS handshake does not end.
private final class HandshakeTimer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    private let limit: TimeAmount
    private var timer: Scheduled<Void>?

    init(_ limit: TimeAmount) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { start(context) } }
    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }
    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }
    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { timer?.cancel() }
        context.fireUserInboundEventTriggered(event)
    }

    private func start(_ context: ChannelHandlerContext) {
        let channel = context.channel
        timer = timer ?? context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }
}

/// Closes a connection, or a stream of one, that does not get on: whose answer is not taken, so that it holds memory
/// and a task, or whose body does not end although it was answered.
final class StallTimer: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limit: TimeAmount
    private var answering: Scheduled<Void>?
    private var lingering: Scheduled<Void>?
    private var isBeingRead = false
    private var requests: RequestTimer?

    init(_ limit: TimeAmount) { self.limit = limit }

    /// A stream of HTTP/2 is a request of its connection. One of HTTP/1.1 is measured by the framework, request by request.
    func handlerAdded(context: ChannelHandlerContext) {
        requests = RequestTimer.of(context.channel)
        requests?.begin()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isBeingRead = true
        case .body: break
        case .end:
            isBeingRead = false
            stop(&lingering)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), isBeingRead { lingering = lingering ?? closing(context.channel) }
        // Whoever takes slowly and steadily gets on: the time begins anew with each piece that is taken.
        let taken = promise ?? context.eventLoop.makePromise(), (me, channel) = (NIOLoopBound(self, eventLoop: context.eventLoop), context.channel)
        taken.futureResult.whenSuccess { me.value.goOn(channel) }
        context.write(data, promise: taken)
    }

    private func goOn(_ channel: any Channel) {
        guard answering != nil else { return }
        stop(&answering)
        answering = closing(channel)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stop(&answering)
        if !context.channel.isWritable { answering = closing(context.channel) }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop(&answering)
        stop(&lingering)
        requests?.end()
        requests = nil
    }

    private func closing(_ channel: any Channel) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }

    private func stop(_ timer: inout Scheduled<Void>?) {
        timer?.cancel()
        timer = nil
    }
}
