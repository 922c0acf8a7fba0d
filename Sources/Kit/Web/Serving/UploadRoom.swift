import Foundation

/// Room for what comes in: memory for forms, files one by one, and space on the disk for them.
final class UploadRoom: Sendable {
    /// Bytes of forms that are being received and handled; their parts take several times as much.
    static let forms = RoomLimits(ofAccount: 4 << 20, ofNetwork: 32 << 20, inAll: 64 << 20)
    /// Forms with files; a whole office may share a network.
    static let files = RoomLimits(ofAccount: 2, ofNetwork: 8, inAll: 16)
    /// Bytes that stay free for everything else.
    private static let reserve = 512 << 20

    private let forms = Room(UploadRoom.forms), files = Room(UploadRoom.files)
    private let disk = Room(RoomLimits(ofAccount: .max, ofNetwork: .max, inAll: .max))

    /// Removes what processes that are gone had received: it is somebody's data.
    init() { Scratch.sweep() }

    /// Room in memory for a form that says it has so many bytes.
    func lend<T>(form bytes: Int, to sender: Sender, _ body: () async throws -> T) async throws -> T { try await forms.lend(bytes, to: sender, body) }

    /// A folder for one form's files, gone when the closure ends.
    func lend<T>(files bytes: Int, to sender: Sender, _ body: (URL) async throws -> T) async throws -> T {
        try await files.lend(1, to: sender) {
            let folder = URL(fileURLWithPath: Scratch.path("upload"))
            defer { try? FileManager.default.removeItem(at: folder) }
            // What others were promised may still come.
            return try await disk.lend(bytes, to: sender) {
                let free = (try? FileManager.default.attributesOfFileSystem(forPath: Scratch.parent)[.systemFreeSize] as? NSNumber)?.intValue
                if let free, free < disk.lent + Self.reserve { throw WebProblem.diskFull }
                return try await body(folder)
            }
        }
    }
}
