import Approvals
import Kit
import Register

/// 有误反映 as officers see it.
enum ObjectionPages {
    static func shown(_ objection: Objection, _ person: Person) -> ApprovalShown {
        let isOpen = objection.approval.state.isOpen
        var shown = ApprovalShown(
            subtitle: "本人说自己的档案里有不对的地方",
            answer: isOpen ? "等待答复。核对后如确实有误，请先更正，再回到这里答复。" : "\(objection.state)。",
            facts: [
                ("谁", "<a class=\"door\" href=\"/people/\(person.id)\">\(person.name)</a>"),
                ("哪一项", objection.link.isEmpty ? "\(objection.about)" : "<a class=\"door\" href=\"\(objection.link)\">\(objection.about)</a>"),
                ("本人说", "<blockquote>\(objection.text)</blockquote>"),
            ],
            forms: [
                .consent: ApprovalShown.Form("确实有误，已经更正", note: objection.about == Objection.missing ? "确实参加过的，先打开上面的链接登记，再答复。" : "先打开“\(objection.about)”核对；有误的更正以后再答复。"), .decline: ApprovalShown.Form("核对无误，没有改动"),
                .takeBack: ApprovalShown.Form("撤回答复", note: "撤回后重新等待答复。"),
            ])
        shown.hint = "必填：写明核对的结果，本人会在通知里看到这句话和您的姓名。"
        return shown
    }
}
