import Foundation

/// Which workers do a piece of work. They are apart, so that what is small never stands behind what takes minutes.
package enum JobLane: String, Sendable, CaseIterable {
    /// Done in moments: a reminder, a message, a sweep.
    case small
    /// Takes seconds and keeps a reader, and somebody waits for it: an export.
    case medium
    /// Takes long or much of the machine: an import.
    case large

    /// How many one server works on at once.
    package var atOnce: Int {
        switch self {
        case .small: 32
        case .medium, .large: 2
        }
    }

    /// Whether of one account only one piece is worked on at a time, on all servers together.
    package var isOneEach: Bool { self != .small }
}

/// A kind of work that outlasts a request: a value of the feature that brings it.
package struct JobKind: Sendable, Hashable {
    /// A dotted English key, `import.judge`: it stands in the database.
    package let key: String
    /// As screens call it.
    package let word: String
    package let lane: JobLane
    /// How often it is tried before it counts as failed.
    package let attempts: Int
    /// Seconds to wait after the first attempt, the second and so on; the last one holds for all further.
    package let pauses: [Int]
    /// When it falls due by itself; nil for one that only acts bring about.
    package let schedule: JobSchedule?

    package init(_ key: String, _ word: String, lane: JobLane = .small, attempts: Int = 5, pauses: [Int] = [10, 60, 600, 3600], schedule: JobSchedule? = nil) {
        self.key = key
        self.word = word
        self.lane = lane
        self.attempts = attempts
        self.pauses = pauses
        self.schedule = schedule
    }

    /// When it is tried again after so many attempts, from a moment on; nil where it is not.
    package func next(after attempts: Int, now: Int64) -> Int64? {
        guard attempts < self.attempts else { return nil }
        return now + Int64(pauses.isEmpty ? 0 : pauses[max(0, min(attempts, pauses.count) - 1)]) * 1000
    }
}

/// When a kind of work falls due by itself, in China's time.
package enum JobSchedule: Sendable, Hashable {
    case hourly(minute: Int)
    case daily(hour: Int, minute: Int = 0)
    /// 29 February is 28 February where there is none.
    case yearly(month: Int, day: Int, hour: Int)

    /// The latest moment not after `now` at which it fell due, milliseconds: the slot that is worked on once, whoever serves.
    package func slot(at now: Int64) -> Int64 {
        let today = Clock.day(ofMilliseconds: now)
        switch self {
        case .hourly(let minute):
            let hour: Int64 = 3_600_000, at = Int64(minute) * 60_000, start = Clock.start(of: today)
            return start + at + Self.floor(now - start - at, by: hour)
        case .daily(let hour, let minute):
            let at = Int64(hour * 60 + minute) * 60_000
            return [today, today - 1].map { Clock.start(of: $0) + at }.first { $0 <= now } ?? now
        case .yearly(let month, let day, let hour):
            let slots = [today.year, today.year - 1].map { year -> Int64 in
                let on = Day(year, month, day) ?? Day(year, month, day - 1) ?? .firstDay(of: year)
                return Clock.start(of: on) + Int64(hour) * 3_600_000
            }
            return slots.first { $0 <= now } ?? now
        }
    }

    /// The largest multiple that is not larger.
    private static func floor(_ value: Int64, by step: Int64) -> Int64 { value >= 0 ? value / step * step : -((-value + step - 1) / step * step) }
}

/// How a piece of work stands.
package enum JobState: String, Sendable, CaseIterable {
    case waiting, working, done
    /// Tried as often as its kind allows: somebody has to look.
    case failed
    /// Nobody will do it.
    case givenUp
}

