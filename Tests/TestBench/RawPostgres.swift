import CLibPQ
import Kit

/// A bare PostgreSQL session beside the product's: to make databases, and to be the other side of a conflict.
package final class RawPostgres {
    private let connection: OpaquePointer?

    package init(_ url: String) throws {
        connection = PQconnectdb(url)
        guard PQstatus(connection) == CONNECTION_OK else {
            throw Refusal("test.unreachable", "连不上 YUGONG_TEST_POSTGRES：\(String(cString: PQerrorMessage(connection)))")
        }
    }

    deinit { PQfinish(connection) }

    /// Runs statements; the first column of the last result's first row, or "".
    @discardableResult
    package func run(_ text: String) throws -> String {
        let result = PQexec(connection, text)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return ""
        case PGRES_TUPLES_OK: return PQntuples(result) > 0 ? String(cString: PQgetvalue(result, 0, 0)) : ""
        default: throw Refusal("test.sql", String(cString: PQerrorMessage(connection)))
        }
    }
}
