import Kit
import Testing

/// A suite whose tests, and the servers they start, run on threads of their own: whatever one of them blocks or computes,
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

/// Asks every few moments until it is so; refuses after a time that no machine needs.
package func eventually(_ isSo: () async throws -> Bool, at file: StaticString = #fileID, line: UInt = #line) async throws {
    for _ in 0..<24_000 {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(25))
    }
    throw Refusal("test.never", "\(file):\(line) 等了十分钟仍不是这样。")
}
