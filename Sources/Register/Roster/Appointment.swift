import Kit

/// 任职: the post of a person in an organisation, in the half-open span `[from, to)`.
package struct Appointment: Hashable, Sendable {
    /// 0 until the store has written it.
    package var id: Int64
    package var personID: Int64
    package var organizationID: Int64
    package var from: Day
    /// 离任日期, the first day no longer in post; `Day.open` while in post.
    package var to: Day
    package var isPrimary: Bool
    /// Key of a category in the policy files; empty is in no headcount.
    package var category: String
    /// Key of `workforces` in the vocabulary.
    package var workforce: String
    /// Key of `engagements` in the vocabulary.
    package var engagement: String
    package var title: String
    package var isLeadership: Bool

    package init(
        id: Int64 = 0, personID: Int64, organizationID: Int64, from: Day, to: Day = .open, isPrimary: Bool, category: String = "",
        workforce: String = "", engagement: String = "", title: String = "", isLeadership: Bool = false
    ) {
        self.id = id
        self.personID = personID
        self.organizationID = organizationID
        self.from = from
        self.to = to
        self.isPrimary = isPrimary
        self.category = category
        self.workforce = workforce
        self.engagement = engagement
        self.title = title
        self.isLeadership = isLeadership
    }

    /// In characters.
    package static let longestTitle = 100

    package func covers(_ day: Day) -> Bool { from <= day && day < to }

    package func overlaps(_ other: Appointment) -> Bool { from < other.to && other.from < to }

    /// `2019-03-01 至今`, `2019-03-01 至 2022-06-30` (the last day in post).
    package var spanInWords: String { Self.words(from, to) }

    package static func words(_ from: Day, _ to: Day) -> String {
        let start = from == .always ? "一直" : "\(from)"
        return to == .open ? (from == .always ? "一直至今" : "\(start) 至今") : "\(start) 至 \(to - 1)"
    }

    /// Same unit, first day and title: the appointment that a row of a workbook means.
    package func isSamePost(as other: Appointment) -> Bool {
        organizationID == other.organizationID && from == other.from && title == other.title
    }
}

/// One row of `appointment` to write.
package enum AppointmentEdit: Hashable, Sendable {
    case insert(Appointment)
    case update(Appointment, to: Appointment)
    case delete(Appointment)

    /// The title that it writes; nil where it takes a post away.
    var newTitle: String? {
        switch self {
        case .insert(let post), .update(_, to: let post): post.title
        case .delete: nil
        }
    }
}

/// Decisions about one person's posts. `posts` are all the person's appointments; `unit` gives the name of a unit.
package struct PostBook: Sendable {
    package let posts: [Appointment]
    private let unit: @Sendable (Int64) -> String

    package init(_ posts: [Appointment], unit: @escaping @Sendable (Int64) -> String) {
        self.posts = posts
        self.unit = unit
    }

    /// A further post. A primary one may not overlap another primary.
    package func appointing(_ post: Appointment) throws -> [AppointmentEdit] {
        try check(post, besides: [])
        return [.insert(post)]
    }

    /// A post set right in place.
    package func correcting(_ old: Appointment, to new: Appointment) throws -> [AppointmentEdit] {
        guard old != new else { throw Refusal("appointment.nothingChanged", "更正前后完全相同，没有要改的；请核对填写的内容") }
        try check(new, besides: [old.id])
        return [.update(old, to: new)]
    }

    /// The post ends; `day` is the first day no longer in it.
    package func ending(_ post: Appointment, on day: Day) throws -> [AppointmentEdit] {
        guard day > post.from else {
            throw Refusal("appointment.span", "离任日期 \(day) 不晚于任职日期 \(post.from)；请核对日期，若是录错了请用“更正”或“撤回”")
        }
        guard day < post.to else {
            throw Refusal("appointment.ended", "这个职务已于 \(post.to) 离任；若要改离任日期，请用“更正”")
        }
        var ended = post
        ended.to = day
        return [.update(post, to: ended)]
    }

    /// 调动: the primary post of the day before ends on the new one's first day.
    package func moving(to post: Appointment) throws -> [AppointmentEdit] {
        var post = post
        post.isPrimary = true
        guard let old = posts.first(where: { $0.isPrimary && $0.to > post.from && $0.from < post.to }) else {
            return try appointing(post)
        }
        guard old.from < post.from else {
            throw Refusal(
                "transfer.tooEarly",
                "到任日期 \(post.from) 不晚于现主任职（\(unit(old.organizationID))，\(old.spanInWords)）的任职日期；请核对到任日期")
        }
        guard !(old.organizationID == post.organizationID && old.title == post.title) else {
            throw Refusal("transfer.samePost", "此人现在就任\(unit(old.organizationID))\(old.title)；请核对单位和职务")
        }
        var ended = old
        ended.to = post.from
        try check(post, besides: [old.id])
        return [.update(old, to: ended), .insert(post)]
    }

    private func check(_ post: Appointment, besides: Set<Int64>) throws {
        guard post.from < post.to else {
            throw Refusal("appointment.span", "离任日期 \(post.to) 不晚于任职日期 \(post.from)；请核对两个日期（离任日期是不再任职的第一天）")
        }
        guard post.from > .always else { throw Refusal("appointment.noStart", "任职日期没有填；请填写到任的那一天") }
        let others = posts.filter { !besides.contains($0.id) }
        if let twin = others.first(where: { $0.isSamePost(as: post) }) {
            throw Refusal(
                "appointment.twice",
                "此人在\(unit(twin.organizationID))自 \(twin.from) 起的\(twin.title.isEmpty ? "任职" : "“\(twin.title)”")已有记录；请到那一条上更正")
        }
        if post.isPrimary, let other = others.first(where: { $0.isPrimary && $0.overlaps(post) }) {
            throw Refusal(
                "appointment.primaryOverlap",
                "与\(unit(other.organizationID))的主任职（\(other.spanInWords)）重叠；若是调动，请先填那边的离任日期或用“调入”，若是兼任，请把主任职选为否")
        }
    }
}

