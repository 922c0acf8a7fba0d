import Access
import Kit

/// How long who fails to sign in must wait: longer each time, never long.
package enum Throttle {
    package enum Subject: String, Sendable {
        case account, address, factor, slip

        /// Failures without any wait; an office shares one address.
        var free: Int {
            switch self {
            case .account: 3
            case .address: 20
            case .factor, .slip: 5
            }
        }

        /// No wait is longer, so that nobody can lock somebody else out. A second factor is guessed only by who has the
        /// first: the wait makes a million codes take years.
        var longest: Int64 {
            switch self {
            case .account, .address, .slip: 60_000
            case .factor: 5 * 60_000
            }
        }
    }

    /// What failures are counted for: a name, an address, a browser with a name, as a fingerprint, because people type
    /// passwords into the wrong field.
    struct Counter: Sendable, Hashable {
        let kind: Subject
        let fingerprint: [UInt8]

        init(_ kind: Subject, _ what: String) {
            self.kind = kind
            fingerprint = Secrets.fingerprint(what)
        }

        static func address(of place: SignInPlace) -> Counter { Counter(.address, "address \(AddressRange.network(of: place.address))") }
    }

    /// After so long without a failure all is forgotten.
    package static let memory: Int64 = 15 * 60_000

    /// Milliseconds still to wait after so many failures in a row, the last of them at `last`.
    package static func wait(_ subject: Subject, failures: Int, last: Int64, now: Int64) -> Int64 {
        guard failures >= subject.free, now - last < memory else { return 0 }
        let wait = min(subject.longest, 1000 << Int64(min(failures - subject.free, 10)))
        return max(0, last + wait - now)
    }

    /// How somebody at the door is known to the account whose name was typed.
    enum Acquaintance: Sendable { case device, address, none }

    /// What an attempt on a name counts for. A browser that the account has signed in from counts for itself, so that no
    /// stranger's failures are its own; so does, less surely, an address it has signed in from lately.
    static func counters(_ kind: Subject, of name: String, at place: SignInPlace, known: Acquaintance) -> [Counter] {
        switch known {
        case .device: [Counter(kind, "\(kind) \(name) device \(place.device ?? "")")]
        case .address: [Counter(kind, "\(kind) \(name) address \(place.address)"), .address(of: place)]
        case .none: [Counter(kind, "\(kind) \(name)"), .address(of: place)]
        }
    }

    package static func refusal(_ subject: Subject, _ milliseconds: Int64) -> Refusal {
        let seconds = (milliseconds + 999) / 1000
        return switch subject {
        case .account, .address: Refusal("signIn.wait", "登录连续失败多次。请等 \(seconds) 秒再试；忘记密码请找本单位的组织人事管理员重置。", detail: subject.rawValue)
        case .factor: Refusal("signIn.wait", "验证码连续输错多次。请等 \(seconds) 秒再试；手机不在身边可以用恢复码，手机丢了请找上级单位的组织人事管理员重置。")
        case .slip: Refusal("signIn.wait", "编号和码连续几次对不上。请等 \(seconds) 秒再试；码看不清或已过期，请找给您纸条的组织人事管理员重新做一张。")
        }
    }
}
