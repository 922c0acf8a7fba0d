/// One session with an engine, used by one thread at a time.
protocol Connection: AnyObject {
    var engine: Engine { get }
    /// The first statement that failed since the last rollback. PostgreSQL refuses everything after it; the rule is
    /// kept for both engines, also where the closure swallowed the error.
    var failure: (any Error)? { get set }
    /// True once a row or a result was handed to the closure: a read cannot silently be done again after that.
    var isDelivered: Bool { get set }

    /// What becomes of a value that is none of its column's kind.
    var manner: Manner { get set }
    /// Columns of which rows were left out.
    var leftOut: Set<String> { get set }
    /// The row that is being read holds what is none of what it is read as.
    var isRowUnreadable: Bool { get set }

    /// Runs a text of one or more statements without parameters.
    func script(_ text: String) throws
    /// Runs one statement; the closure gets each row and says whether to go on. Rows changed.
    func query(_ sql: SQL, _ body: (Row) throws -> Bool) throws -> Int
    /// Runs a SELECT with flat memory, however many rows.
    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws
    /// Inserts many rows. Rows inserted.
    func bulk(into table: String, columns: [String], _ body: (([Value]) -> Void) throws -> Void) throws -> Int

    func beginReading() throws
    func endReading()
    /// Begins to write, locks `tail` and returns its last id.
    func beginWriting() throws -> Int64
    /// Ends a write with the statements of `ending` and the last id given out.
    func commit(_ ending: String, lastID: Int64) throws
    func rollback()
    /// False when the engine has ended the transaction of its own accord.
    var isInTransaction: Bool { get }
    func close()
    /// What the operator should know about this server, in Chinese sentences.
    var warnings: [String] { get }
}

extension Connection {
    /// The end of every write: `tail` remembers the last id given out.
    static func ending(_ links: String, _ lastID: Int64) -> String { links + "UPDATE tail SET last_id = \(lastID) WHERE one = 1; COMMIT" }
}

/// What becomes of a value that is none of its column's kind: SQLite keeps such, where somebody puts it by hand.
enum Manner {
    /// The transaction fails.
    case strict
    /// A page reads: the row is left out, and that is told.
    case leavingOut
    /// A check reads: it reads as nothing, for the check has named it.
    case forgiving
}

/// The two engines the same stores run on.
package enum Engine: String, Sendable, CaseIterable { case sqlite, postgres }

/// One row of a result, by position from 0. It is valid only inside the closure it is given to.
package struct Row {
    enum Source {
        case sqlite(OpaquePointer)
        case postgres(OpaquePointer, Int32)
    }
    let source: Source
    // cannot trap: a row is lent inside a call of its connection, and unsafe is not counted.
    unowned(unsafe) let connection: any Connection

    package func int(_ column: Int) -> Int64 { intOrNil(column) ?? missing(column, 0) }
    package func text(_ column: Int) -> String { textOrNil(column) ?? missing(column, "") }
    package func blob(_ column: Int) -> [UInt8] { blobOrNil(column) ?? missing(column, []) }
    package func bool(_ column: Int) -> Bool { int(column) != 0 }
    package func day(_ column: Int) -> Day { dayOrNil(column) ?? missing(column, .always) }
    package func dayOrNil(_ column: Int) -> Day? { intOrNil(column).map { Day(clamping: $0) } }
    /// Milliseconds since 1970, of a moment that there is.
    package func moment(_ column: Int) -> Int64 { Clock.moment(int(column)) }
    package func momentOrNil(_ column: Int) -> Int64? { intOrNil(column).map(Clock.moment) }
    /// A count, small enough to be counted with.
    package func count(_ column: Int) -> Int { Int(min(max(int(column), -Self.countable), Self.countable)) }
    package func countOrNil(_ column: Int) -> Int? { intOrNil(column).map { Int(min(max($0, -Self.countable), Self.countable)) } }
    private static let countable: Int64 = 1_000_000_000_000_000

    /// NULL where the program counts on a value fails the transaction after the closure, instead of the process.
    private func missing<T>(_ column: Int, _ standIn: T) -> T { broken("column \(column) is NULL", standIn) }

    /// A fault of the program's.
    func broken<T>(_ message: String, _ standIn: T) -> T {
        if connection.manner != .forgiving, connection.failure == nil { connection.failure = DatabaseFault(message: message, statement: "") }
        return standIn
    }

    /// What somebody has put there by hand.
    func unreadable<T>(_ name: String, _ standIn: T) -> T {
        switch connection.manner {
        case .forgiving: break
        case .leavingOut:
            connection.leftOut.insert(name)
            connection.isRowUnreadable = true
        case .strict: if connection.failure == nil { connection.failure = Refusal.unreadable(name) }
        }
        return standIn
    }
}
