import Kit
import Register

/// Where a file stood in the days before its deletion is decided, by whatever was on record in that time: in which unit it was
/// at home, and below what. It says who decides, so neither a post, a unit, a merging nor a correction takes the decision to
/// somebody else before those days are over.
struct ErasurePlaces: Sendable {
    /// The units that would have decided at any time of it.
    let deciders: Set<Int64>
    /// The acts of these days that changed where it stands.
    let acts: [Int64]

    init(_ recorded: Recorded, since: Day, today: Day) {
        let states = [recorded.present] + recorded.steps.map(\.before)
        // Between these days nothing moves by the passing of time.
        var days: Set<Day> = [since, today]
        for state in states {
            for post in state.posts.values { days.insert(post.from) }
            for version in state.history.versions.values.joined() { days.formUnion([version.from, version.to]) }
        }
        var deciders: Set<Int64> = []
        for day in days where since <= day && day <= today {
            for state in states {
                for line in Self.lines(state, on: day, today: today) { deciders.insert(Erasure.decider(of: line)) }
            }
        }
        self.deciders = deciders
        let lines = states.map { Self.lines($0, on: today, today: today) }
        acts = recorded.steps.indices.filter { lines[$0] != lines[$0 + 1] }.map { recorded.steps[$0].act.id }
    }

    /// The units in which the files are at home, each with all above it, from below; without those that are not there on the day.
    private static func lines(_ state: Recorded.State, on day: Day, today: Day) -> Set<[Int64]> {
        let files = Dictionary(grouping: state.posts.values, by: \.personID)
        return Set(files.values.compactMap { posts in
            // Before its first post had begun a file stood nowhere.
            guard let home = posts.home(on: day), home.from <= day || day == today else { return nil }
            let line = state.history.line(of: home.organizationID, on: day).filter { state.history.version($0, on: day) != nil }
            return line.isEmpty ? nil : line
        })
    }
}
