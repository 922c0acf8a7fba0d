import Kit
import Register

/// A list of names that somebody saw or took away: everybody in a unit on a day.
package struct ListView: Hashable, Sendable {
    /// Which list; the feature that shows it has the word (`Feature.lists`).
    package struct Kind: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The people of one's units, as several pages list them; every other kind stands with its feature.
        package static let roster = Kind(rawValue: "roster")
    }

    package let kind: Kind
    package let unitID: Int64
    /// With everything below the unit.
    package let subtree: Bool
    /// Those in post on this day; nil for everybody who ever was.
    package let day: Day?

    package init(_ kind: Kind, unit: Int64, subtree: Bool = true, on day: Day?) {
        self.kind = kind
        unitID = unit
        self.subtree = subtree
        self.day = day
    }

    /// Whether somebody with these posts was in it. `seen` is the day it was looked at.
    func holds(_ posts: [Appointment], seen: Day, _ history: OrgHistory) -> Bool {
        let day = day ?? seen
        return posts.filter { self.day == nil || $0.covers(day) }.contains { post in
            post.organizationID == unitID || subtree && Self.isBelow(post.organizationID, unitID, on: day, history)
        }
    }

    /// A unit that is no more on the day, or not yet, counts by where it stood last or first.
    private static func isBelow(_ unit: Int64, _ root: Int64, on day: Day, _ history: OrgHistory) -> Bool {
        var current: Int64? = unit
        for _ in 0..<64 {
            guard let id = current else { return false }
            if id == root { return true }
            let versions = history.versions[id] ?? []
            current = (versions.last { $0.covers(day) } ?? (versions.first.map { day < $0.from } == true ? versions.first : versions.last))?.facts.parentID
        }
        return false
    }
}
