import Foundation

extension String {
    /// The folder of a path; empty where it names none. (NSString's own traps on a path of one letter.)
    package var folder: String { lastIndex(of: "/").map { $0 == startIndex ? "/" : String(self[..<$0]) } ?? "" }
}

/// Writes small files that must not be lost.
enum DurableFile {
    struct Failed: Error {}

    /// Puts a file of the owner's own in the place of an old one so that after a power cut one of the two is there whole.
    /// It keeps its owner: what root renews the server can still read.
    static func replace(_ path: String, with text: String) throws {
        let new = path + ".new"
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failed() }
        var old = stat()
        if stat(path, &old) == 0, old.st_uid != geteuid() { _ = fchown(file, old.st_uid, old.st_gid) }
        let bytes = Array(text.utf8)
        let isWritten = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(new, path) == 0 else { throw Failed() }
        let folder = path.folder
        let directory = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Failed() }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw Failed() }
    }
}
