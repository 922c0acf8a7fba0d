import Access
import Kit

/// 我能做什么: the table of rights in the words of one grant.
enum OwnRights {
    /// A part of Yugong: what of it is seen, and what is done in it.
    struct Area: Sendable, Hashable {
        let word: String
        var seen: [String] = []
        var done: [String] = []
    }

    /// What a role opens at a unit, by the parts of Yugong in the order of the features; at a root of the tree what is for
    /// the whole installation too.
    static func areas(of role: Role, isRoot: Bool, _ features: FeatureSet) -> [Area] {
        var found: [Area] = []
        for feature in features.all where !feature.part.isEmpty {
            let rows = feature.rights.filter { row in
                switch row.need {
                case _ where row.isDevelopment: false
                case .right(let right, let place): role.rights.contains(right) && (place != .root || isRoot)
                case .role(let needed): needed == role && isRoot
                case .approval: !role.isAdministrator
                default: false
                }
            }
            // A form is what leads to the deed.
            for row in rows where !row.what.hasSuffix("的表单") && !row.path.hasSuffix("/progress") {
                let place = found.firstIndex { $0.word == feature.part } ?? found.endIndex
                if place == found.endIndex { found.append(Area(word: feature.part)) }
                if row.method == "GET" {
                    if !found[place].seen.contains(row.called) { found[place].seen.append(row.called) }
                } else if !found[place].done.contains(row.called) {
                    found[place].done.append(row.called)
                }
            }
        }
        return found
    }
}