/// How overlapping primary posts of two files that are one person are decided.
package enum MergePrimary: String, CaseIterable, Sendable {
    /// Refuse and name them, so that the officer decides.
    case ask
    /// The surviving file's stay primary, the other's become secondary where they overlap.
    case survivor
    /// The other way round.
    case absorbed
}

/// What becomes of the posts when two files turn out to be one person.
package enum PersonMerge {
    /// The posts of the absorbed file go to the survivor. An identical post (same unit, first day and title) is kept once:
    /// the survivor's. Throws `merge.primaryOverlap` where two primary posts overlap and `primary` is `.ask`.
    package static func edits(
        survivor: [Appointment], absorbed: [Appointment], into id: Int64, primary: MergePrimary, unit: (Int64) -> String
    ) throws -> [AppointmentEdit] {
        var demote: [AppointmentEdit] = [], moves: [AppointmentEdit] = [], gone: [AppointmentEdit] = []
        var demoted: Set<Int64> = []
        for post in absorbed {
            if let twin = survivor.first(where: { $0.isSamePost(as: post) }) {
                gone.append(.delete(post))
                if post.isPrimary, !twin.isPrimary, !survivor.contains(where: { $0.isPrimary && $0.overlaps(twin) }) {
                    var primary = twin
                    primary.isPrimary = true
                    gone.append(.update(twin, to: primary))
                }
                continue
            }
            var moved = post
            moved.personID = id
            for other in survivor where post.isPrimary && other.isPrimary && post.overlaps(other) {
                switch primary {
                case .ask:
                    throw Refusal(
                        "merge.primaryOverlap",
                        "两份档案的主任职重叠：\(unit(other.organizationID))（\(other.spanInWords)）与\(unit(post.organizationID))（\(post.spanInWords)）；请选择合并后以哪一份的为主任职")
                case .survivor:
                    moved.isPrimary = false
                case .absorbed where demoted.insert(other.id).inserted:
                    var secondary = other
                    secondary.isPrimary = false
                    demote.append(.update(other, to: secondary))
                case .absorbed: break
                }
            }
            moves.append(.update(post, to: moved))
        }
        return gone + demote + moves
    }
}

extension OrgHistory {
    /// Why a post does not lie within the life of its unit: `appointment.unitUnborn`, `appointment.unitClosed`. Nil where it does.
    package func refusal(of post: Appointment) -> Refusal? {
        guard let founded = founded(post.organizationID), let closed = closed(post.organizationID) else { return Self.missing }
        let name = name(post.organizationID)
        if post.from < founded { return Refusal("appointment.unitUnborn", "“\(name)”\(founded) 才成立；请核对任职日期") }
        if post.from >= closed { return Refusal("appointment.unitClosed", "“\(name)”已于 \(closed) 撤销；请核对任职日期或另选单位") }
        if post.to > closed { return Refusal("appointment.unitClosed", "“\(name)”自 \(closed) 起撤销；请填不晚于那一天的离任日期") }
        return nil
    }
}

extension Appointment {
    /// Whether the post is one beside the own ones, in a unit where the person is not at home.
    package func isSideways(from posts: [Appointment], on day: Day) -> Bool {
        guard !isPrimary, let home = posts.home(on: day) else { return false }
        return home.organizationID != organizationID
    }
}

extension [Appointment] {
    /// The post that says whose somebody is on a day: the primary one that began last, one that is to come only where
    /// none has begun; without any primary post the one that began last.
    package func home(on day: Day) -> Appointment? {
        let primary = filter(\.isPrimary), all = primary.isEmpty ? self : primary
        return all.filter { $0.from <= day }.max { ($0.from, $0.to, $0.id) < ($1.from, $1.to, $1.id) } ?? all.min { ($0.from, $0.id) < ($1.from, $1.id) }
    }
}
