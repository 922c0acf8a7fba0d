import CArgon2
import Foundation

/// Password hashes by Argon2id (19 MiB, 2 iterations, 1 lane), computed on a few threads of their own so that
/// sign-ins in great number cannot take memory and processors from everybody else.
package final class PasswordHashing: Sendable {
    private let queue: OperationQueue

    package static let memoryKiB: UInt32 = 19 * 1024
    package static let iterations: UInt32 = 2
    private static let saltBytes = 16, hashBytes = 32
    /// Who waits longer than this line is sent away.
    private static let lineLimit = 200

    package init(threads: Int = 2) {
        queue = OperationQueue()
        queue.name = "passwords"
        queue.maxConcurrentOperationCount = threads
    }

    /// The hash to store, in Argon2's own text form with its parameters and a fresh salt.
    package func hash(_ password: String) async throws -> String {
        try await run { try Self.hashNow(password) }
    }

    /// Whether a password belongs to a hash. A nil hash costs the same time and is never right: whoever tries names
    /// learns nothing from how long the answer takes.
    package func verify(_ password: String, against hash: String?) async throws -> Bool {
        try await run {
            let right = Self.verifyNow(password, against: hash ?? Self.nobody)
            return hash != nil && right
        }
    }

    /// Computes a hash on this thread, for the command line and tests.
    package static func hashNow(_ password: String) throws -> String {
        let bytes = Array(password.utf8), salt = Secrets.random(saltBytes)
        let length = argon2_encodedlen(iterations, memoryKiB, 1, UInt32(truncatingIfNeeded: saltBytes), UInt32(truncatingIfNeeded: hashBytes), Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(iterations, memoryKiB, 1, bytes, bytes.count, salt, salt.count, hashBytes, &encoded, length)
        guard code == 0 else { throw Refusal("password.unavailable", "服务器内存不足，暂时不能核对密码。请一分钟后再试。") }
        return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Checks a password on this thread, for tests.
    package static func verifyNow(_ password: String, against hash: String) -> Bool {
        let bytes = Array(password.utf8)
        return argon2id_verify(hash, bytes, bytes.count) == 0
    }

    /// A hash that no password has: its text is what `hashNow` gives for 32 random bytes thrown away.
    private static let nobody = (try? hashNow(Secrets.token())) ?? ""

    private func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        guard queue.operationCount < Self.lineLimit else {
            throw Refusal("password.busy", "现在登录的人太多，您的登录还没有处理。请一分钟后再试。")
        }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try work() }) }
        }
    }
}
