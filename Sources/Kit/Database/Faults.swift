/// A constraint of the schema that a statement broke. The transaction (or the innermost `attempt`) is over.
package struct ConstraintBroken: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable { case unique, check, foreignKey, notNull, overlap, trigger }

    package let kind: Kind
    /// The constraint's or index's name or the trigger's message. Unique keys without a name of their own have the
    /// same one on both engines (`person_code_key`, `person_pkey`), `notNull` gives `person.name`; for unnamed
    /// checks and foreign keys SQLite knows only the expression and `foreign_key`.
    package let name: String

    package init(kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    package var description: String { "constraint broken: \(name)" }
}

/// A mistake of the program in its SQL or in how it uses the database: our fault, not the user's.
/// It carries the statement but never a parameter.
package struct DatabaseFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package let statement: String

    package var description: String { statement.isEmpty ? message : "\(message) in: \(statement)" }
}

/// Why a whole transaction must be done again; does not leave this folder.
enum Setback: Error {
    /// The connection is gone, with the engine's words. Nothing was committed.
    case lost(String)
    /// Serialization failure or deadlock.
    case again(String)
    /// Gone while the commit was under way: it may have happened.
    case commitUnknown(String)
    /// The engine gave up the whole transaction for one statement's sake, or refused the commit.
    case abandoned(any Error)
}

extension Refusal {
    static func unreachable(_ reason: String) -> Refusal {
        Refusal("database.unreachable", "连不上数据库，没有保存任何内容。请确认数据库在运行、地址正确，然后再试。", detail: trimmed(reason))
    }
    static let commitUnknown = Refusal(
        "database.outcomeUnknown", "提交时与数据库失去联系，不能确定是否已保存。恢复后请先查看结果，再决定是否重做。")
    static let busy = Refusal("database.busy", "系统正忙，等候处理的请求太多，本次没有保存。请稍后再试。")
    static let closed = Refusal("database.closed", "系统正在停止，本次没有保存。请稍后再试。")
    static let locked = Refusal("database.locked", "另一个程序正在写数据库，等待超时，没有保存任何内容。请等它结束后再试。")
    static let full = Refusal("database.full", "数据库所在的磁盘已满，没有保存任何内容。请腾出空间后再试。")
    static let readOnly = Refusal("database.readOnly", "数据库是只读的，不能保存。请检查文件和文件夹的写权限，或连接主库。")
    static let slow = Refusal("database.slow", "数据库处理超时，已停止。请缩小范围或稍后再试。")
    static let notMigrated = Refusal("database.notMigrated", "数据库还没有建表，或版本比程序旧。请先运行 yugong migrate；数据表属于另一个数据库账号的，用那个账号的地址运行。")
    static func corrupt(_ reason: String) -> Refusal {
        Refusal("database.corrupt", "数据库文件已损坏，或不是数据库文件。请停止使用，从备份恢复。", detail: trimmed(reason))
    }
    static func unreadable(_ column: String) -> Refusal {
        Refusal("database.unreadable", "数据库里有一个值（\(column)）不是程序写得出来的，多半是有人直接改过数据库；没有做任何改动。请系统管理员核对数据库。")
    }
    static func disk(_ reason: String) -> Refusal {
        Refusal("database.disk", "读写数据库文件时磁盘出错，没有保存。请检查磁盘后再试。", detail: trimmed(reason))
    }

    private static func trimmed(_ reason: String) -> String {
        reason.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
