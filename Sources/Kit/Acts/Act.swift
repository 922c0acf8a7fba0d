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
            case .commandLine(let user): "命令行 \(user)"
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

    package init(who: Actor, origin: String, kind: String, why: String) {
        self.who = who
        self.origin = origin
        self.kind = kind
        self.why = why
    }

    var accountID: Int64? {
        if case .account(let id, _) = who { id } else { nil }
    }

    /// As it stands in the column `who`.
    var whoText: String { who.text }
}
