import Kit
import Synchronization

/// An authenticator in somebody's hand, with the recovery codes noted beside it.
package final class Phone: Sendable {
    private let secret: TimeCode.Secret
    private let used = Mutex<Int64>(0)
    private let noted = Mutex<[String]>([])

    package init(secret: TimeCode.Secret) { self.secret = secret }

    /// A code that was not shown before and is taken at `now`; nil where all of this minute are used up.
    package func code(at now: Int64) -> String? {
        used.withLock { used in
            // Not the step before, which a slow machine could see expire between two requests.
            let present = TimeCode.step(atMilliseconds: now), step = max(used + 1, present)
            guard step <= present + TimeCode.drift else { return nil }
            used = step
            return TimeCode.code(secret, step: step)
        }
    }

    func keep(_ codes: [String]) { noted.withLock { $0 = codes } }
    func recovery() -> String? { noted.withLock { $0.popLast() } }
}

/// The authenticators that browsers of this process have set up, by port and account.
enum Phones {
    static let all = Mutex<[String: Phone]>([:])
}
