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

    /// Whether somebody with these posts was in it: posts and tree as they were on record when it was looked at, on the day `seen`.
    func holds(_ posts: [Appointment], seen: Day, _ history: OrgHistory) -> Bool {
        let day = day ?? seen
        return posts.filter { self.day == nil || $0.covers(day) }.contains { post in
            post.organizationID == unitID || subtree && history.line(of: post.organizationID, on: day).contains(unitID)
        }
    }
}