/// How far a piece of work has come, as pages show it.
package struct JobProgress: Sendable, Hashable {
    package var done = 0
    package var total: Int?
    /// Since when it is worked on, milliseconds.
    package var since: Int64

    package init(done: Int = 0, total: Int? = nil, since: Int64) {
        self.done = done
        self.total = total
        self.since = since
    }

    /// Pieces a second until now.
    package func rate(now: Int64) -> Int { done / max(1, Int(clamping: (now - since) / 1000)) }

    /// Seconds that remain at this rate; nil where that is not known.
    package func secondsLeft(now: Int64) -> Int? {
        let rate = rate(now: now)
        guard let total, rate > 0, total > done else { return nil }
        return (total - done) / rate + 1
    }
}

/// A piece of work as a list of them shows it: nothing of what it is about.
package struct JobLine: Sendable, Hashable {
    package let id: Int64
    package let kind: String
    package let state: JobState
    package let attempts: Int
    /// When it was enqueued, and from when on it may be worked on, milliseconds.
    package let enqueued: Int64, due: Int64
    /// Why the last attempt, or the whole, did not succeed.
    package let why: String
    package let progress: JobProgress
    /// Who has it in hand: a server's process.
    package let worker: String
    /// How often it has failed for good, where it was begun again after that.
    package let failures: Int

    /// The machine and process that has it in hand, for whoever looks for it there.
    package var server: String {
        let parts = worker.split(separator: "/").prefix(2)
        return parts.count == 2 ? "\(parts[0])（进程 \(parts[1])）" : worker
    }

    /// Why it cannot be tried again now.
    package func checkRetry(now: Int64) throws(Refusal) {
        guard state == .failed || state == .waiting && due > now else {
            throw Refusal("job.state", "这件后台工作现在不能再试：它正在办、已经办完、已经放弃，或者已经排上队。请刷新页面看它现在的情况。")
        }
    }

    /// Why it cannot be given up.
    package func checkGivingUp() throws(Refusal) {
        guard [.waiting, .working, .failed].contains(state) else {
            throw Refusal("job.state", "这件后台工作已经办完或已经放弃，没有什么可放弃的。请刷新页面看它现在的情况。")
        }
    }
}

/// Why a piece of work did not succeed, in a sentence for whoever runs the system: it tells nothing of anybody.
package enum JobFailure {
    /// The server that had it in hand is gone.
    package static let crash = "处理它的服务中途停止"

    /// What refuses because of the machine says so itself; what the rules of the business refuse may name people.
    package static func sentence(_ error: any Error) -> String {
        switch error {
        case let refusal as Refusal: return isOfMachine(refusal) ? refusal.sentence : "被业务规则拒绝（\(refusal.name)）。"
        case is CancellationError: return "服务停止时还没有办完。"
        default: return "程序出错（\(type(of: error))）；请把这一行告诉软件维护人员。"
        }
    }

    /// The same for the service log, with what only who runs the machine should read: words of the engine, statements without their values.
    static func line(_ error: any Error) -> String {
        switch error {
        case let refusal as Refusal where isOfMachine(refusal): "\(refusal.name)：\(refusal)"
        case let fault as DatabaseFault: "\(sentence(fault)) \(fault)"
        case let broken as ConstraintBroken: "\(sentence(broken)) \(broken)"
        default: sentence(error)
        }
    }

    /// What is nobody's fault but the machine's, whether or not trying again mends it: keys and where results are written, too.
    package static func isOfMachine(_ refusal: Refusal) -> Bool { isPassing(refusal) || ["key", "output"].contains(refusal.name.prefix { $0 != "." }) }

    /// Whether the machine refuses and not the matter: a full disk, little memory, a database that is away. Such work is tried again.
    package static func isPassing(_ refusal: Refusal) -> Bool {
        ["database", "typesetting", "scratch", "job", "line"].contains(refusal.name.prefix { $0 != "." })
            || [Refusal.cannotWriteName, Refusal.cannotReadName, Refusal.memory.name].contains(refusal.name)
    }

    package static let lost = Refusal("job.lost", "这件后台工作已由别的服务接手或已被放弃，这一次的结果没有保存。")
}
