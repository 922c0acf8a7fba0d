import Approvals
import Kit

/// 有误反映: a person says that something in the own record is wrong. Nobody corrects it but the responsible officer,
/// who answers; the answer comes back as a message.
package struct Objection: Sendable {
    /// The longest text, in characters.
    package static let length = 1...500

    package let approval: Approval
    package let deeds: [ApprovalDeed]

    package var personID: Int64 { approval.content.int("person_id") ?? 0 }
    /// What it is about, in words: 培训记录“…”.
    package var about: String { approval.content.text("about") ?? "" }
    /// What it is about where a training is not there at all.
    package static let missing = "没有登记的一次培训"
    /// What is said, in one sentence.
    package static func complaint(about: String) -> String { about == missing ? "有一次培训没有登记" : "\(about)有误" }
    package var text: String { approval.content.text("text") ?? "" }
    /// The officer's page where it can be set right.
    package var link: String { approval.content.text("link") ?? "" }
    package var asked: ActRecord? { deeds.first?.act }
    /// The officer's answer; nil while it is open.
    package var answer: ApprovalDeed? { approval.state.isOpen ? nil : deeds.last { $0.verb.isDecision } }

    package init(approval: Approval, deeds: [ApprovalDeed]) {
        self.approval = approval
        self.deeds = deeds
    }

    /// What has become of it, for the person.
    package var state: String {
        switch approval.state {
        case .asked, .returned: "等待答复"
        case .consented: "已更正"
        case .declined: "已答复：记录无误"
        case .withdrawn: "已撤回"
        }
    }

    /// What the person wrote, as it may stand. Refusals `objection.empty`, `objection.long`.
    package static func checked(_ text: String) throws(Refusal) -> String {
        guard !text.isEmpty else { throw Refusal("objection.empty", "还没有写哪里有误；请写清应当是什么，例如“我参加了 3 天，不是 2 天”。") }
        guard text.fits(length.upperBound) else { throw Refusal("objection.long", "写了 \(text.count) 个字，超过 \(length.upperBound) 个；请写短一些。") }
        return text
    }
}
