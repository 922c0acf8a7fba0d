import Kit

/// A kind of work that outlasts a request, and what its feature does for it.
package struct FeatureJob: Sendable {
    package let kind: JobKind
    private let work: @Sendable (House, JobAtWork) async throws -> Void
    private let ended: @Sendable (House, EndedJob, Writing) throws -> Void

    /// `work` runs on a thread of its own, without any transaction, and what it throws has it tried again after a pause. `ended` tells
    /// whoever waits that it will not be done, in the act by which it counts as failed or is given up.
    package init(
        _ kind: JobKind, ended: @escaping @Sendable (House, EndedJob, Writing) throws -> Void = { _, _, _ in },
        work: @escaping @Sendable (House, JobAtWork) async throws -> Void
    ) {
        self.kind = kind
        self.work = work
        self.ended = ended
    }

    package func work(in house: House) -> JobWork {
        JobWork(kind, work: { [work] in try await work(house, $0) }, ended: { [ended] in try ended(house, $0, $1) })
    }
}
