import Crypto
import Foundation
import Synchronization

/// What a schema consists of: tables, indexes, triggers, constraints and functions by name, each with a digest of its definition.
package struct SchemaListing: Hashable, Sendable {
    package let objects: [String: String]

    /// By name and definition; how a line is laid out does not matter, but a line ends a comment. White space is what both engines
    /// take for it: any other stands in a name. Two of one name are one entry with two digests, so that neither hides the other.
    init(_ definitions: [(name: String, definition: String)]) {
        let digests = definitions.map { name, definition in
            let lines = definition.utf8.split(separator: 10).map { Array($0.split(whereSeparator: Self.isSpace).joined(separator: [UInt8(32)])) }
            let words = Array(lines.joined(separator: [UInt8(10)]))
            return (name, Array(SHA256.hash(data: words).prefix(8)).hex)
        }
        objects = Dictionary(digests.sorted { ($0.0, $0.1) < ($1.0, $1.1) }, uniquingKeysWith: { $0 + $1 })
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// What differs from the schema that is to be, as sentences.
    package func differences(from right: SchemaListing) -> [String] {
        Set(objects.keys).union(right.objects.keys).sorted().compactMap { name in
            switch (objects[name], right.objects[name]) {
            case (nil, _): "数据库结构：\(name) 不在了"
            case (_, nil): "数据库结构：\(name) 不是程序建立的"
            case (let there?, let wanted?): there == wanted ? nil : "数据库结构：\(name) 被改动过"
            }
        }
    }

    var text: String { objects.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: "\n") }

    init(text: String) {
        objects = Dictionary(
            text.split(separator: "\n").compactMap { line in
                line.firstIndex(of: " ").map { (String(line[line.index(after: $0)...]), String(line[..<$0])) }
            }, uniquingKeysWith: { first, _ in first })
    }
}

extension SchemaListing {
    private static let cache = Mutex<[String: SchemaListing]>([:])

    /// The schema that the migrations make, made aside: on SQLite in a file that is gone afterwards, on PostgreSQL in a
    /// transaction that is undone. Nil where the role may not make one.
    package static func made(by migrations: [Migration], beside database: Database) throws -> SchemaListing? {
        let name = try maker(migrations, database)
        if let known = cache.withLock({ $0[name] }) { return known }
        let listing = try database.engine == .sqlite ? inFile(migrations) : SchemaStore.madeAside(migrations, database)
        if let listing { cache.withLock { $0[name] = listing } }
        return listing
    }

    /// Which way of listing a note was made by: one that another release noted in another way says nothing about this one.
    static let form = "3 "

    /// What tells whether the same would be made again.
    static func maker(_ migrations: [Migration], _ database: Database) throws -> String {
        let version = try database.engine == .sqlite ? "" : database.readNow { try SchemaStore.serverVersion(in: $0) }
        let digests = migrations.map { $0.digest(database.engine) }.joined()
        return "\(form)\(database.engine) \(version) \(Array(SHA256.hash(data: Data(digests.utf8)).prefix(16)).hex)"
    }

    private static func inFile(_ migrations: [Migration]) throws -> SchemaListing {
        let path = Scratch.path("schema.db")
        defer { for end in ["", "-wal", "-shm", "-use"] { unlink(path + end) } }
        let database = try Database(url: "sqlite:" + path, readers: 1)
        defer { database.close() }
        try database.migrate(migrations)
        return try database.readNow { try SchemaStore.listing(in: $0) }
    }
}
