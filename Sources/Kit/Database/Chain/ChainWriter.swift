import Foundation
import Synchronization

/// What the database's owner and its threads share about the keys of acts.
final class ChainKeeping: Sendable {
    private let key = Mutex<AuditKey?>(nil)
    private let people = Mutex<PersonVault?>(nil)
    private let rows = Mutex<KeptRows?>(nil)
    private let rowGuards = Mutex<[String: [RowGuard]]>([:])

    var keptRows: KeptRows? { rows.withLock { $0 } }
    func keep(_ newRows: KeptRows) { rows.withLock { $0 = newRows } }

    var guards: [String: [RowGuard]] { rowGuards.withLock { $0 } }
    func keep(_ guards: [RowGuard]) { rowGuards.withLock { $0 = Dictionary(grouping: guards, by: \.subject) } }

    private let leavingOut = Mutex<(@Sendable (Set<String>) -> Void)?>(nil)
    /// What is told of columns of which a reader has left rows out; nil where nothing is left out.
    var leftOut: (@Sendable (Set<String>) -> Void)? { leavingOut.withLock { $0 } }
    func leaveOut(_ tell: @escaping @Sendable (Set<String>) -> Void) { leavingOut.withLock { $0 = tell } }

    /// What an act that is written now marks.
    var marking: RowMarking? {
        guard let rows = keptRows, let key = auditKey else { return nil }
        return RowMarking(rows: rows, key: key)
    }

    var vault: PersonVault? { people.withLock { $0 } }
    func keep(_ vault: PersonVault) { people.withLock { $0 = vault } }

    var auditKey: AuditKey? { key.withLock { $0 } }
    func keep(under newKey: AuditKey) { key.withLock { $0 = newKey } }
}

/// The writer thread's chain: links the acts of each group commit to the ones before.
final class ChainWriter {
    private let keeping: ChainKeeping
    private let engine: Engine
    /// Where this process's chain stands in the database; nil before its first entry, and after a commit of unknown outcome.
    private var head: ChainHead?
    private var pending: [ChainLink] = []
    private var next: ChainHead?

    var vault: PersonVault? { keeping.vault }
    var marking: RowMarking? { keeping.marking }
    var guards: [String: [RowGuard]] { keeping.guards }

    init(_ keeping: ChainKeeping, engine: Engine) {
        self.keeping = keeping
        self.engine = engine
    }

    /// Begins a transaction: opens the chain if need be. Returns the last id given out.
    func begin(_ connection: any Connection, last: Int64, now: () -> Int64) throws -> Int64 {
        pending = []
        next = head
        guard let key = keeping.auditKey, head == nil else { return last }
        let act = Act(who: .system, origin: "", kind: ChainOpening.kind, why: "")
        let writing = try Writing(connection: connection, act: act, last: last, now: now())
        let opening = try ChainStore.opening(process: Self.process, before: writing.actID, in: writing)
        try writing.change(ChainOpening.subject, writing.actID, before: nil, after: opening.image.json)
        try writing.flush()
        next = .empty(writing.actID)
        add(writing, key)
        return writing.last
    }

    /// An act of the transaction that will be committed.
    func add(_ writing: Writing) {
        if let key = keeping.auditKey { add(writing, key) }
    }

    private func add(_ writing: Writing, _ key: AuditKey) {
        guard let head = next else { return }
        let link = writing.content.link(after: head, key)
        pending.append(link)
        next = link.head
    }

    /// The statements that put the links into the transaction: numbers and hexadecimal digits only.
    var ending: String {
        guard let next, let last = pending.last else { return "" }
        let rows = pending.map { "(\($0.actID),\($0.head.chain),\($0.head.sequence),\(literal($0.head.mac)))" }
        return """
            INSERT INTO act_link (act_id, chain_id, sequence, mac) VALUES \(rows.joined(separator: ","));
            INSERT INTO act_chain (id, sequence, mac, last_act_id) VALUES (\(next.chain), \(next.sequence), \(literal(next.mac)), \(last.actID))
            ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, mac = excluded.mac, last_act_id = excluded.last_act_id;

            """
    }

    private func literal(_ bytes: [UInt8]) -> String { engine == .sqlite ? "x'\(bytes.hex)'" : "'\\x\(bytes.hex)'" }

    func committed() {
        head = next
        pending = []
    }

    /// Whether the last commit happened is unknown: the next act opens a new chain, which names the old one's head.
    func abandon() {
        head = nil
        pending = []
    }

    private static var process: String {
        "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)"
    }
}
