import Foundation
import NIOCore

/// The descriptors a process may have open at a time: connections share them with files, the database and the anchor.
enum Descriptors {
    /// Kept back from connections, the event loops' own among them.
    static let kept = 256 + 8 * System.coreCount

    /// Raises the soft limit to `wanted`, as far as the hard one goes; how many are allowed now.
    static func raise(to wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(.init(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        let allowed = min(rlim_t(wanted), limit.rlim_max)
        if limit.rlim_cur < allowed {
            var raised = limit
            raised.rlim_cur = allowed
            if setrlimit(.init(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(min(limit.rlim_cur, rlim_t(wanted)))
    }
}

extension ConnectionLimits {
    /// Descriptors that all of these connections may need: one each, and one for the file that is being sent through it.
    var descriptors: Int { 2 * connections + Descriptors.kept }

    /// The same, as far as so many descriptors go. One address never has more than a quarter of all.
    func within(descriptors: Int) -> ConnectionLimits {
        var limits = self
        limits.connections = max(8, min(connections, (descriptors - Descriptors.kept) / 2))
        limits.connectionsPerAddress = max(2, min(connectionsPerAddress, limits.connections / 4))
        return limits
    }
}

extension Listening {
    /// The same with limits that the descriptors of this process allow, after as many as are needed were asked for.
    package func withinDescriptors() -> Listening {
        var listening = self
        listening.limits = limits.within(descriptors: Descriptors.raise(to: limits.descriptors))
        return listening
    }
}
