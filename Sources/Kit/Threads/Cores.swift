import Foundation
import Synchronization

/// Work that is shared out over the cores of the machine.
package enum Cores {
    /// A piece smaller than this is not worth handing over.
    private static let least = 64

    /// Has pieces of a list worked on at once, and waits for all; the results stand in the order of the list. Throws what the first
    /// piece threw that threw anything.
    package static func map<Element: Sendable, T: Sendable>(_ items: [Element], _ work: @Sendable (ArraySlice<Element>) throws -> [T]) throws -> [T] {
        // How many cores there are is asked of the system, which costs more than little work does.
        let parts = items.count < 2 * least ? 1 : min(ProcessInfo.processInfo.activeProcessorCount, items.count / least)
        guard parts > 1 else { return try work(items[...]) }
        let done = Mutex<[Int: Result<[T], any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let result = Result { try work(items[items.count * part / parts..<items.count * (part + 1) / parts]) }
            done.withLock { $0[part] = result }
        }
        return try done.withLock { done in try (0..<parts).flatMap { try done[$0]?.get() ?? [] } }
    }

    /// Has pieces made on another thread while those before are used here, in their order; a few at most lie ready. Throws what making
    /// or using one threw.
    package static func ahead<Piece: Sendable>(
        _ make: @escaping @Sendable (_ put: (Piece) throws -> Void) throws -> Void, _ use: (Piece) throws -> Void
    ) throws {
        let ready = Queue<Result<Piece?, any Error>>(capacity: 2)
        // Whoever makes ends where nobody uses any more.
        defer { ready.close() }
        ElasticThreads.shared.submit {
            let end = Result<Piece?, any Error> {
                try make { piece in
                    guard case .taken = ready.put(.success(piece), waits: true) else { throw CancellationError() }
                }
                return nil
            }
            _ = ready.put(end, waits: true)
        }
        while let piece = try ready.take(upTo: 1)?.first?.get() { try use(piece) }
    }
}

/// Work that was begun on another thread, while whoever began it goes on.
final class Begun<T: Sendable>: Sendable {
    private let done = Queue<Result<T, any Error>>(capacity: 1)

    init(_ work: @escaping @Sendable () throws -> T) {
        let done = done
        ElasticThreads.shared.submit { _ = done.put(Result { try work() }, waits: false) }
    }

    /// Waits for what came of it; asked once. Throws what the work threw.
    func value() throws -> T {
        guard let result = try done.take(upTo: 1)?.first else { throw CancellationError() }
        return try result.get()
    }
}
