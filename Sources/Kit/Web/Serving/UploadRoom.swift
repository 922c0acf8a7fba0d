import Foundation
import Synchronization

/// Room for files on their way in: so many at once, so many of one account, and space on the disk for them.
final class UploadRoom: Sendable {
    private static let atOnce = 16, ofOneCaller = 2
    /// Bytes that stay free for everything else.
    private static let reserve = 512 << 20

    private let held = Mutex<[String: Int]>([:])

    /// Removes what processes that are gone had received: it is somebody's data.
    init() { Scratch.sweep() }

    /// A folder for one form's files, gone when the closure ends.
    func lend<T>(for bytes: Int, to caller: String, _ body: (URL) async throws -> T) async throws -> T {
        try held.withLock { held in
            guard held[caller, default: 0] < Self.ofOneCaller, held.values.reduce(0, +) < Self.atOnce else { throw WebProblem.crowded }
            held[caller, default: 0] += 1
        }
        let folder = URL(fileURLWithPath: Scratch.path("upload"))
        defer {
            try? FileManager.default.removeItem(at: folder)
            held.withLock { held in
                let left = (held[caller] ?? 1) - 1
                held[caller] = left > 0 ? left : nil
            }
        }
        let free = (try? FileManager.default.attributesOfFileSystem(forPath: Scratch.parent)[.systemFreeSize] as? NSNumber)?.intValue
        if let free, free < bytes + Self.reserve { throw WebProblem.diskFull }
        return try await body(folder)
    }
}
