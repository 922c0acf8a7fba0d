import Synchronization

/// Wakes whoever waits for something to do. A ring that nobody hears is not lost: who has heard so many waits for one more.
package final class Bell: Sendable {
    private struct Waiting {
        let continuation: CheckedContinuation<Void, Never>
        let timer: Task<Void, Never>

        func end() {
            timer.cancel()
            continuation.resume()
        }
    }
    private struct State {
        var rings: UInt64 = 0, next = 0
        var waiting: [Int: Waiting] = [:]
    }
    private let state = Mutex(State())

    package init() {}

    /// How often it has rung.
    package var rings: UInt64 { state.withLock { $0.rings } }

    package func ring() {
        let waiting = state.withLock { state in
            state.rings &+= 1
            defer { state.waiting = [:] }
            return state.waiting
        }
        for one in waiting.values { one.end() }
    }

    /// Waits until it has rung more often than that, the time is over, or the task is cancelled.
    package func wait(after heard: UInt64, milliseconds: Int) async {
        let place = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard state.rings == heard, !Task.isCancelled else { return false }
                    // It can end nothing before this lock is let go.
                    let timer = Task { [self] in
                        try? await Task.sleep(for: .milliseconds(milliseconds))
                        end(place)
                    }
                    state.waiting[place] = Waiting(continuation: continuation, timer: timer)
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            end(place)
        }
    }

    private func end(_ place: Int) { state.withLock { $0.waiting.removeValue(forKey: place) }?.end() }
}
