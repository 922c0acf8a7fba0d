@testable import Kit

extension Bench {
    /// Runs statements as somebody would who has the database's password and no respect for triggers and keys.
    package static func byHand(_ url: String, _ texts: String...) throws {
        let connection = try handConnection(url)
        defer { connection.close() }
        for text in texts { try connection.script(text) }
    }

    static func handConnection(_ url: String) throws -> any Connection {
        let connection = try Address(url: url).connect(.migration)
        if connection.engine == .sqlite {
            try connection.script("PRAGMA foreign_keys = OFF")
            let triggers = try Reading(connection: connection).rows("SELECT name FROM sqlite_master WHERE type = 'trigger'") { $0.text(0) }
            for name in triggers { try connection.script("DROP TRIGGER \(name)") }
        } else {
            try connection.script("SET session_replication_role = replica")
        }
        return connection
    }
}
