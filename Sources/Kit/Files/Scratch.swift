import Foundation
import Synchronization

/// Where files with personal content lie for a moment: a folder of this process in the temporary folder, which nobody else
/// may read. It goes with the process; what a killed one has left goes when the next one begins.
package enum Scratch {
    private static let prefix = "yugong-scratch-"
    static let parent = FileManager.default.temporaryDirectory.path

    /// A path in it where nothing lies yet, ending in `.kind`.
    package static func path(_ kind: String) -> String { "\(own)/\(UUID().uuidString).\(kind)" }

    /// Removes what processes that are gone have left. A living one holds a lock on its folder, wherever it runs: its
    /// number would not tell, for in a container the next process has the same.
    package static func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            guard let lock = locked(parent + "/" + name) else { continue }
            try? FileManager.default.removeItem(atPath: parent + "/" + name)
            close(lock)
        }
    }

    private static let made = Mutex<String?>(nil)

    /// Removes what this process has put there.
    package static func clear() { if let folder = made.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: folder) } }

    /// Made when it is first asked for.
    private static let own: String = {
        sweep()
        for _ in 0..<100 {
            var template = Array((parent + "/" + prefix + "XXXXXX").utf8CString)
            guard mkdtemp(&template) != nil else { break }
            let folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // Another process that begins may have swept it away before it was locked.
            guard locked(folder) != nil, FileManager.default.fileExists(atPath: folder) else { continue }
            made.withLock { $0 = folder }
            atexit { Scratch.clear() }
            return folder
        }
        // Whoever writes there is told that it cannot be written.
        return parent + "/" + prefix + "missing"
    }()

    /// The lock on a folder of ours, held as long as the descriptor is open; nil where another process holds it.
    private static func locked(_ folder: String) -> Int32? {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
