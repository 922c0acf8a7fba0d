import Foundation

/// A reader thread's hold on its connection: one snapshot a job.
final class Reader {
    private let address: Address
    private var connection: (any Connection)?

    private let keeping: ChainKeeping

    init(address: Address, _ keeping: ChainKeeping) {
        self.address = address
        self.keeping = keeping
    }

    /// Runs the closure in one read transaction. A connection found lost is made anew as long as the closure has
    /// seen nothing yet.
    func read<T>(_ body: (Reading) throws -> T) throws -> T {
        var tries = 0
        while true {
            do {
                let connection = try connection ?? address.connect(.reader)
                self.connection = connection
                do {
                    connection.failure = nil
                    connection.isDelivered = false
                    connection.manner = keeping.leftOut == nil ? .strict : .leavingOut
                    (connection.leftOut, connection.isRowUnreadable) = ([], false)
                    try connection.beginReading()
                    connection.isDelivered = false
                    let value = try body(Reading(connection: connection, vault: keeping.vault))
                    if let failure = connection.failure { throw failure }
                    if !connection.leftOut.isEmpty { keeping.leftOut?(connection.leftOut) }
                    connection.endReading()
                    return value
                } catch {
                    let cause = connection.failure ?? error
                    let isFresh = !connection.isDelivered
                    connection.endReading()
                    guard let setback = cause as? Setback else { throw error }
                    if case .lost = setback { drop() }
                    guard isFresh, tries < 6 else { throw setback.refusal }
                    throw setback
                }
            } catch let setback as Setback {
                guard tries < 6 else { throw setback.refusal }
                Thread.sleep(forTimeInterval: 0.02 * Double(1 << tries))
                tries += 1
            }
        }
    }

    func drop() {
        connection?.close()
        connection = nil
    }
}

extension Setback {
    /// What the user is told when trying again has not helped.
    var refusal: any Error {
        switch self {
        case .lost(let reason): Refusal.unreachable(reason)
        case .again: Refusal.locked
        case .commitUnknown: Refusal.commitUnknown
        case .abandoned(let error): error
        }
    }
}
