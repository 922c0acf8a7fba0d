import Access
import Approvals
import Kit

extension Feature {
    /// 有误反映, as the officers answer it; a person writes one in 我的档案.
    package static let objections = Feature(
        "有误反映",
        acts: [
            ("objection.ask", "反映档案有误"),
            ("objection.withdraw", "收回反映"),
            ("objection.answer", "答复反映"),
        ],
        erasing: .approvals(.objection, goes: "里面写的内容", about: ObjectionStore.all), brings: [ApprovalKind.objection, ToldElsewhere(["objection.ask"])])
}
