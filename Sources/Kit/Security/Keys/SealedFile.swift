import Crypto
import Foundation

extension KeyFile {
    /// A file beside the key that follows from the database and may be gone at any time.
    package func sealedFile(_ name: String) -> SealedFile { SealedFile(path: "\(path).\(name)", name: name) }
}

/// A file that can be made again at any time and must not be believed otherwise: its head names length and digest of what follows,
/// under a MAC of the audit key, so that nobody says anything by it who can only write into its folder.
///
/// It is whole or not there: written beside its place, put on the disk and renamed.
package struct SealedFile: Sendable {
    package let path: String
    /// What it is for: one file does not pass for another.
    let name: String

    package init(path: String, name: String) {
        self.path = path
        self.name = name
    }

    /// Why a file could not be written or is not to be read. `missing` is no fault.
    package enum Failure: Error, Hashable, CustomStringConvertible {
        case missing, broken, noRoom, system(Int32)

        package var description: String {
            switch self {
            case .missing: "not there"
            case .broken: "not a file of this key"
            case .noRoom: "too little room on the disk"
            case .system(let number): String(cString: strerror(number))
            }
        }
    }

    private static let title = Array("yugong-sealed 1\n".utf8)
    private static let digestBytes = 32, headBytes = title.count + 8 + digestBytes + AuditKey.macBytes
    /// What is read or written at a time: small enough to be digested while it is near the processor.
    private static let pieceBytes = 1 << 18

    package func remove() {
        unlink(path)
        unlink(path + ".new")
    }

    private func head(_ length: Int, _ digest: SHA256.Digest, _ key: AuditKey) -> [UInt8] {
        let words = Self.title + withUnsafeBytes(of: Int64(length).littleEndian) { Array($0) } + Array(digest)
        return words + key.mac(ofFile: name, words)
    }

    // MARK: Writing

    /// Takes what is written, in its order.
    package final class Sink {
        private let file: Int32
        private var hash = SHA256()
        private var waiting: [UInt8] = []
        private(set) var length = 0

        fileprivate init(_ file: Int32) { self.file = file }

        package func put(_ bytes: UnsafeRawBufferPointer) throws {
            guard waiting.count + bytes.count > pieceBytes else { return waiting.append(contentsOf: bytes) }
            try pass()
            var rest = bytes
            while !rest.isEmpty {
                try pass(UnsafeRawBufferPointer(rebasing: rest.prefix(pieceBytes)))
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(pieceBytes))
            }
        }

        private func pass() throws {
            let some = waiting
            waiting.removeAll(keepingCapacity: true)
            try some.withUnsafeBytes { try pass($0) }
        }

        private func pass(_ bytes: UnsafeRawBufferPointer) throws {
            hash.update(bufferPointer: bytes)
            try SealedFile.write(bytes, file)
            length += bytes.count
        }

        fileprivate func finish() throws -> SHA256.Digest {
            try pass()
            return hash.finalize()
        }
    }

    /// Puts a file of the owner's own in the place of an old one. False where another process is writing it at this moment: what that one
    /// writes is as good. `room`: about how many bytes it takes; as many must be left beside it.
    package func write(_ key: AuditKey, room: Int, _ body: (Sink) throws -> Void) throws -> Bool {
        var disk = statvfs()
        let folder = path.folder.isEmpty ? "." : path.folder
        let isKnown = statvfs(folder, &disk) == 0, blocks = UInt64(clamping: room) / max(1, UInt64(clamping: disk.f_frsize))
        if isKnown, UInt64(clamping: disk.f_bavail) / 2 < blocks { throw Failure.noRoom }
        let new = path + ".new"
        let file = open(new, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard file >= 0 else { throw Failure.system(errno) }
        // Who holds the lock writes. It goes with the process, so that the half of one that was killed is simply written over.
        defer { close(file) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return false }
        var own = stat(), there = stat()
        guard fstat(file, &own) == 0, lstat(new, &there) == 0, own.st_ino == there.st_ino, own.st_dev == there.st_dev else { return false }
        guard own.st_mode & S_IFMT == S_IFREG, own.st_nlink == 1 else { throw Failure.broken }
        do {
            guard fchmod(file, 0o600) == 0, ftruncate(file, 0) == 0 else { throw Failure.system(errno) }
            try [UInt8](repeating: 0, count: Self.headBytes).withUnsafeBytes { try Self.write($0, file) }
            let sink = Sink(file)
            try body(sink)
            let digest = try sink.finish()
            guard lseek(file, 0, SEEK_SET) == 0 else { throw Failure.system(errno) }
            try head(sink.length, digest, key).withUnsafeBytes { try Self.write($0, file) }
            guard fsync(file) == 0, rename(new, path) == 0 else { throw Failure.system(errno) }
        } catch {
            unlink(new)
            throw error
        }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
        return true
    }

    fileprivate static func write(_ bytes: UnsafeRawBufferPointer, _ file: Int32) throws {
        var done = 0
        while done < bytes.count {
            let count = Foundation.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure.system(errno) }
            done += count
        }
    }

    // MARK: Reading

    /// Gives what a file holds, in its order. What it gives is not to be believed before all of it was read.
    package final class Source {
        private let file: Int32
        private var hash = SHA256()
        /// Bytes that were not read yet.
        package private(set) var left: Int

        fileprivate init(_ file: Int32, _ left: Int) {
            self.file = file
            self.left = left
        }

        /// Fills all of `bytes`.
        package func fill(_ bytes: UnsafeMutableRawBufferPointer) throws {
            guard bytes.count <= left else { throw Failure.broken }
            var done = 0
            while done < bytes.count {
                let count = Foundation.read(file, bytes.baseAddress.map { $0 + done }, min(pieceBytes, bytes.count - done))
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw Failure.system(errno) }
                // It was cut while it was read.
                guard count > 0 else { throw Failure.broken }
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[done..<done + count]))
                done += count
            }
            left -= bytes.count
        }

        fileprivate func digest() -> SHA256.Digest { hash.finalize() }
    }

    /// Lends what the file holds and answers with what `body` made of it, once all of it was read and is what the key has sealed.
    package func read<T>(_ key: AuditKey, _ body: (Source) throws -> T) throws -> T {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw errno == ENOENT ? Failure.missing : Failure.system(errno) }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { throw Failure.broken }
        var head = [UInt8](repeating: 0, count: Self.headBytes)
        let whole = Int(info.st_size), length = whole - Self.headBytes
        guard length >= 0 else { throw Failure.broken }
        try head.withUnsafeMutableBytes { try Source(file, Self.headBytes).fill($0) }
        // Length and digest are the key's own word: whatever else is read is bounded by it.
        let words = Array(head.dropLast(AuditKey.macBytes)), mac = Array(head.suffix(AuditKey.macBytes))
        guard key.isMAC(mac, ofFile: name, words), words.starts(with: Self.title),
            words[Self.title.count..<Self.title.count + 8].elementsEqual(withUnsafeBytes(of: Int64(length).littleEndian) { Array($0) })
        else { throw Failure.broken }
        let source = Source(file, length)
        let found = try body(source)
        guard source.left == 0, source.digest() == Array(words.suffix(Self.digestBytes)) else { throw Failure.broken }
        return found
    }
}
