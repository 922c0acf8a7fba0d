import Kit
import Register

/// 调入 and 兼任: a post in the asking unit. The first day of a primary one ends the person's present primary post
/// elsewhere; a side post leaves it as it is. Pages and workbooks ask here whether somebody else has to consent.
package enum Transfer {
    /// What an officer is to do for the post to begin: nothing more, or the consent of the unit that lets the person go.
    package enum Way: Hashable, Sendable {
        /// Nobody else has a word in it.
        case appoint
        /// The old post is the officer's own to end.
        case move(from: Appointment)
        /// The officers of the old post's unit, or of a unit above both, are asked.
        case ask(from: Appointment)
    }

    /// `mayKeep` says whether the officer may change posts in a unit.
    ///
    /// Whatever its span, a post opens the person's file to its unit: so somebody who is in office elsewhere, now or from a
    /// day to come, is asked for even where the post itself would be in nobody's way. Somebody in office nowhere begins anew
    /// where they like; but a post that is over already would only take the file from the unit that keeps it.
    package static func way(to post: Appointment, posts: [Appointment], today: Day, mayKeep: (Int64) -> Bool) -> Way {
        guard let old = holder(of: post, posts: posts, today: today) else {
            guard let last = keeper(of: post, posts: posts, today: today), !mayKeep(last.organizationID) else { return .appoint }
            return .ask(from: last)
        }
        if mayKeep(old.organizationID) { return post.isPrimary && old.id == inTheWay(of: post, posts)?.id ? .move(from: old) : .appoint }
        // Who keeps one post of theirs by consent has their file already; another beside it, no longer than that one, opens nothing.
        if !post.isPrimary, posts.contains(where: { $0.to > today && $0.to >= post.to && mayKeep($0.organizationID) }) { return .appoint }
        return .ask(from: old)
    }

    /// Whether a post may be changed so: one that becomes the primary one takes the person over as a new one would, and a side
    /// post that lasts longer than was consented to is judged as another. Throws `transfer.consent`.
    package static func checkChange(
        of old: Appointment, to new: Appointment, posts: [Appointment], today: Day, mayKeep: (Int64) -> Bool, ask: (Int64) -> String? = { _ in nil }
    ) throws(Refusal) {
        guard !old.isPrimary, new.isPrimary || new.to > old.to else { return }
        if case .ask(let holder) = way(to: new, posts: posts.filter { $0.id != old.id }, today: today, mayKeep: mayKeep) {
            throw consentNeeded(for: new, ask: ask(holder.organizationID))
        }
    }

    /// What is told where consent cannot be asked for on the spot. Somebody outside is asked for by name and whole number
    /// together, so no more is told than that there is somebody.
    package static func consentNeeded(for post: Appointment, ask: String?) -> Refusal {
        Refusal(
            "transfer.consent",
            "此人的档案在您管理的单位以外，\(post.isPrimary ? "调入" : "兼任")要先征得那个单位的组织人事管理员同意，没有登记；请在“调入申请”里按姓名和完整的证件号码提出\(ask.map { "（可先问\($0)）" } ?? "")")
    }

    /// Whether consent can still be given: the unit that was asked is still the one that has a word in it.
    /// Throws `transfer.ended` and `transfer.moved`.
    package static func checkConsent(to post: Appointment, askedOf unit: Int64, unitName: @autoclosure () throws -> String, posts: [Appointment], today: Day) throws {
        guard let old = holder(of: post, posts: posts, today: today) ?? keeper(of: post, posts: posts, today: today) else {
            throw Refusal("transfer.ended", "此人在“\(try unitName())”的主任职已在 \(post.from) 以前结束，不用再同意；申请单位撤销这份申请后，可以直接登记任职")
        }
        guard old.organizationID == unit else {
            throw Refusal("transfer.moved", "提出申请以后，此人的主任职已不在“\(try unitName())”；请写明情况退回，由申请单位重新提出")
        }
    }

    /// A refusal as it is told to somebody who may not know where the person is: without unit, post and days.
    package static func hiding(_ refusal: Refusal) -> Refusal {
        let sentence: String? = switch refusal.name {
        case "transfer.tooEarly": "到任日期不晚于此人现主任职的任职日期；请核对到任日期"
        case "appointment.primaryOverlap": "此人另有主任职与这个任期重叠；请核对到任日期，或与收到申请的单位商定"
        case "transfer.asked": "此人已有一份调入或兼任申请在办；请等那一份办结再提出"
        default: nil
        }
        return sentence.map { Refusal(refusal.name, $0) } ?? refusal
    }

    /// The post whose unit has a word in whether another begins: the primary one that it would end, else the one that the
    /// person is at home by, today or next. Nil for somebody who is in office nowhere.
    static func holder(of post: Appointment, posts: [Appointment], today: Day) -> Appointment? {
        (post.isPrimary ? inTheWay(of: post, posts) : nil) ?? present(posts, today: today)
    }

    /// The last post of somebody in office nowhere, where another is entered that is over as well: its unit keeps the file.
    private static func keeper(of post: Appointment, posts: [Appointment], today: Day) -> Appointment? {
        post.to <= today ? posts.home(on: today) : nil
    }

    /// The unit that a post takes the file of somebody from who is in office nowhere; nil where it takes it from nobody else's.
    package static func former(before post: Appointment, posts: [Appointment], today: Day, mayKeep: (Int64) -> Bool) -> Int64? {
        guard post.to > today, present(posts, today: today) == nil, let last = posts.home(on: today)?.organizationID else { return nil }
        return mayKeep(last) ? nil : last
    }

    /// The post somebody is at home by, today or next; nil where none runs or is to come.
    static func present(_ posts: [Appointment], today: Day) -> Appointment? { posts.filter { $0.to > today }.home(on: today) }

    private static func inTheWay(of post: Appointment, _ posts: [Appointment]) -> Appointment? {
        var primary = post
        primary.isPrimary = true
        return posts.first { $0.isPrimary && $0.overlaps(primary) }
    }
}
