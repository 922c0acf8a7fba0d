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

    /// The keys a file can hold: the data key in its first line, then the others by name.
    package struct Ring: Sendable {
        package var data: Key
        /// Nil where it follows from the data key, as in every file whose data key was never replaced.
        package var audit: Key?
        /// During a rotation: the data key that replaces the first.
        package var next: Key?

        package var auditKey: AuditKey { audit.map { AuditKey(bytes: $0.bytes) } ?? .following(from: data) }

        var text: String {
            ([data.text] + [audit.map { "audit \($0.text)" }, next.map { "next \($0.text)" }].compactMap { $0 }).joined(separator: "\n") + "\n"
        }

        init?(text: String) {
            let lines = text.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = lines.first, let data = Key(text: first), lines.count % 2 == 1 else { return nil }
            self.data = data
            for place in stride(from: 1, to: lines.count, by: 2) {
                guard let key = Key(text: lines[place + 1]) else { return nil }
                switch lines[place] {
                case "audit": audit = key
                case "next": next = key
                default: return nil
                }
            }
        }
    }

    /// The keys, or nil where there is no file. Refusal `key.unreadable` where the file cannot be read or holds no key.
    package func ring() throws -> Ring? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let ring = Ring(text: text) else {
            throw Refusal("key.unreadable", "密钥文件 \(path) 读不出来，或者内容不是密钥，个人信息无法解密。请检查文件权限，或者用备份恢复这个文件后再启动。")
        }
        return ring
    }

    /// The data key, or nil where there is no file. Refusal `key.unreadable`.
    package func read() throws -> Key? { try ring()?.data }

    /// Where the chains' anchor lies: beside the key.
    package var anchor: AnchorFile { AnchorFile(path: path + ".anchor") }

    /// Makes a key and writes its file (0600); never over an existing one. Refusal `key.unwritable`.
    package func make() throws -> Key {
        let key = Key.random()
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty {
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let refusal = Refusal("key.unwritable", "不能在 \(path) 写入密钥文件。请检查所在目录的权限，或者用环境变量 YUGONG_KEY_FILE 指定另一个位置。")
        let file = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw refusal }
        defer { close(file) }
        let text = Array((key.text + "\n").utf8)
        guard write(file, text, text.count) == text.count, fsync(file) == 0 else { throw refusal }
        return key
    }

    /// The refusal for a database that already holds people but whose key is gone.
    package var missing: Refusal {
        Refusal("key.missing", "这个数据库已经在用，但是它的密钥文件 \(path) 不在了；没有它，证件号码和手机号无法解密。请把备份的密钥文件放回这个位置，或者用环境变量 YUGONG_KEY_FILE 指出它在哪里。")
    }

    /// The refusal for a key that belongs to another database.
    package var foreign: Refusal {
        Refusal("key.foreign", "密钥文件 \(path) 不是这个数据库的密钥，用它会把个人信息弄坏，所以没有启动。请换上这个数据库自己的密钥文件。")
    }
}
