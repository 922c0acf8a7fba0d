import Foundation

/// Tells programs that use a database from one that must have it alone. On SQLite each holds a shared lock on
/// `PATH-use`; on PostgreSQL each session holds a shared advisory lock. Both end with the process, however it ends.
///
/// In the same way each process holds a lock on a number of its own, its presence: whoever finds nobody holding it knows, whatever
/// clocks, names of machines and numbers of processes say, that the process is gone.
///
/// `@unchecked`: what is held is let go once, by `end`, whoever calls first.
final class DatabaseUse: @unchecked Sendable {
    private let lock = NSLock()
    private var file: Int32 = -1
    private var session: (any Connection)?

    /// Of the advisory lock.
    static let number = 7_927_194_402_319

    /// Of the advisory lock of a start.
    static let startNumber = 7_927_194_402_320
    /// How long a start waits for others, which may have to migrate: milliseconds.
    static let startPatience = 600_000

    /// Tries over these milliseconds: a session that was just closed may hold its lock a little longer.
    static let patience = 4000

    /// Calls until it answers yes or patience ends.
    static func wait(for patience: Int = patience, _ isDone: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<patience / 50 {
            if try isDone() { return true }
            usleep(50_000)
        }
        return try isDone()
    }

    /// Refusals `database.inUse`, `database.heldAlone`.
    init(_ address: Address, isAlone: Bool, presence: Int64) throws {
        switch address {
        case .sqlite(let path):
            // Readable by every user of the machine: root's command must see another user's server, and the other way round.
            file = open(path + "-use", O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
            // Whatever this process lets others read otherwise: nothing stands in it.
            if file >= 0 { fchmod(file, 0o644) }
            // Where no such file can be made nobody can change the database either.
            guard file >= 0 || isAlone else { return }
            guard file >= 0, Self.wait({ flock(file, (isAlone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 }) else {
                end()
                throw isAlone ? Refusal.inUse : Refusal.heldAlone
            }
            _ = try? Self.byteLock(Self.setLock, F_RDLCK, of: presence, on: file)
        case .postgres:
            guard isAlone else { return }
            let session = try address.connect(.migration)
            self.session = session
            let ask = SQL("SELECT CAST(pg_try_advisory_lock(\(Self.number)) AS INTEGER)")
            guard try Self.wait({ try Reading(connection: session).first(ask, { $0.int(0) }) == 1 }) else {
                end()
                throw Refusal.inUse
            }
        }
    }

    /// Whether somebody holds the lock of a presence; true where that cannot be told.
    func isPresent(_ presence: Int64, in db: Reading) throws -> Bool {
        guard db.engine == .postgres else { return lock.withLock { (try? Self.byteLock(Self.askLock, F_WRLCK, of: presence, on: file)) != F_UNLCK } }
        let (high, low) = (presence >> 32, presence & 0xFFFF_FFFF)
        return try db.first(SQL("""
            SELECT 1 FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND CAST(classid AS BIGINT) = \(high)
            AND CAST(objid AS BIGINT) = \(low) AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) LIMIT 1
            """)) { _ in true } ?? false
    }

    /// Linux's locks on bytes that belong to an open file and not to a process: `F_OFD_GETLK`, `F_OFD_SETLK`.
    private static let askLock: Int32 = 36, setLock: Int32 = 37

    /// Asks about, or takes, a lock on the byte of this number; the kind of lock that stands in the way.
    private static func byteLock(_ command: Int32, _ kind: Int32, of byte: Int64, on file: Int32) throws -> Int32 {
        var wanted: flock = .init()
        wanted.l_type = Int16(truncatingIfNeeded: kind)
        wanted.l_whence = Int16(truncatingIfNeeded: SEEK_SET)
        wanted.l_start = off_t(byte)
        wanted.l_len = 1
        guard file >= 0, fcntl(file, command, &wanted) == 0 else { throw POSIXError(.EBADF) }
        return Int32(truncatingIfNeeded: wanted.l_type)
    }

    /// Runs the closure while no other start does: on SQLite under a lock on the folder of the database, on PostgreSQL under one of a
    /// session, both of which end with the process. Refusal `database.starting`.
    static func starting<T>(_ address: Address, _ body: () throws -> T) throws -> T {
        switch address {
        case .sqlite(let path):
            let folder = open(path.folder.isEmpty ? "." : path.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // What cannot be locked keeps nobody from starting.
            guard folder >= 0 else { return try body() }
            defer { close(folder) }
            guard wait(for: startPatience, { flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }) else { throw Refusal.starting }
            return try body()
        case .postgres:
            let session = try address.connect(.migration)
            defer { session.close() }
            let ask = SQL("SELECT CAST(pg_try_advisory_lock(\(startNumber)) AS INTEGER)")
            guard try wait(for: startPatience, { try Reading(connection: session).first(ask, { $0.int(0) }) == 1 }) else { throw Refusal.starting }
            return try body()
        }
    }

    deinit { end() }

    func end() {
        lock.withLock {
            session?.close()
            session = nil
            if file >= 0 { close(file) }
            file = -1
        }
    }
}

extension Refusal {
    static let inUse = Refusal("database.inUse", "还有程序开着这个数据库（多半是正在运行的服务），没有做任何改动。请先停掉它们，再运行一次。")
    static let starting = Refusal("database.starting", "另一个程序正在启动并准备这个数据库，等了十分钟还没有完成，这一个没有启动。请等它完成后再试；如果它已经卡住，请先停掉它。")
    static let heldAlone = Refusal("database.heldAlone", "这个数据库正由另一个命令单独使用（例如更换密钥），现在不能打开。请等它结束后再试。")
}
