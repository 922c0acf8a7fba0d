import Rules
import Synchronization

/// The policies in force in this process, replaced as a whole when their files have changed: whoever asks gets those of this moment.
package final class PolicyShelf: Sendable {
    private struct State {
        var library: PolicyLibrary
        var words: RosterWords
        var edition = 0
        var problem: String?
    }
    private let state: Mutex<State>

    package init(_ library: PolicyLibrary) { state = Mutex(State(library: library, words: RosterWords(library))) }

    package var library: PolicyLibrary { state.withLock { $0.library } }
    /// The words of workbooks and screens that come with them.
    package var words: RosterWords { state.withLock { $0.words } }
    /// The policies, and a number that grows each time they are replaced.
    package var edition: (library: PolicyLibrary, number: Int) { state.withLock { ($0.library, $0.edition) } }

    /// Why what the files hold now is not in force; nil where it is.
    package var problem: String? { state.withLock { $0.problem } }

    /// Tells why the files as they are now cannot be taken in; what was in force stays so.
    package func refuse(_ problem: String) { state.withLock { $0.problem = problem } }

    package func put(_ library: PolicyLibrary) {
        let words = RosterWords(library)
        state.withLock { $0 = State(library: library, words: words, edition: $0.edition + 1) }
    }
}
