import Kit

/// 调入: a post in the asking unit whose first day ends the person's present primary post elsewhere.
package enum Transfer {
    /// What an officer is to do for the post to begin: nothing more, or the consent of the unit that lets the person go.
    package enum Way: Hashable, Sendable {
        /// No primary post is in the way.
        case appoint
        /// The old post is the officer's own to end.
        case move(from: Appointment)
        /// The officers of the old post's unit, or of a unit above both, are asked.
        case ask(from: Appointment)
    }

    /// `mayKeep` says whether the officer may end posts in a unit.
    package static func way(to post: Appointment, posts: [Appointment], mayKeep: (Int64) -> Bool) -> Way {
        guard let old = inTheWay(of: post, posts) else { return .appoint }
        return mayKeep(old.organizationID) ? .move(from: old) : .ask(from: old)
    }

    /// Whether consent can still be given: the post that was asked about is the one that would end.
    /// Throws `transfer.ended` and `transfer.moved`.
    package static func checkConsent(to post: Appointment, askedOf unit: Int64, unitName: String, posts: [Appointment]) throws {
        guard let old = inTheWay(of: post, posts) else {
            throw Refusal("transfer.ended", "此人在“\(unitName)”的主任职已在 \(post.from) 以前结束，不用再同意；申请单位撤销这份申请后，可以直接登记任职")
        }
        guard old.organizationID == unit else {
            throw Refusal("transfer.moved", "提出申请以后，此人的主任职已不在“\(unitName)”；请写明情况退回，由申请单位重新提出")
        }
    }

    /// A refusal as it is told to somebody who may not know where the person is: without unit, post and days.
    package static func hiding(_ refusal: Refusal) -> Refusal {
        let sentence: String? = switch refusal.name {
        case "transfer.tooEarly": "到任日期不晚于此人现主任职的任职日期；请核对到任日期"
        case "appointment.primaryOverlap": "此人另有主任职与这个任期重叠；请核对到任日期，或与收到申请的单位商定"
        case "transfer.asked": "此人已有一份调入申请在办；请等那一份办结再提出"
        default: nil
        }
        return sentence.map { Refusal(refusal.name, $0) } ?? refusal
    }

    private static func inTheWay(of post: Appointment, _ posts: [Appointment]) -> Appointment? {
        var primary = post
        primary.isPrimary = true
        return posts.first { $0.isPrimary && $0.overlaps(primary) }
    }
}
