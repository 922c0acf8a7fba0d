import Access
import Kit

extension Erasing {
    /// What becomes of the approvals of a kind when a file is deleted: open ones are in its way; of the others what was written goes, that they were stays.
    /// `about` finds those about files; by their subjects where nothing else is said.
    package static func approvals(
        _ kind: ApprovalKind, goes words: String,
        about: (@Sendable ([Int64], Reading) throws -> [Approval])? = nil
    ) -> Erasing {
        let about = about ?? { files, db in try ApprovalStore.all(kind.key, about: files, in: db) }
        return Erasing(
            held: { erased, db in Erasing.Held(undecided: try about(erased.files, db).count { $0.state.isOpen }, goes: [(kind.word, words)]) },
            links: { files, db in try about(files, db).flatMap(\.links) },
            forget: { erased, db in for approval in try about(erased.files, db) { try ApprovalStore.forget(approval, leaving: kind.forgotten, in: db) } })
    }
}
