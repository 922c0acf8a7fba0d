import Access
import Kit

extension Feature {
    /// What is asked for and decided, of whatever kind.
    package static let requests = Feature(
        subjects: ["request": "申请"],
        columns: [
            "content": "内容", "decider_id": "决定单位", "subject_id": "对象",
        ],
        keepers: RequestStore.keepers
    )
}
