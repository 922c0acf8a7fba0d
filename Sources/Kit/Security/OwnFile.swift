import Foundation

/// Files that nobody but their owner may read, however they came to be.
enum OwnFile {
    /// Takes from everybody else what they may do with a file, where it is this user's.
    static func close(_ path: String) {
        var info = stat()
        guard stat(path, &info) == 0, info.st_uid == geteuid(), info.st_mode & 0o077 != 0 else { return }
        chmod(path, info.st_mode & 0o700)
    }
}
