import Kit
import Testing

/// A suite whose tests run on threads of their own: whatever one of them blocks or computes,
/// the others go on. Every suite has this trait; Tidy sees to it.
package struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    package func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        try await withTaskExecutorPreference(ElasticThreads.shared) { try await function() }
    }
}

extension Trait where Self == OwnThreads {
    package static var ownThreads: Self { Self() }
}

/// Runs the body while something is served, which says on which port once it is, and ends with the body by being cancelled.
///
/// What is served is no part of the test's task, so that it runs on Swift's own threads as it does for users. On the test's
/// it could stop for ever: async-algorithms' merge resumes a task under the lock that its handler of cancellation takes,
/// and resuming on a preferred executor asks for the lock that cancelling holds.
package func beside(
    _ serve: @escaping @Sendable (_ ready: @escaping @Sendable (Int) async -> Void) async throws -> Void, _ body: (Int) async throws -> Void
) async throws {
    let (ports, ready) = AsyncStream<Int>.makeStream()
    let server = Task {
        defer { ready.finish() }
        try await serve { ready.yield($0) }
    }
    var outcome: Result<Void, any Error>?
    for await port in ports {
        do { outcome = .success(try await body(port)) } catch { outcome = .failure(error) }
        break
    }
    server.cancel()
    let ended = await server.result
    // Where it never began to serve, it says why.
    try (outcome ?? ended).get()
}

/// Asks every few moments until it is so; refuses after a time that no machine needs.
package func eventually(_ isSo: () async throws -> Bool, at file: StaticString = #fileID, line: UInt = #line) async throws {
    for _ in 0..<24_000 {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(25))
    }
    throw Refusal("test.never", "\(file):\(line) 等了十分钟仍不是这样。")
}
