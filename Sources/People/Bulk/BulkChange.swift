import Access
import Kit
import Register

/// What is set at once on the posts of many people: on each one's post of today. What is empty stays as it is.
struct BulkChange: Hashable, Sendable {
    /// Keys of the words of workbooks and screens.
    var category = "", workforce = "", engagement = ""
    /// Whether what is filled in already is replaced too, from the first day of the post on; else only what is missing is filled in.
    var replaces = false

    var isNothing: Bool { category.isEmpty && workforce.isEmpty && engagement.isEmpty }

    /// Refusal `bulk.words` for a key that no list has.
    static func read(_ form: Form, _ words: RosterWords) throws -> BulkChange {
        let change = BulkChange(
            category: form.text("category"), workforce: form.text("workforce"), engagement: form.text("engagement"), replaces: form.isTicked("replaces"))
        for (key, list) in [(change.category, words.categories), (change.workforce, words.workforces), (change.engagement, words.engagements)]
        where !key.isEmpty && !list.has(key) {
            throw Refusal("bulk.words", "没有这个选项；请从列出的选项中选。")
        }
        return change
    }

    func applied(to post: Appointment) -> Appointment {
        var new = post
        if !category.isEmpty, replaces || post.category.isEmpty { new.category = category }
        if !workforce.isEmpty, replaces || post.workforce.isEmpty { new.workforce = workforce }
        if !engagement.isEmpty, replaces || post.engagement.isEmpty { new.engagement = engagement }
        return new
    }

    /// Why the post of somebody stays as it is.
    enum Reason: CaseIterable, Sendable {
        case notInPost, notKept, filledIn, same, erased

        var words: String {
            switch self {
            case .notInPost: "现在不在任"
            case .notKept: "现任职务不归您管理"
            case .filledIn: "已经填了，不改"
            case .same: "已经是这样"
            case .erased: "档案已依法删除"
            }
        }
    }

    /// What becomes of each person's posts: decided in the same way for the preview and in the act.
    struct Plan: Sendable {
        /// Posts as they are and as they will be, in the order of the people.
        var edits: [(old: Appointment, new: Appointment)] = []
        /// People whose posts stay, and why.
        var left: [(person: Int64, reason: Reason)] = []

        /// Stands for what was previewed: whoever confirms confirms this and nothing else.
        var digest: String {
            Fingerprint.text(of: edits.map { "\(RosterStore.image($0.old).json)\(RosterStore.image($0.new).json)" }.joined(separator: "\n"))
        }
    }

    /// `people` are asked for in their order; `posts` are all of each one's.
    func plan(_ people: [Person], _ posts: [Int64: [Appointment]], _ scope: ScopeOverTime, today: Day) -> Plan {
        var plan = Plan()
        for person in people {
            let own = posts[person.id] ?? []
            guard !person.isErased else {
                plan.left.append((person.id, .erased))
                continue
            }
            // The post that says where somebody is.
            guard let sight = PersonSight(own, scope, today: today), let old = own.first(where: { $0.covers(today) && $0.isPrimary }) ?? own.first(where: { $0.covers(today) }) else {
                plan.left.append((person.id, .notInPost))
                continue
            }
            let new = applied(to: old)
            if !sight.mayKeep || !scope.covers(old.organizationID, for: .keeping) {
                plan.left.append((person.id, .notKept))
            } else if new != old {
                plan.edits.append((old, new))
            } else {
                let isSet = [(category, old.category), (workforce, old.workforce), (engagement, old.engagement)].allSatisfy { $0.isEmpty || $0 == $1 }
                plan.left.append((person.id, isSet ? .same : .filledIn))
            }
        }
        return plan
    }
}
