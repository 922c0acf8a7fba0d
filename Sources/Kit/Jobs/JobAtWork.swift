import Foundation
import Synchronization

/// What an act hands to a piece of work: it may be personal, and is kept sealed.
package struct JobPayload: Sendable {
    private let bytes: [UInt8]
    private let numbers: PersonalNumbers

    package init(_ value: some Encodable, _ numbers: PersonalNumbers) throws {
        bytes = [UInt8](try JSONEncoder().encode(value))
        self.numbers = numbers
    }

    func sealed(_ context: String) throws -> [UInt8] { try numbers.sealBytes(bytes, context: context) }
}

/// A piece of work in the hands of whoever does it.
package final class JobAtWork: Sendable {
    package let id: Int64
    package let kind: JobKind
    /// What it is about, and whose act brought it about: an account, or nil for the program itself.
    package let subject: Int64?, asker: Int64?
    /// The how manieth time it is tried.
    package let attempt: Int
    /// When this attempt began, milliseconds.
    package let now: Int64
    let claim: JobStore.Claim
    private let payload: [UInt8]?
    private let measured: Mutex<JobProgress>
    private let wasFinished = Mutex(false)

    init(_ claim: JobStore.Claim, _ kind: JobKind, payload: [UInt8]?, now: Int64) {
        id = claim.id
        self.kind = kind
        subject = claim.subject
        asker = claim.asker == 0 ? nil : claim.asker
        attempt = claim.attempts
        self.now = now
        self.claim = claim
        self.payload = payload
        measured = Mutex(JobProgress(since: claim.now))
    }

    /// What the act that enqueued it handed over. Refusal `job.empty`.
    package func content<Content: Decodable>(_ type: Content.Type = Content.self) throws -> Content {
        guard let payload else { throw Refusal("job.empty", "这件后台工作缺少办理所需的内容，没有办。请运行 yugong verify 查明。") }
        return try JSONDecoder().decode(type, from: Data(payload))
    }

    /// Notes how far it has come; it costs nothing, however often.
    package func note(done: Int, total: Int?) {
        measured.withLock { progress in
            progress.done = done
            progress.total = total
        }
    }

    package var progress: JobProgress { measured.withLock { $0 } }

    /// Ends it in the act that is its effect: both are there or neither. Refusal `job.lost` where it is no longer in these hands,
    /// which undoes the act. What ends by itself need not say so.
    package func finish(in db: Writing) throws {
        try JobStore.finish(id, claim.number, in: db)
        wasFinished.withLock { $0 = true }
    }

    /// Throws `job.lost` where it is no longer in these hands: before an effect that cannot be undone, and in each of several acts.
    package func requireHeld(in db: Reading) throws {
        guard try JobStore.isHeld(id, claim.number, in: db) else { throw JobFailure.lost }
    }

    /// Whether an act has ended it, if that act was kept.
    var mayBeFinished: Bool { wasFinished.withLock { $0 } }
}

/// A piece of work that nobody does any more: whoever waits for it is to be told.
package struct EndedJob: Sendable {
    package let kind: String
    package let subject: Int64?, asker: Int64
    /// Why, in a sentence that tells nothing of anybody.
    package let why: String
    /// Whether servers were gone each time it was tried.
    package let isCrash: Bool
}

/// What is done for a kind of work, on this server.
package struct JobWork: Sendable {
    package let kind: JobKind
    /// What it throws has it tried again after a pause.
    let work: @Sendable (JobAtWork) async throws -> Void
    /// In the act by which it counts as failed, or is given up.
    package let ended: @Sendable (EndedJob, Writing) throws -> Void

    package init(
        _ kind: JobKind, work: @escaping @Sendable (JobAtWork) async throws -> Void, ended: @escaping @Sendable (EndedJob, Writing) throws -> Void = { _, _ in }
    ) {
        self.kind = kind
        self.work = work
        self.ended = ended
    }
}
