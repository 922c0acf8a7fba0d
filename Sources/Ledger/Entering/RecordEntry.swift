import Kit
import Rules

/// 登记培训: one training and those who were there, as a page has it; judged as the same rows of a workbook would be.
struct RecordEntry: Sendable {
    var record: TrainingRecord
    /// In the order in which they were chosen.
    var people: [Int64]

    /// What becomes of one of them.
    enum Outcome: Sendable, Hashable {
        case new
        /// Stands already.
        case known
        case refused(String)
    }

    /// What becomes of all.
    struct Plan: Sendable {
        var outcomes: [(person: Int64, outcome: Outcome, hints: [String])] = []
        var steps: [(personID: Int64, step: Posting.Step)] = []
        var new: Int { outcomes.count { $0.outcome == .new } }
        var known: Int { outcomes.count { $0.outcome == .known } }
        var refused: Int { outcomes.count - new - known }

        /// What was previewed, so that nothing else is done.
        var digest: String {
            Fingerprint.text(of: steps.map { "\($0.personID) \($0.step.sourceKey) \($0.step.revision)" }.joined(separator: "\n"))
        }
    }
}
