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
    private let lock = NSLock()
    private let work = NSLock()
    private var state: State?
    private var generations = 0

    private struct State {
        var loaded: FactsStore.Loaded
        var history: OrgHistory
        var bindings: Bindings
        /// The policies that bindings and cubes are of.
        var library: PolicyLibrary
        var edition: Int
        /// Numbers of people and organisations hold as long as the generation: reading everything anew gives new ones.
        var generation: Int
        var cubes: [CubeKey: Kept] = [:]
        var trees: [Int32: OrgTree] = [:]
        var uses = 0
        /// Grows with every change of a fact.
        var version = 0

        struct Kept {
            var cube: Cube
            var lastUse: Int
        }
    }

    private struct CubeKey: Hashable {
        let policy: String
        let edition: Int
        let year: Int
        let day: Int32
    }

    /// How many cubes are kept: the years of a policy at their ends, today, and a few days that were asked for.
    private static let kept = 12

    package init(database: Database, shelf: PolicyShelf) {
        self.database = database
        self.shelf = shelf
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
        fileprivate let edition: Int
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
            facts: self, index: state.loaded.index, columns: state.loaded.columns, history: state.history, bindings: state.bindings, edition: state.edition,
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
            if var state = taken, library.fillsColumns(like: state.library) {
                if edition != state.edition {
                    (state.library, state.edition, state.cubes) = (library, edition, [:])
                    state.bindings = Bindings(state.bindings.adoptions, library, state.history)
                    state.version += 1
                }
                let changed = try database.readNow { db -> Set<Int32>? in
                    let before = state.loaded.columns
                    let changed = try FactsStore.follow(&state.loaded, db, library)
                    let isMoved = !state.loaded.columns.hasChart(of: before), adoptions = try AdoptionStore.all(in: db)
                    if isMoved {
                        state.history = try OrganizationStore.history(in: db)
                        state.trees = [:]
                    }
                    if isMoved || adoptions != state.bindings.adoptions { state.bindings = Bindings(adoptions, library, state.history) }
                    else if changed?.isEmpty ?? true { return changed }
                    state.version += 1
                    return changed
                }
                if let changed {
                    let columns = state.loaded.columns
                    for key in Array(state.cubes.keys) { state.cubes[key]?.cube.follow(columns, people: changed) }
                    if state.loaded.columns.tailCount > 1 << 20 { state.loaded.columns = state.loaded.columns.compacted() }
                    let caughtUp = state
                    return lock.withLock {
                        self.state = caughtUp
                        return view(of: caughtUp)
                    }
                }
            }
            // The old columns make room before the new ones are read.
            lock.withLock { state = nil }
            let loaded = try FactsStore.load(database, library, scanners: ProcessInfo.processInfo.activeProcessorCount)
            let (history, bindings) = try database.readNow { db in
                let history = try OrganizationStore.history(in: db)
                return (history, try AdoptionStore.bindings(library, history, in: db))
            }
            Memory.giveBack()
            generations += 1
            let fresh = State(loaded: loaded, history: history, bindings: bindings, library: library, edition: edition, generation: generations)
            return lock.withLock {
                state = fresh
                return view(of: fresh)
            }
        }
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
        let key = CubeKey(policy: policy.id, edition: view.edition, year: year, day: day)
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
                guard state?.generation == view.generation, state?.edition == view.edition else { return }
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
