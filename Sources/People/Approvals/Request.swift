import Kit

/// What somebody asks and somebody else decides. One shape for every kind; the kind says what happens on consent.
package struct Request: Hashable, Sendable, Identifiable {
    package enum State: String, CaseIterable, Sendable {
        case asked, consented, declined, withdrawn

        package var word: String {
            switch self {
            case .asked: "待办"
            case .consented: "已同意"
            case .declined: "已退回"
            case .withdrawn: "已撤销"
            }
        }
    }

    package enum Kind: String, CaseIterable, Sendable {
        /// 调入 and 兼任: the subject is a person, the content the appointment that is to begin; a side post where it is not primary.
        case transfer
        /// 有误反映: the subject is what is said to be wrong in a person's own record, the content an `Objection`.
        case recordObjection = "record.objection"
        /// 依法删除: the subject is a person, the content the ground. See `Erasure`.
        case erasure = "person.erase"

        package var word: String {
            switch self {
            case .transfer: "调入"
            case .recordObjection: "有误反映"
            case .erasure: "删除档案"
            }
        }
    }

    package let id: Int64
    package let kind: Kind
    package let subjectID: Int64
    /// The unit that asks.
    package let organizationID: Int64
    /// The unit whose officers, or those of a unit above it, decide.
    package let deciderID: Int64
    package let content: RowImage
    package var state: State

    package init(id: Int64, kind: Kind, subjectID: Int64, organizationID: Int64, deciderID: Int64, content: RowImage, state: State = .asked) {
        self.id = id
        self.kind = kind
        self.subjectID = subjectID
        self.organizationID = organizationID
        self.deciderID = deciderID
        self.content = content
        self.state = state
    }

    /// What the request is called: one for a side post bears another name than one for the person.
    package var word: String { kind == .transfer && !content.bool("is_primary") ? "兼任" : kind.word }

    /// Whose own what is asked about is.
    var personID: Int64? { kind == .transfer ? subjectID : content.int("person_id") }

    /// The state after a decision. Throws `request.decided` for a request that is no longer open,
    /// and `request.noReason` for a refusal without one.
    package func deciding(_ state: State, why: String) throws -> Request {
        guard self.state == .asked else {
            throw Refusal("request.decided", "这份\(word)申请\(self.state.word)，不用再办；本页显示的就是结果")
        }
        guard state != .declined || !why.allSatisfy(\.isWhitespace) else {
            throw Refusal("request.noReason", "退回时要写明原因，申请单位才知道怎样改")
        }
        var decided = self
        decided.state = state
        return decided
    }
}

/// A state of a request, with who brought it about and when.
package struct RequestStep: Hashable, Sendable {
    package let state: Request.State
    package let act: ActRecord
}
