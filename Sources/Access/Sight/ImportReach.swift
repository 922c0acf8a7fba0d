import Kit
import Register

/// What whoever imports may see and keep: everything from the command line, the own subtree in the browser.
package struct ImportReach: Sendable {
    /// Nil is everything. Units that are no more, or not yet, are among them as they are in a `ScopeOverTime`.
    package let units: Set<Int64>?
    /// Who imports; nil on the command line.
    package let account: Int64?
    /// Whom to ask about a unit outside: the officer of the nearest common superior, by name and unit.
    package let whomToAsk: @Sendable (_ unit: Int64) -> String?

    package static let everything = ImportReach(units: nil) { _ in nil }

    package init(units: Set<Int64>?, account: Int64? = nil, whomToAsk: @escaping @Sendable (_ unit: Int64) -> String?) {
        self.units = units
        self.account = account
        self.whomToAsk = whomToAsk
    }

    package func covers(_ unit: Int64) -> Bool { units?.contains(unit) ?? true }

    /// How much of a person with these posts is seen.
    package func sight(of posts: [Appointment], on today: Day) -> PersonSight? {
        PersonSight(posts, today: today, sees: covers, keeps: covers)
    }

    /// Whether the file of a person with these posts is enough for an act; nil where it is.
    package func refusal(_ need: FileNeed, _ posts: [Appointment], on today: Day) -> Refusal? {
        guard units != nil else { return nil }
        return need.refusal(sight(of: posts, on: today), ask: posts.home(on: today).flatMap { whomToAsk($0.organizationID) })
    }
}
