import Foundation

/// A file that appears whole or not at all: written without a name, then put in its place.
///
/// A process that is killed meanwhile leaves nothing of it, which may be a whole roster.
final class OutputFile {
    let path: String
    /// Where it is written, by whoever opens it there.
    let temporaryPath: String
    private let folder: String
    private var descriptor: Int32
    private let isNamed: Bool

    /// `O_TMPFILE`, which is a macro too complicated for Swift.
    private static let unnamed = 0o20_000_000 | O_DIRECTORY

    /// Throws `Refusal.cannotWrite` where the folder is absent or not writable, or the place is taken by something that is no file.
    init(_ path: String) throws {
        let target = URL(filePath: path).resolvingSymlinksInPath()
        self.path = target.path
        folder = target.deletingLastPathComponent().path
        var info = stat()
        if stat(target.path, &info) == 0, info.st_mode & S_IFMT != S_IFREG { throw Refusal.cannotWrite(path) }
        let free = open(folder, Self.unnamed | O_RDWR | O_CLOEXEC, 0o600)
        isNamed = free < 0
        if free >= 0 {
            descriptor = free
            temporaryPath = "/proc/self/fd/\(free)"
        } else {
            // Some file systems know only files with names.
            var template = Array("\(folder)/.\(target.lastPathComponent.prefix(60)).XXXXXX".utf8CString)
            descriptor = mkstemp(&template)
            guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw Refusal.cannotWrite(path) }
            temporaryPath = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    deinit { discard() }

    /// Moves the finished file to its place, readable as any new file.
    func commit() throws {
        defer { discard() }
        let mask = umask(0)
        umask(mask)
        guard fchmod(descriptor, 0o666 & ~mask) == 0 else { throw Refusal.cannotWrite(path) }
        if isNamed {
            guard rename(temporaryPath, path) == 0 else { throw Refusal.cannotWrite(path) }
            return
        }
        // A link takes no other's place: it gets a name of its own, and with it moves there.
        let named = folder + "/.\(UUID().uuidString)"
        guard linkat(AT_FDCWD, temporaryPath, AT_FDCWD, named, AT_SYMLINK_FOLLOW) == 0 else { throw Refusal.cannotWrite(path) }
        guard rename(named, path) == 0 else {
            unlink(named)
            throw Refusal.cannotWrite(path)
        }
    }

    /// Throws away what was written and not moved.
    func discard() {
        guard descriptor >= 0 else { return }
        if isNamed { unlink(temporaryPath) }
        close(descriptor)
        descriptor = -1
    }
}
