import Foundation
import Synchronization

/// Where the database is, and how a connection to it is made.
enum Address: Sendable {
    case sqlite(path: String)
    /// `isAlone`: its sessions do not join those that use the database, because one holds it alone. `presence`: by which others see
    /// that this process lives; 0 for none.
    case postgres(url: String, isAlone: Bool, presence: Int64)

    enum Role: Sendable { case reader, writer, migration }

    init(url: String, isAlone: Bool = false, presence: Int64 = 0) throws {
        if url.hasPrefix("sqlite:") {
            var path = String(url.dropFirst("sqlite:".count))
            if path.hasPrefix("//") { path.removeFirst(2) }
            guard !path.isEmpty, path != ":memory:" else {
                throw Refusal("database.url", "数据库地址“\(url)”里没有文件路径。请写成 sqlite:文件路径，例如 sqlite:data/yugong.db。")
            }
            self = .sqlite(path: path)
        } else if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            self = .postgres(url: url, isAlone: isAlone, presence: presence)
        } else {
            // The address may hold a password: it is not repeated.
            throw Refusal("database.url", "看不懂数据库地址。请写成 sqlite:文件路径 或 postgres://用户@主机/库名。")
        }
    }

    func connect(_ role: Role) throws -> any Connection {
        switch self {
        case .sqlite(let path): try SQLiteConnection(path: path, role: role == .reader ? .reader : .writer, mayCreate: role != .reader)
        case .postgres(let url, let isAlone, let presence): try PostgresConnection(url: url, role: role, joins: !isAlone, presence: presence)
        }
    }
}

