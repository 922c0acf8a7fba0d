/// What a check of all chains came to.
package struct ChainReport: Sendable {
    package fileprivate(set) var acts: Int64 = 0
    package fileprivate(set) var chains = 0
    package fileprivate(set) var findings: [String] = []
    /// Entries without their act and rows of the table of heads that fit no chain: an auditor can say to know them.
    package fileprivate(set) var loose: [Break] = []
    /// Findings beyond those that are told one by one.
    package fileprivate(set) var furtherFindings = 0
    package fileprivate(set) var anchor: Anchor?
    /// Acts after the last anchor: whose removal from the end nobody could notice.
    package fileprivate(set) var unanchored: Int64 = 0

    package var isSound: Bool { findings.isEmpty && loose.isEmpty }

    package init() {}

    fileprivate mutating func find(_ sentence: String) {
        if findings.count < 1000 { findings.append(sentence) } else { furtherFindings += 1 }
    }

    fileprivate mutating func find(_ one: Break) {
        if loose.count < 1000 { loose.append(one) } else { furtherFindings += 1 }
    }
}

/// Reads every act in the order of commits and holds it against its chain, the chains against each other, and all
/// against the anchor.
package struct ChainCheck {
    private let key: AuditKey
    private let known: Set<String>
    private var report = ChainReport()
    private var states: [Int64: ChainHead] = [:]
    /// The act that each of them vouches for.
    private var lastActs: [Int64: Int64] = [:]
    /// Entries without their act that follow a chain's last, or begin one: what was deleted, or anybody's. They decide nothing else.
    private var trails: [Int64: (head: ChainHead, act: Int64)] = [:]
    /// Unlinked acts, until the first chain's first entry vouches for them.
    private var early = RowDigest()
    private var isBegun = false
    private var claims: [Int64: [ChainHead]] = [:]
    private var seen: Set<ChainHead> = []

    /// An anchor older than this beside acts that nobody anchored is an old copy put in its place.
    static let staleMilliseconds: Int64 = 5 * 60_000

    /// Checks everything in one snapshot; memory stays flat. The anchor was read before the snapshot began. `progress`
    /// gets the acts done and all there are. Heads that an auditor knows to be gone are no finding. `now`: no id is much later.
    package static func run(
        _ key: AuditKey, _ content: AnchorFile.Content, breaks: Breaks = .none, now: Int64? = nil, progress: (Int, Int?) -> Void = { _, _ in },
        in db: Reading
    ) throws -> ChainReport {
        var check = ChainCheck(key: key, known: breaks.knownHeads)
        if case .anchor(let anchor) = content {
            check.report.anchor = anchor
            check.claims = Dictionary(grouping: anchor.heads, by: \.chain)
        }
        try check.readActs(db, progress)
        try check.readHeads(db)
        if try !ChainStore.isCounterSound(now: now, in: db) {
            check.report.find("编号登记（tail）被改动过：应只有一行，不小于最后一次操作的编号，也不远在它或现在之后")
        }
        check.close(content)
        return check.report
    }

    private init(key: AuditKey, known: Set<String>) {
        self.key = key
        self.known = known
    }

    private mutating func readActs(_ db: Reading, _ progress: (Int, Int?) -> Void) throws {
        let all = Int(try db.count("SELECT count(*) FROM act"))
        var after = Int64.min, last: (id: Int64, at: Int64)?
        while true {
            var openings: [Int64: ChainOpening] = [:], orphans: [Int64] = []
            let acts = try ChainStore.contents(after: after, upTo: .max, in: db, openings: &openings, orphans: &orphans)
            let end = acts.count < ChainStore.batch ? Int64.max : acts[acts.count - 1].id
            let links = Dictionary(try ChainStore.links(after: after, upTo: end, in: db).map { ($0.actID, $0) }, uniquingKeysWith: { a, _ in a })
            let present = Set(acts.map(\.id))
            // The latest first, to be taken from the end.
            var loose = links.values.filter { !present.contains($0.actID) }.sorted { $0.actID > $1.actID }
            func takeLoose(before id: Int64?) {
                while let link = loose.last, id.map({ link.actID < $0 }) ?? true {
                    loose.removeLast()
                    report.find(.link(link))
                    trail(link)
                }
            }
            for act in acts {
                takeLoose(before: act.id)
                if let anchor = report.anchor, act.id > anchor.lastID, last.map({ $0.id <= anchor.lastID }) ?? false { holdAgainst(anchor) }
                take(act, links[act.id], openings[act.id])
                if let anchor = report.anchor, act.id > anchor.lastID { report.unanchored += 1 }
                last = (act.id, act.atMilliseconds)
            }
            takeLoose(before: nil)
            for act in Set(orphans).sorted() { report.find("变更记录所属的操作 \(act) 不存在：操作被删除，或变更记录是插入、改挂的") }
            progress(Int(report.acts), all)
            guard end != .max else { break }
            after = end
        }
        if let anchor = report.anchor, let last, last.id <= anchor.lastID { holdAgainst(anchor) }
        report.chains = states.count
        if report.acts > 0, !isBegun { report.find("有 \(report.acts) 条操作，但没有任何审计链：链被整个删除，或从未开始") }
        // The anchor is renewed when the key is replaced, before a chain begins under the new one.
        if let anchor = report.anchor, let end = key.former.last?.last, anchor.lastID < end, states.keys.contains(where: { $0 > end }) {
            report.find("锚点是更换审计密钥以前的，此后却已有新的链：锚点文件被换成了旧的，或是用旧密钥伪造的")
        }
        if let anchor = report.anchor, let last, last.id > anchor.lastID, Clock.moment(last.at) - Clock.moment(anchor.atMilliseconds) > Self.staleMilliseconds {
            report.find("锚点停在 \(Clock.minute(ofMilliseconds: anchor.atMilliseconds))，而操作一直记到 \(Clock.minute(ofMilliseconds: last.at))：锚点文件被换成了旧的，或已很久写不进去")
        }
    }

    private mutating func take(_ act: ActContent, _ link: ChainLink?, _ opening: ChainOpening?) {
        report.acts += 1
        let name = "操作 \(act.id)（\(Clock.minute(ofMilliseconds: act.atMilliseconds))，\(act.kind)）"
        guard let link else {
            if isBegun { report.find("\(name)不在任何链上：是插入的，或它在链上的位置被删除") } else { early.add([.blob(act.bytes)]) }
            return
        }
        let head = link.head
        if let loose = trails[head.chain]?.head, head.sequence == loose.sequence &+ 1 { states[head.chain] = loose }
        guard let state = states[head.chain] else { return open(act, head, opening, name) }
        if let end = key.former.first(where: { head.chain <= $0.last })?.last, act.id > end {
            report.find("\(name)在链 \(head.chain) 上，而这条链的审计密钥早已由操作 \(end) 换下：是用旧密钥伪造的")
        }
        if head.sequence <= state.sequence {
            report.find("\(name)在链 \(head.chain) 中的次序不对：第 \(head.sequence) 条排在第 \(state.sequence) 条之后")
        } else if head.sequence > state.sequence &+ 1 {
            report.find("链 \(head.chain) 缺第 \(state.sequence &+ 1) 至 \(head.sequence &- 1) 条，它们在\(name)之前")
        } else if act.link(after: state, key.key(ofChain: head.chain)).head != head {
            report.find("\(name)与链 \(head.chain) 第 \(head.sequence) 条的校验码不符：操作、它的变更记录或校验码被改动，或前一条被换过")
        }
        follow(head, act.id)
    }

    /// The first entry of a chain that has not been met before.
    private mutating func open(_ act: ActContent, _ head: ChainHead, _ opening: ChainOpening?, _ name: String) {
        defer { follow(head, act.id) }
        guard head.sequence == 1, head.chain == act.id, act.kind == ChainOpening.kind, let opening else {
            return report.find("链 \(head.chain) 的开头不在了：最早的是第 \(head.sequence) 条，\(name)")
        }
        guard act.link(after: .empty(head.chain), key.key(ofChain: head.chain)).head == head else {
            return report.find("\(name)是链 \(head.chain) 的第一条，校验码不符：被改动，或整条链是伪造的")
        }
        for claim in opening.heads where claim != trails[claim.chain]?.head {
            let state = states[claim.chain]
            if state == nil {
                report.find("链 \(claim.chain) 整条不在了：链 \(head.chain) 开始时它有 \(claim.sequence) 条")
            } else if let state, state.sequence < claim.sequence {
                report.find("链 \(claim.chain) 的末尾被截去：链 \(head.chain) 开始时它有 \(claim.sequence) 条，现在到第 \(state.sequence) 条为止")
            } else if state != claim {
                report.find("链 \(claim.chain) 与链 \(head.chain) 开始时所记的不同（第 \(claim.sequence) 条）")
            }
        }
        if isBegun, !opening.heads.isEmpty {
            for chain in unnamed(in: opening.heads) { report.find("链 \(chain) 在链 \(head.chain) 开始时没有后来的那些条：它们是插入的，或是用旧密钥伪造的") }
        }
        // Whoever opens a chain names those that are there; only the first finds none.
        if isBegun, opening.heads.isEmpty { report.find("链 \(head.chain) 开始时没有见到此前的链：那时链和链头登记被拿走过") }
        if !isBegun, opening.heads.isEmpty, opening.unchained != early.count || opening.unchainedDigest != early.bytes.hex {
            report.find("开始记链以前的 \(opening.unchained) 条操作被改动、删除或增加，现有 \(early.count) 条")
        }
        isBegun = true
    }

    /// Chains that have grown since the latest was opened and are not among `heads`: whoever notes where the chains stand names
    /// all of those, so that nothing can be put at the end of another.
    private func unnamed(in heads: [ChainHead]) -> [Int64] {
        guard let latest = states.keys.max() else { return [] }
        let named = Set(heads.map(\.chain))
        return states.keys.filter { lastActs[$0] ?? 0 >= latest && !named.contains($0) }.sorted()
    }

    /// All acts up to the anchor have been read.
    private mutating func holdAgainst(_ anchor: Anchor) {
        guard !anchor.heads.isEmpty else { return }
        for chain in unnamed(in: anchor.heads) { report.find("锚点没有记链 \(chain) 后来的那些条：它们是插入的，或是用旧密钥伪造的") }
    }

    private mutating func follow(_ head: ChainHead, _ act: Int64) {
        if head.sequence > states[head.chain]?.sequence ?? 0 {
            states[head.chain] = head
            lastActs[head.chain] = act
        }
        see(head)
    }

    /// An entry whose act is not there.
    private mutating func trail(_ link: ChainLink) {
        let head = link.head, before = max(states[head.chain]?.sequence ?? 0, trails[head.chain]?.head.sequence ?? 0)
        if head.sequence == before &+ 1 { trails[head.chain] = (head, link.actID) }
        see(head)
    }

    private mutating func see(_ head: ChainHead) {
        if let claimed = claims[head.chain]?.first(where: { $0.sequence == head.sequence }) {
            seen.insert(claimed)
            if claimed != head, !known.contains(claimed.text) { report.find("链 \(head.chain) 第 \(head.sequence) 条与锚点所记的不同：链被重写过") }
        }
    }

    /// The table of heads, for what follows the next opening rests on it.
    private mutating func readHeads(_ db: Reading) throws {
        let acts = Dictionary(try ChainStore.lastActs(in: db).map { ($0.chain, $0.act) }, uniquingKeysWith: { a, _ in a })
        let noted = Dictionary(try ChainStore.heads(in: db).map { ($0.chain, $0) }, uniquingKeysWith: { a, _ in a })
        for chain in Set(noted.keys).union(states.keys).sorted() {
            let isLast = noted[chain] == states[chain] && acts[chain] == lastActs[chain]
            guard !isLast, trails[chain].map({ $0.head != noted[chain] || $0.act != acts[chain] }) ?? true else { continue }
            report.find(.register(chain, noted: noted[chain], act: acts[chain], found: states[chain], last: lastActs[chain]))
        }
    }

    private mutating func close(_ content: AnchorFile.Content) {
        switch content {
        case .missing:
            report.unanchored = report.acts
            if isBegun { report.find("锚点文件不在了：链的末尾是否被截去无从判断") }
        case .broken: report.find("锚点文件被改动过，或不是用这把密钥写的")
        case .anchor(let anchor):
            for head in anchor.heads where !seen.contains(head) && !known.contains(head.text) {
                let found = states[head.chain]?.sequence ?? 0
                report.find(
                    found >= head.sequence
                        ? "链 \(head.chain) 第 \(head.sequence) 条不在了，锚点记有它"
                        : "链 \(head.chain) 的末尾被截去：锚点记到第 \(head.sequence) 条，现在到第 \(found) 条为止；如果数据库是从较早的备份恢复的，属于正常")
            }
        }
    }
}
