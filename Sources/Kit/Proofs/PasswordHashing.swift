import CArgon2
import Foundation

/// Password hashes by Argon2id (19 MiB, 2 iterations, 1 lane), computed on a few threads of their own so that
/// sign-ins in great number cannot take memory and processors from everybody else.
package final class PasswordHashing: Sendable {
    /// What one hash takes. It stands in the hash itself: checking takes what was taken then.
    package struct Cost: Sendable {
        let memoryKiB: UInt32, iterations: UInt32

        /// Every password of the product.
        package static let standard = Cost(memoryKiB: 19 * 1024, iterations: 2)
        /// The least there is, for tests that are about something else.
        package static let least = Cost(memoryKiB: 8, iterations: 1)
    }

    private let line: WorkLine
    private let cost: Cost

    private static let saltBytes = 16, hashBytes = 32
    /// Who waits longer than this line is sent away.
    private static let lineLimit = 200

    package init(threads: Int = 2, cost: Cost = .standard) {
        self.cost = cost
        line = WorkLine(atOnce: threads)
    }

    /// The hash to store, in Argon2's own text form with its parameters and a fresh salt.
    package func hash(_ password: String) async throws -> String {
        try await run { [cost] in try Self.hashNow(password, cost) }
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
    package static func hashNow(_ password: String, _ cost: Cost = .standard) throws -> String {
        let bytes = Array(password.utf8), salt = Secrets.random(saltBytes)
        let length = argon2_encodedlen(cost.iterations, cost.memoryKiB, 1, UInt32(truncatingIfNeeded: saltBytes), UInt32(truncatingIfNeeded: hashBytes), Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(cost.iterations, cost.memoryKiB, 1, bytes, bytes.count, salt, salt.count, hashBytes, &encoded, length)
        guard code == 0 else { throw Refusal("password.unavailable", "服务器内存不足，暂时不能核对密码。请一分钟后再试。") }
        return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Checks a password on this thread, for tests.
    package static func verifyNow(_ password: String, against hash: String) -> Bool {
        let bytes = Array(password.utf8)
        return argon2id_verify(hash, bytes, bytes.count) == 0
    }

    /// A hash that no password has: that of 32 random bytes thrown away.
    private static let nobody = (try? hashNow(Secrets.token())) ?? ""

    private func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        guard line.count < Self.lineLimit else {
            throw Refusal("password.busy", "现在登录的人太多，您的登录还没有处理。请一分钟后再试。")
        }
        return try await line.run(work)
    }
}
