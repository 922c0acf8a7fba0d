import Figures
import Kit
import Synchronization

/// Pages made of the facts, kept until one of them changes: units open the same page many times a day.
final class KeptPages: Sendable {
    private struct State {
        var stamp: Facts.Stamp?
        var pages: [String: Page] = [:]
    }
    private let state = Mutex(State())
    /// A page of a unit with many below it is some 80 KB.
    private static let most = 200

    /// What `make` makes of the view, or made of it before under the same key, which says everything else it depends on.
    func page(_ key: String, of view: Facts.View, make: @escaping @Sendable () -> Page) async throws -> Page {
        let stamp = view.stamp
        if let kept = state.withLock({ $0.stamp == stamp ? $0.pages[key] : nil }) { return kept }
        let page = try await onThread { make() }
        state.withLock { state in
            if state.stamp != stamp || state.pages.count >= Self.most { state = State(stamp: stamp) }
            state.pages[key] = page
        }
        return page
    }
}
