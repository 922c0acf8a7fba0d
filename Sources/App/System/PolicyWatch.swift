import Foundation
import Kit
import Logging
import Register
import Rules

/// Takes changed policy files into the running service: the next page is computed by them. Files with a fault change
/// nothing; the fault is told in the service log and to the system administrator.
package struct PolicyWatch: Sendable {
    let folders: [String]
    /// How the files were when they were loaded.
    let loaded: Prints
    let shelf: PolicyShelf
    let logger: Logger

    private static let pause = Duration.milliseconds(100)

    /// What tells one state of a file from another without reading it.
    struct Print: Hashable {
        let path: String
        let inode: UInt
        let size: Int
        let changed: [Int]
    }

    typealias Prints = Set<Print>

    /// The policies of the folders, and how their files were before they were read: what changes meanwhile is noticed afterwards.
    static func load(_ folders: [String]) throws -> (library: PolicyLibrary, prints: Prints) {
        let prints = prints(of: folders)
        return (try PolicyLibrary.loaded(folders: folders), prints)
    }

    /// Looks until the task is cancelled. `then` is done after files were taken in.
    package func run(then: @Sendable () async -> Void = {}) async {
        var taken = loaded, last = loaded
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.pause) } catch { return }
            let now = Self.prints(of: folders)
            // Who saves a file writes it piece by piece: it is read once nothing has changed for a look.
            defer { last = now }
            guard now != taken, now == last else { continue }
            taken = now
            do {
                shelf.put(try await onThread { try PolicyLibrary.loaded(folders: folders) })
                logger.notice("policy files have changed and are in force")
                await then()
            } catch {
                let sentence = (error as? Refusal)?.sentence ?? "\(error)"
                // On the page the name of the file is enough.
                let told = folders.reduce(sentence) { $0.replacingOccurrences(of: $1 + "/", with: "") }
                shelf.refuse("规则文件改动后有错误，仍按改动前的规则计算。请改好再存一次：\n\(told)")
                logger.error("policy files have changed and are not taken in: \(sentence)")
            }
        }
    }

    private static func prints(of folders: [String]) -> Prints {
        var found: Prints = []
        for folder in folders {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(".yaml") {
                var status = stat()
                let path = folder + "/" + name
                guard stat(path, &status) == 0 else { continue }
                found.insert(Print(path: path, inode: status.st_ino, size: status.st_size, changed: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]))
            }
        }
        return found
    }
}
