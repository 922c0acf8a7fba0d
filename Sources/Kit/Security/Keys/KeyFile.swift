import Foundation

/// The file that holds the key for personal data, outside the database and readable by its owner alone.
package struct KeyFile: Sendable, Hashable {
    /// 32 random bytes.
    package struct Key: Sendable {
        package let bytes: [UInt8]
        package init(bytes: [UInt8]) { self.bytes = bytes }
        package static func random() -> Key { Key(bytes: Secrets.random(32)) }

        init?(text: String) {
            guard let data = Data(base64Encoded: text), data.count == 32 else { return nil }
            self.init(bytes: Array(data))
        }
        var text: String { Data(bytes).base64EncodedString() }
    }

    package let path: String
    package init(path: String) { self.path = path }

    /// Where the key of a database lies: `explicit` (YUGONG_KEY_FILE) first, else `PATH.key` beside a SQLite file, else
    /// `~/.local/state/yugong/<database>.key`.
    package static func place(explicit: String?, databaseURL: String, home: String) -> KeyFile {
        if let explicit, !explicit.isEmpty { return KeyFile(path: explicit) }
        if databaseURL.hasPrefix("sqlite:") { return KeyFile(path: String(databaseURL.dropFirst("sqlite:".count)) + ".key") }
        // postgres://user@host:port/name?options
        let path = databaseURL.split(separator: "?")[0].split(separator: "/").dropFirst(2).last.map(String.init) ?? "yugong"
        let name = path.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        return KeyFile(path: "\(home)/.local/state/yugong/\(name.isEmpty ? "yugong" : name).key")
    }

    /// The keys, or nil where there is no file. Refusal `key.unreadable` where the file cannot be read or holds no key.
    package func ring() throws -> KeyRing? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        // One that was put back by hand may be readable by anybody.
        OwnFile.close(path)
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let ring = KeyRing(text: text) else {
            throw Refusal("key.unreadable", "密钥文件 \(path) 读不出来，或者内容不是密钥，个人信息无法解密。请检查文件权限，或者用备份恢复这个文件后再启动。")
        }
        return ring
    }

    /// The data key, or nil where there is no file. Refusal `key.unreadable`.
    package func read() throws -> Key? { try ring()?.data }

    /// Puts other keys in the place of those in the file; after a power cut either is there whole. Refusal `key.unwritable`.
    package func put(_ ring: KeyRing) throws {
        do { try DurableFile.replace(path, with: ring.text) } catch { throw unwritable }
    }

    /// Where the keys of this ring are kept for the backups of their time.
    package func old(_ ring: KeyRing) -> KeyFile { KeyFile(path: "\(path).old-\(ring.data.fingerprint)") }

    private var unwritable: Refusal {
        Refusal("key.unwritable", "不能在 \(path) 写入密钥文件。请检查所在目录的权限，或者用环境变量 YUGONG_KEY_FILE 指定另一个位置。")
    }

    /// Makes a key and writes its file (0600); never over an existing one. Refusal `key.unwritable`.
    package func make() throws -> Key {
        let key = Key.random()
        let folder = path.folder
        if !folder.isEmpty {
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let file = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw unwritable }
        defer { close(file) }
        let text = Array((key.text + "\n").utf8)
        guard write(file, text, text.count) == text.count, fsync(file) == 0 else { throw unwritable }
        return key
    }

    /// The refusal for a database that already holds people but whose key is gone.
    package var missing: Refusal {
        Refusal("key.missing", "这个数据库已经在用，但是它的密钥文件 \(path) 不在了；没有它，证件号码和手机号无法解密。请把备份的密钥文件放回这个位置，或者用环境变量 YUGONG_KEY_FILE 指出它在哪里。")
    }

    /// The refusal for a database whose data key is half replaced.
    package static var rotating: Refusal {
        Refusal("key.rotating", "这个数据库正在更换数据密钥，还没有换完，现在不能使用。请在服务器上再运行一次 yugong keys rotate，它会接着换完。")
    }

    /// The refusal for a rotation whose new key is not in the file.
    package var unprepared: Refusal {
        Refusal("key.unprepared", "数据库正在换用的新密钥不在 \(path) 里；这个文件可能是更换以前的备份。请放回更换时的密钥文件，再运行 yugong keys rotate。")
    }

    /// The refusal for a key that belongs to another database.
    package var foreign: Refusal {
        Refusal("key.foreign", "密钥文件 \(path) 不是这个数据库的密钥，用它会把个人信息弄坏，所以没有启动。请换上这个数据库自己的密钥文件。")
    }
}
