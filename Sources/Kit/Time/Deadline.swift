/// A moment by which something must be done, by a clock that nobody sets.
package struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    package init(seconds: Int) { end = .now + .seconds(seconds) }

    package var isPast: Bool { ContinuousClock.now >= end }
}
