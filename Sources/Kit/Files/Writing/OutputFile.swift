import Foundation

/// A file that appears whole or not at all: written beside its place, then moved there.
struct OutputFile {
    let path: String
    let temporaryPath: String

    /// Throws `Refusal.cannotWrite` where the folder is absent or not writable, or the place is taken by something that is no file.
    init(_ path: String) throws {
        let target = URL(filePath: path).resolvingSymlinksInPath()
        self.path = target.path
        var info = stat()
        if stat(target.path, &info) == 0, info.st_mode & S_IFMT != S_IFREG { throw Refusal.cannotWrite(path) }
        var template = Array((target.deletingLastPathComponent().path + "/.\(target.lastPathComponent.prefix(60)).XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Refusal.cannotWrite(path) }
        close(descriptor)
        temporaryPath = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Moves the finished file to its place, readable as any new file.
    func commit() throws {
        let mask = umask(0)
        umask(mask)
        guard chmod(temporaryPath, 0o666 & ~mask) == 0, rename(temporaryPath, path) == 0 else {
            discard()
            throw Refusal.cannotWrite(path)
        }
    }

    func discard() { unlink(temporaryPath) }
}
