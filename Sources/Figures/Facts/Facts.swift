import Access
import Foundation
import Kit
import Register
import Rules

/// The columns behind every figure, kept beside the database and following its tail: whoever asks gets figures that
/// hold everything committed so far, and only the first one after a start waits for a scan.
///
/// `@unchecked`: `state` is read and replaced under `lock`; following and computing happen under `work`, one at a time.
package final class Facts: @unchecked Sendable {
    package let database: Database
    private let shelf: PolicyShelf
    /// The policies as they are now.
    package var library: PolicyLibrary { shelf.library }
    private let snapshot: FactsSnapshot?
    private let lock = NSLock()
    private let work = NSLock()
    private var state: State?
    private var generations = 0
    /// What the file beside the database holds of this process's columns.
    private var kept: (generation: Int, followed: Int)?
    /// Columns that came from the file and were not held against the database yet.
    private var unchecked: Int?

    private struct State {
        var loaded: FactsStore.Loaded
        var history: OrgHistory
        var bindings: Bindings
        /// Of the policies that bindings are of, and the digest of the words that they are written in.
        var edition: Int
        var words: String
        /// Numbers of people and organisations hold as long as the generation: reading everything anew gives new ones.
        var generation: Int
        var cubes: [CubeKey: Kept] = [:]
        var trees: [Int32: OrgTree] = [:]
        var uses = 0
        /// Grows with every change of a fact.
        var version = 0
        /// How many entries and people came or changed since everything was read, from the database or from the file.
        var followed = 0
        var isFromFile = false

        struct Kept {
            var cube: Cube
            var lastUse: Int
        }
    }

    private struct CubeKey: Hashable {
        let policy: String
        let wording: Wording
        let year: Int
        let day: Int32
    }

    /// What a policy says: the digests of its file and of the words that it is written in. Who edits one file leaves the figures of the others as they are.
    private struct Wording: Hashable {
        let policy: String
        let vocabulary: String

        init(_ policy: Policy, _ words: String) { (self.policy, vocabulary) = (policy.digest, words) }
    }

    /// How many cubes are kept: the years of a policy at their ends, today, and a few days that were asked for.
    private static let kept = 12

    /// `snapshot`: where the columns are kept from one start to the next.
    package init(database: Database, shelf: PolicyShelf, snapshot: FactsSnapshot? = nil) {
        self.database = database
        self.shelf = shelf
        self.snapshot = snapshot
    }

    /// Which state of the facts a view is of.
    package struct Stamp: Hashable, Sendable {
        fileprivate let generation: Int
        fileprivate let version: Int
    }

    /// One consistent state of all facts. A value: figures taken from one view agree with each other.
    package struct View: Sendable {
        let facts: Facts
        let index: FactsIndex
        package let columns: Columns
        /// Every version of every organisation, as of the same moment.
        package let history: OrgHistory
        /// Which policies bind which of them.
        package let bindings: Bindings
        fileprivate let words: String
        fileprivate let generation: Int
        fileprivate let version: Int
    }

    /// The facts as committed now. Blocks for the scan when nothing is loaded yet.
    package func viewNow() throws -> View {
        let last = try database.readNow { try $0.lastID() }
        if let view = current(last) { return view }
        return try catchUp()
    }

    /// The facts as committed now, without blocking the caller's thread.
    package func view() async throws -> View {
        let last = try await database.lastID()
        if let view = current(last) { return view }
        return try await onThread { try self.catchUp() }
    }

    private func current(_ last: Int64) -> View? {
        lock.withLock {
            guard let state, state.loaded.last >= last, state.edition == shelf.edition.number else { return nil }
            return view(of: state)
        }
    }

    private func view(of state: State) -> View {
        View(
            facts: self, index: state.loaded.index, columns: state.loaded.columns, history: state.history, bindings: state.bindings, words: state.words,
            generation: state.generation, version: state.version)
    }

    private func catchUp() throws -> View {
        try work.withLock {
            let last = try database.readNow { try $0.lastID() }
            if let view = current(last) { return view }
            let (library, edition) = shelf.edition
            // The cubes are taken out, so that following changes them in place; who asks for one meanwhile waits for `work`.
            let taken = lock.withLock { () -> State? in
                let whole = state
                state?.cubes = [:]
                return whole
            }
            if var state = taken, edition == state.edition || FactsSnapshot.basis(library) == state.loaded.basis {
                if edition != state.edition {
                    let wordings = Set(library.policies.map { Wording($0, library.vocabularyDigest) })
                    (state.edition, state.words) = (edition, library.vocabularyDigest)
                    state.cubes = state.cubes.filter { wordings.contains($0.key.wording) }
                    state.bindings = Bindings(state.bindings.adoptions, library, state.history)
                    state.version += 1
                }
                let moved = try database.readNow { db -> FactsStore.Moved? in
                    guard let moved = try FactsStore.follow(&state.loaded, db, library) else { return nil }
                    if moved.chart {
                        state.history = try OrganizationStore.history(in: db)
                        state.trees = [:]
                    }
                    if moved.chart || moved.adoptions { state.bindings = try AdoptionStore.bindings(library, state.history, in: db) }
                    if !moved.isNothing { state.version += 1 }
                    return moved
                }
                if let moved {
                    state.followed += moved.count
                    let columns = state.loaded.columns
                    for key in Array(state.cubes.keys) { state.cubes[key]?.cube.follow(columns, people: moved.people) }
                    if state.loaded.columns.tailCount > 1 << 20 { state.loaded.columns = state.loaded.columns.compacted() }
                    let caughtUp = state
                    return lock.withLock {
                        self.state = caughtUp
                        return view(of: caughtUp)
                    }
                }
            }
            // Of a file that this process has read or written itself nothing is to be had: what it could follow it has.
            if taken == nil, generations == 0, let view = try readFile(library, edition) { return view }
            return try readAnew(library, edition)
        }
    }

    /// Reads everything, under `work`.
    private func readAnew(_ library: PolicyLibrary, _ edition: Int) throws -> View {
        // The old columns make room before the new ones are read.
        lock.withLock { state = nil }
        let loaded = try FactsStore.load(database, library, scanners: ProcessInfo.processInfo.activeProcessorCount)
        let (history, bindings) = try database.readNow { db in
            let history = try OrganizationStore.history(in: db)
            return (history, try AdoptionStore.bindings(library, history, in: db))
        }
        Memory.giveBack()
        generations += 1
        let fresh = State(loaded: loaded, history: history, bindings: bindings, edition: edition, words: library.vocabularyDigest, generation: generations)
        return lock.withLock {
            (state, unchecked) = (fresh, nil)
            return view(of: fresh)
        }
    }

    /// Takes the columns of the last process and follows what came since; nil where that is not to be had. Under `work`.
    private func readFile(_ library: PolicyLibrary, _ edition: Int) throws -> View? {
        guard let snapshot, var loaded = try snapshot.read(library, database) else { return nil }
        let read = try database.readNow { db -> (moved: FactsStore.Moved, history: OrgHistory, bindings: Bindings)? in
            guard let moved = try FactsStore.follow(&loaded, db, library) else { return nil }
            let history = try OrganizationStore.history(in: db)
            return (moved, history, try AdoptionStore.bindings(library, history, in: db))
        }
        guard let read else { return nil }
        generations += 1
        let fresh = State(
            loaded: loaded, history: read.history, bindings: read.bindings, edition: edition, words: library.vocabularyDigest, generation: generations,
            followed: read.moved.count, isFromFile: true)
        return lock.withLock {
            (state, unchecked, kept) = (fresh, generations, (generations, 0))
            return view(of: fresh)
        }
    }

    // MARK: Keeping

    /// So much came since the file was written that a start from it would soon read everything anew.
    package static let muchSinceKept = FactsStore.flood / 2
    /// At an orderly end less is worth a file.
    package static let someSinceKept = 2_000

    /// Whether the columns came from the file, and not from every row of the database.
    package var isFromFile: Bool { lock.withLock { state?.isFromFile ?? false } }

    /// Writes the columns beside the database, where no file has them yet or at least `changes` came since. False where none was written.
    /// Blocks whoever calls, and nobody else. Throws where the file cannot be written; that is not tried again until as much came anew.
    package func keep(since changes: Int) throws -> Bool {
        let due = lock.withLock { () -> State? in
            guard snapshot != nil, let state, kept?.generation != state.generation || state.followed - (kept?.followed ?? 0) >= changes else { return nil }
            kept = (state.generation, state.followed)
            return state
        }
        guard let snapshot, let due else { return false }
        return try snapshot.write(due.loaded, database)
    }

    /// Holds columns that came from the file against the database, once: a few sums, read in one pass. Where they differ everything is read
    /// anew; false then.
    package func check() throws -> Bool {
        guard let generation = lock.withLock({ unchecked }) else { return true }
        // Whoever is written to all the time is asked again later.
        for _ in 0..<20 {
            _ = try viewNow()
            guard let loaded = lock.withLock({ unchecked == generation ? state?.loaded : nil }) else { return true }
            let agrees = try database.readNow { db in try db.lastID() == loaded.last ? SumsStore.agree(loaded, library.vocabulary, in: db) : nil }
            guard let agrees else { continue }
            lock.withLock { unchecked = nil }
            guard !agrees else { return true }
            let now = shelf.edition
            _ = try work.withLock { try readAnew(now.library, now.number) }
            return false
        }
        return true
    }

    /// The tree of a day as screens show it; a few days are kept.
    fileprivate func tree(_ view: View, on day: Day) -> OrgTree {
        let kept = lock.withLock { state.flatMap { $0.loaded.columns.hasChart(of: view.columns) ? $0.trees[day.number] : nil } }
        if let kept { return kept }
        let tree = view.history.tree(on: day)
        lock.withLock {
            guard let now = state, now.generation == view.generation, now.loaded.columns.hasChart(of: view.columns) else { return }
            if now.trees.count >= Facts.kept { state?.trees = [:] }
            state?.trees[day.number] = tree
        }
        return tree
    }

    /// The figures of a policy, year and day; kept while it is among the last asked for, and following the facts.
    fileprivate func cube(_ view: View, _ policy: Policy, year: Int, day: Int32) -> Cube {
        let key = CubeKey(policy: policy.id, wording: Wording(policy, view.words), year: year, day: day)
        func kept() -> Cube? {
            lock.withLock {
                guard state?.generation == view.generation, let cube = state?.cubes[key]?.cube else { return nil }
                let use = (state?.uses ?? 0) + 1
                state?.uses = use
                state?.cubes[key]?.lastUse = use
                return cube
            }
        }
        if let cube = kept() { return cube }
        return work.withLock {
            if let cube = kept() { return cube }
            // Of a generation that is gone nothing is kept.
            let now = lock.withLock { state?.generation == view.generation ? state : nil }
            let columns = now?.loaded.columns ?? view.columns
            // Two policies of one day share who is where.
            let roster = now?.cubes.values.first { $0.cube.day == day }?.cube.roster
            let cube = Cube(policy, year: year, day: day, columns: columns, roster: roster)
            Memory.giveBack()
            lock.withLock {
                guard state?.generation == view.generation else { return }
                let use = (state?.uses ?? 0) + 1
                state?.uses = use
                state?.cubes[key] = State.Kept(cube: cube, lastUse: use)
                if let cubes = state?.cubes, cubes.count > Facts.kept, let oldest = cubes.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                    state?.cubes[oldest.key] = nil
                }
            }
            return cube
        }
    }
}

extension Facts.View {
    /// Computes what is not kept, which takes long: from a thread that may be kept, `onThread` or a reader's.
    package func cube(_ policy: Policy, year: Int, day: Day) -> Cube { facts.cube(self, policy, year: year, day: day.number) }

    package func tree(on day: Day) -> OrgTree { facts.tree(self, on: day) }

    /// The same as long as no fact has changed.
    package var stamp: Facts.Stamp { Facts.Stamp(generation: generation, version: version) }

    /// The number of a unit in the columns.
    package func number(ofOrganization id: Int64) -> Int32? { index.organization(id) }
    package func organizationID(_ number: Int32) -> Int64 { index.organizationID(number) }
    /// The number of a person in the columns; of a merged file, that of the file that stayed.
    package func number(ofPerson id: Int64) -> Int32? { index.person(id) }
    package func personID(_ number: Int32) -> Int64 { index.personID(number) }
}

extension House {
    /// The figures behind every page of them.
    package var facts: Facts { part() }
}
