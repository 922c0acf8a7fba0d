import CLibPQ

/// stand-in until the next push
final class PostgresConnection: Connection {
    let engine = Engine.postgres
    var failure: (any Error)?
    var isDelivered = false
    init(url: String, role: Address.Role) throws { throw Refusal.unreachable("PostgreSQL") }
    func script(_ text: String) throws {}
    func query(_ sql: SQL, _ body: (Row) throws -> Bool) throws -> Int { 0 }
    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws {}
    func bulk(into table: String, columns: [String], _ body: (([Value]) -> Void) throws -> Void) throws -> Int { 0 }
    func beginReading() throws {}
    func endReading() {}
    func beginWriting() throws -> Int64 { 0 }
    func commit(lastID: Int64) throws {}
    func rollback() {}
    var isInTransaction: Bool { false }
    func close() {}
}
