import Kit

/// What was on record of somebody's posts, and of the units above them, at each moment of some time: what there is now, with
/// what acts have changed taken back one by one. Who corrects, moves or takes away something later changes nothing of it.
package struct Recorded: Sendable {
    package struct State: Sendable {
        package private(set) var posts: [Int64: Appointment]
        /// Of the units concerned only.
        package private(set) var history: OrgHistory

        package init(_ posts: [Appointment], _ history: OrgHistory) {
            self.posts = Dictionary(posts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            self.history = history
        }

        fileprivate mutating func takeBack(_ change: ChangeRecord) {
            guard change.subject == "organization_version" else {
                posts[change.subjectID] = change.before.map(RosterStore.appointment)
                return
            }
            switch (change.before.map(OrganizationStore.version), change.after.map(OrganizationStore.version)) {
            case (let before?, let after?): history.apply([.update(after, to: before)])
            case (let before?, nil): history.apply([.insert(before)])
            case (nil, let after?): history.apply([.delete(after)])
            case (nil, nil): break
            }
        }
    }

    /// An act, and what was on record before it.
    package struct Step: Sendable {
        package let act: ActRecord
        package let before: State
    }

    package let present: State
    /// The newest first.
    package let steps: [Step]
    /// Every unit that one of the posts was in, or below, by any of it.
    package let units: Set<Int64>

    /// `changes` are those of posts and of versions of units, newest first.
    package init(_ present: State, _ changes: [ChangeRecord], units: Set<Int64> = []) {
        self.present = present
        self.units = units
        var state = present, steps: [Step] = []
        for change in changes {
            state.takeBack(change)
            if steps.last?.act.id == change.act.id { steps.removeLast() }
            steps.append(Step(act: change.act, before: state))
        }
        self.steps = steps
    }

    /// What was on record when an act came to be.
    package func state(at act: Int64) -> State { steps.last { $0.act.id >= act }?.before ?? present }
}
