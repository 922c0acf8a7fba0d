/// A moment by which something must be done, by a clock that nobody sets.
package struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    package init(seconds: Int) { end = .now + .seconds(seconds) }

    package var isPast: Bool { ContinuousClock.now >= end }
}

/// How fast something must come in, from now on: at least so many bytes a second after a while of grace.
package struct Pace: Sendable {
    private let start = ContinuousClock.now
    private let graceSeconds: Int
    private let bytesPerSecond: Int

    package init(graceSeconds: Int = 30, bytesPerSecond: Int = 1024) {
        self.graceSeconds = graceSeconds
        self.bytesPerSecond = bytesPerSecond
    }

    package func isKept(bytes: Int) -> Bool {
        ContinuousClock.now - start <= .seconds(graceSeconds + bytes / bytesPerSecond)
    }
}
