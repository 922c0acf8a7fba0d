import Synchronization

/// The ids of acts that were begun for somebody: of one that was undone or left nothing there is no act.
package final class ActReceipt: Hashable, Sendable {
    private let latest = Mutex<Int64?>(nil)

    package init() {}

    func note(_ id: Int64) { latest.withLock { $0 = id } }
    package var last: Int64? { latest.withLock { $0 } }

    // Two acts are the same whoever waits for their ids.
    package static func == (a: ActReceipt, b: ActReceipt) -> Bool { true }
    package func hash(into hasher: inout Hasher) {}
}

/// The named deed that every write happens inside: who, from where, what and why. The moment and the id are added
/// by the database when it begins.
package struct Act: Hashable, Sendable {
    package enum Actor: Hashable, Sendable {
        /// A signed-in account: its id and the name it bears now.
        case account(Int64, String)
        /// A user of the machine at its command line.
        case commandLine(String)
        /// Yugong itself, for example a job that runs at night.
        case system

        /// As it stands in the column `who`.
        package var text: String {
            switch self {
            case .account(_, let name): name
            case .commandLine(let user): "服务器管理员 \(user)"
            case .system: "系统"
            }
        }
    }

    package let who: Actor
    /// The network address it came from; "" where there is none.
    package let origin: String
    /// A dotted English key, for example `person.create`.
    package let kind: String
    /// The user's reason, "" where none is asked.
    package let why: String
    /// Whether it is a deed although no row changes: that somebody looked, exported, or was refused.
    package let isEvent: Bool
    /// Where its id is left for whoever had it done.
    package let receipt: ActReceipt?

    package init(who: Actor, origin: String, kind: String, why: String, isEvent: Bool = false, receipt: ActReceipt? = nil) {
        self.who = who
        self.origin = origin
        self.kind = kind
        self.why = why
        self.isEvent = isEvent
        self.receipt = receipt
    }

    /// Whether nothing is left of it where no row changed: what somebody signed in sends again and again must not make the
    /// log grow, which nobody may shorten.
    var needsChange: Bool { accountID != nil && !isEvent }

    /// Kinds of acts by which rows got other ciphertext and nothing else.
    package static let rekeyingKinds: Set<String> = ["key.rekey", "key.replace"]

    /// The longest reason, in characters.
    package static let longestReason = 500

    /// Refusal `form.why`: a reason stands in the log for ever, whatever way it came.
    func checkReason() throws(Refusal) {
        guard why.fits(Self.longestReason) else {
            throw Refusal("form.why", "理由有 \(why.count) 个字，太长，没有保存。请缩短到 \(Self.longestReason) 个字以内，写明依据就够。")
        }
    }

    package var accountID: Int64? {
        if case .account(let id, _) = who { id } else { nil }
    }

    /// As it stands in the column `who`.
    var whoText: String { who.text }
}
