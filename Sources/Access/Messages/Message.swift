/// 通知: one sentence to an account or a person, with a page to go to where something can be seen or done.
package struct Message: Hashable, Sendable, Identifiable {
    /// Whom a message is for. What concerns the sign-in itself goes to the account, everything else to the person.
    package enum Receiver: Hashable, Sendable {
        case account(Int64)
        case person(Int64)
    }

    package let id: Int64
    /// A dotted English key, for example `grant.given`.
    package let kind: String
    package let text: String
    /// A path of ours; empty where there is nothing further to see.
    package let link: String
    package let isRead: Bool
    package let sentMilliseconds: Int64
    /// Who did what the message tells of.
    package let who: String
}
