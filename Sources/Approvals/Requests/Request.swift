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

    /// What is asked for. Each feature that has something decided names its own.
    package struct Kind: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
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

    /// The person whose own the request is; nil where it is about no one's file, or the file may not be told by it.
    package var personID: Int64? { content.int("person_id") }

    /// The state after a decision. Throws `request.decided` for a request that is no longer open,
    /// and `request.noReason` for a refusal without one. `word` is what the request is called.
    package func deciding(_ state: State, word: String, why: String) throws -> Request {
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