/// The database: readers and one writer, each a thread with a connection of its own, never Swift's shared threads.
package final class Database: Sendable {
    package let engine: Engine
    /// What the operator should know about the server, as sentences for the start-up log; usually none.
    package let warnings: [String]
    let address: Address
    private let reads: Queue<ReadJob>
    private let writes: Queue<WriteJob>
    private let now: @Sendable () -> Int64
    private let threads: Threads
    private let chain = ChainKeeping()
    /// Rung whenever an act has left work behind.
    package let bell = Bell()
    private let use: DatabaseUse
    /// By which others see that whoever opened this database lives; no two are alike.
    package let presence = Int64.random(in: 1 << 32..<1 << 62)

    /// `@unchecked`: the closures are made here and run on a reader's thread only.
    private struct ReadJob: @unchecked Sendable {
        let run: (Reader) -> Void
    }

    /// Opens the database at `sqlite:PATH` or `postgres://…` (several hosts and libpq's options pass through).
    /// A SQLite file that is not there is made, with its folder, unless `mayCreate` is false.
    /// Refusals: `database.url`, `database.unreachable`, `database.corrupt`, `database.encoding`.
    /// `isAlone`: nobody else may have it open meanwhile; else `database.inUse`, and for the others `database.heldAlone`.
    /// `now` gives the moment of acts in milliseconds and is for worlds with a time of their own.
    package init(
        url: String, readers: Int = 4, mayCreate: Bool = true, isAlone: Bool = false, now: @escaping @Sendable () -> Int64 = { Clock.nowMilliseconds }
    ) throws {
        address = try Address(url: url, isAlone: isAlone, presence: presence)
        switch address {
        case .sqlite(let path):
            engine = .sqlite
            if !FileManager.default.fileExists(atPath: path) {
                guard mayCreate else {
                    throw Refusal("database.unreachable", "没有找到数据库文件 \(path)。请检查路径，或先运行 yugong migrate 建库。")
                }
                let folder = path.folder
                if !folder.isEmpty { try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
            }
        case .postgres: engine = .postgres
        }
        // Says at once when nobody is there, and makes the file.
        do {
            use = try DatabaseUse(address, isAlone: isAlone, presence: presence)
            let connection = try address.connect(.writer)
            warnings = connection.warnings
            connection.close()
        } catch let setback as Setback { throw setback.refusal }

        self.now = now
        let reads = Queue<ReadJob>(capacity: 10_000)
        let writes = Queue<WriteJob>(capacity: 10_000)
        let threads = Threads()
        (self.reads, self.writes, self.threads) = (reads, writes, threads)
        let address = address, chain = chain, engine = engine, bell = bell
        for number in 1...max(1, readers) {
            threads.start("reader \(number)") {
                let reader = Reader(address: address, chain)
                while let jobs = reads.take(upTo: 1) { jobs.forEach { $0.run(reader) } }
                reader.drop()
            }
        }
        threads.start("writer") {
            let writer = Writer(address: address, chain: ChainWriter(chain, engine: engine), bell: bell, now: now)
            while let group = writes.take(upTo: 500) { writer.write(group) }
            writer.drop()
        }
    }

    deinit {
        reads.close()
        writes.close()
    }

    /// Finishes what is in line and closes the connections; afterwards everything is refused with `database.closed`.
    package func close() {
        reads.close()
        writes.close()
        threads.waitForEnd()
        use.end()
    }

    /// Runs the closure while no other start does, of whatever process: tables, keys and the first chain are made once, whoever comes
    /// second finds them. Refusal `database.starting`.
    package func starting<T>(_ body: () throws -> T) throws -> T {
        do { return try DatabaseUse.starting(address, body) } catch let setback as Setback { throw setback.refusal }
    }

    /// From here on every act is chained under the key.
    package func chainActs(under key: AuditKey) { chain.keep(under: key) }

    /// From here on every act marks the rows it has written, once acts are chained. For a migrated database.
    package func keepRows(but exceptions: KeptRows.Exceptions) throws {
        chain.keep(try readNow { try KeptRows(of: $0, but: exceptions) })
    }

    /// From here on these are asked before a change of their rows is noted.
    package func guardRows(_ guards: [RowGuard]) { chain.keep(guards) }

    /// From here on what is read leaves out rows that hold what their columns are not declared for, so that pages live; `tell` hears of
    /// the columns, each once. What is written, copied or checked leaves nothing out.
    package func leaveOutUnreadable(_ tell: @escaping @Sendable (String) -> Void) {
        let told = Mutex<Set<String>>([])
        chain.leaveOut { columns in
            for name in columns where told.withLock({ $0.insert(name).inserted }) { tell(name) }
        }
    }

    package var keptRows: KeptRows? { chain.keptRows }
    var auditKey: AuditKey? { chain.auditKey }

    /// From here on images of people's rows are ciphertext under each person's own key, and are read likewise.
    package func sealImages(with vault: PersonVault) { chain.keep(vault) }

    // MARK: Reading

    /// Runs the closure on a reader thread with one snapshot of the database.
    package func read<T: Sendable>(_ body: @escaping @Sendable (Reading) throws -> T) async throws -> T {
        try await withUnsafeThrowingContinuation { continuation in
            let job = ReadJob { reader in continuation.resume(with: Result { try reader.read(body) }) }
            if let refusal = Self.refusal(reads.put(job, waits: false)) { continuation.resume(throwing: refusal) }
        }
    }

    /// The same, blocking the calling thread: for the command line and tests.
    package func readNow<T>(_ body: (Reading) throws -> T) throws -> T {
        try withoutActuallyEscaping(body) { body in
            let outcome = Outcome<Reading, T>(body)
            let job = ReadJob { reader in outcome.set(Result { try reader.read(outcome.run) }) }
            if let refusal = Self.refusal(reads.put(job, waits: true)) { outcome.set(.failure(refusal)) }
            return try outcome.wait()
        }
    }

    /// The time by which acts are dated, milliseconds.
    package var nowMilliseconds: Int64 { now() }

    /// Whether whoever has this presence still has the database open; true where that cannot be told.
    func isPresent(_ presence: Int64, in db: Reading) throws -> Bool { try presence == self.presence || use.isPresent(presence, in: db) }

    /// The last id that a committed write left behind, also another process's.
    package func lastID() async throws -> Int64 { try await read { try $0.lastID() } }

    // MARK: Writing

    /// Runs the closure inside the act and answers after the durable commit; what it throws undoes the act. Of what an
    /// account sends nothing is left where no row changed, unless the act is an event.
    /// It may run more than once, so it must touch nothing but the database.
    package func write<T: Sendable>(_ act: Act, _ body: @escaping @Sendable (Writing) throws -> T) async throws -> T {
        try await later(act, body)
    }

    /// The same, blocking the calling thread: for the command line and tests.
    package func writeNow<T>(_ act: Act, _ body: (Writing) throws -> T) throws -> T {
        try now(act, body)
    }

    /// Runs the closure outside of any act, for rows that say how work stands (`Bookkeeping.tables`) and for nothing else;
    /// durable when it answers. It may run more than once.
    package func book<T: Sendable>(_ body: @escaping @Sendable (Bookkeeping) throws -> T) async throws -> T {
        try await withUnsafeThrowingContinuation { continuation in
            var value: T?
            let job = WriteJob(
                body: .bookkeeping { value = try body($0) },
                answer: { error in
                    if let error { continuation.resume(throwing: error) } else if let value { continuation.resume(returning: value) }
                })
            if let refusal = Self.refusal(writes.put(job, waits: false)) { continuation.resume(throwing: refusal) }
        }
    }

    private func later<T: Sendable>(_ act: Act, _ body: @escaping @Sendable (Writing) throws -> T) async throws -> T {
        try await withUnsafeThrowingContinuation { continuation in
            var value: T?
            let job = WriteJob(
                body: .act(act) { value = try body($0) },
                answer: { error in
                    if let error { continuation.resume(throwing: error) } else if let value { continuation.resume(returning: value) }
                })
            if let refusal = Self.refusal(writes.put(job, waits: false)) { continuation.resume(throwing: refusal) }
        }
    }

    private func now<T>(_ act: Act, _ body: (Writing) throws -> T) throws -> T {
        try withoutActuallyEscaping(body) { body in
            let outcome = Outcome<Writing, T>(body)
            var value: T?
            let job = WriteJob(
                body: .act(act) { value = try outcome.run($0) },
                answer: { error in
                    if let error { outcome.set(.failure(error)) } else if let value { outcome.set(.success(value)) }
                })
            if let refusal = Self.refusal(writes.put(job, waits: true)) { outcome.set(.failure(refusal)) }
            return try outcome.wait()
        }
    }

    private static func refusal(_ admission: Queue<WriteJob>.Intake) -> Refusal? {
        switch admission {
        case .taken: nil
        case .full: .busy
        case .closed: .closed
        }
    }
    private static func refusal(_ admission: Queue<ReadJob>.Intake) -> Refusal? {
        switch admission {
        case .taken: nil
        case .full: .busy
        case .closed: .closed
        }
    }
}

/// A closure lent to a database thread by a thread that waits, and the result handed back.
/// `@unchecked`: the queue orders the lending, the semaphore the answer.
private final class Outcome<Access, T>: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private var result: Result<T, any Error>?
    /// Given back before the answer: the caller's closure must not outlive its call.
    private var body: ((Access) throws -> T)?

    init(_ body: @escaping (Access) throws -> T) { self.body = body }

    func run(_ access: Access) throws -> T {
        guard let body else { throw Refusal.closed }
        return try body(access)
    }

    func set(_ result: Result<T, any Error>) {
        body = nil
        self.result = result
        semaphore.signal()
    }

    func wait() throws -> T {
        semaphore.wait()
        guard let result else { throw Refusal.closed }
        return try result.get()
    }
}

/// The database's threads.
private final class Threads: Sendable {
    private let group = DispatchGroup()

    func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        let thread = Thread { [group] in
            body()
            group.leave()
        }
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }

    func waitForEnd() { group.wait() }
}
