import Kit

/// Units that end with people in them: what becomes of the posts.
extension OrganizationStore {
    /// The unit ends on `day`. People still in post there are refused, unless `endingPosts` ends their posts on that day;
    /// children likewise, unless `childrenTo` says where they go.
    package static func close(_ id: Int64, on day: Day, childrenTo: Int64?? = nil, endingPosts: Bool = false, in db: Writing) throws {
        let history = try history(in: db)
        let edits = try history.closing(id, on: day, childrenTo: childrenTo)
        let posts = try RosterStore.posts(in: [id], endingAfter: day, in: db)
        if !posts.isEmpty {
            guard endingPosts else {
                throw hasPosts(history.name(id), posts, on: day)
            }
            if let later = posts.first(where: { $0.from >= day }) {
                throw Refusal("organization.laterPost", "“\(history.name(id))”有 \(later.from) 才开始的任职；请先更正或撤回那条任职")
            }
            try RosterStore.apply(
                posts.map { post in
                    var ended = post
                    ended.to = day
                    return .update(post, to: ended)
                }, in: db)
        }
        try apply(edits, in: db)
    }

    /// Why a unit does not end on a day while people are in post there.
    package static func hasPosts(_ unit: String, _ posts: [Appointment], on day: Day) -> Refusal {
        Refusal("organization.hasPosts", "“\(unit)”在 \(day) 还有 \(Set(posts.map(\.personID)).count) 人在任；请先办理离任或调动，或在撤销时一并离任")
    }

    /// `absorbed` ends on `day`; its children and the people in post there go on in `survivor` from that day.
    package static func merge(_ absorbed: Int64, into survivor: Int64, from day: Day, in db: Writing) throws {
        let history = try history(in: db)
        let edits = try history.merging(absorbed, into: survivor, from: day)
        let posts = try RosterStore.posts(in: [absorbed], endingAfter: day, in: db)
        var shorten: [AppointmentEdit] = [], go: [AppointmentEdit] = []
        for post in posts {
            var next = post
            next.organizationID = survivor
            if post.from >= day {
                go.append(.update(post, to: next))
            } else {
                var ended = post
                ended.to = day
                shorten.append(.update(post, to: ended))
                next.id = 0
                next.from = day
                go.append(.insert(next))
            }
        }
        do {
            try db.attempt { try RosterStore.apply(shorten + go, in: db) }
        } catch is ConstraintBroken {
            throw Refusal(
                "organization.mergePosts",
                "有人自 \(day) 起在两个单位任同一职务，无法并入；请先更正其中一条任职，再办理合并")
        }
        try apply(edits, in: db)
    }
}
