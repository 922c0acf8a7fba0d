import Access
import Kit
import Register

extension Feature {
    /// Posts on which grants rest: whoever changes one, in whatever way, is asked about the grants. The command line and the
    /// program itself may.
    package static let grantedPosts = Feature(
        guards: [
            RowGuard("appointment") { id, before, after, db in
                guard case .account(let actor, _) = db.act.who else { return }
                let refusal = try GrantedPost.refusal(
                    of: actor, changing: id, from: before.map(RosterStore.appointment), to: after.map(RosterStore.appointment), on: Clock.day(ofMilliseconds: db.now), in: db)
                if let refusal { throw refusal }
            },
        ]
    )
}
