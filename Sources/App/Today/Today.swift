import Kit
import People
import Standing

/// What the daily page says to one account.
struct Today: Sendable {
    /// Something that waits for the account, and the list behind it.
    struct Task: Sendable {
        let count: String
        let words: String
        let link: String
        var note = ""
    }

    /// What changed in a unit and everything below it.
    struct Changed: Sendable {
        let unit: OrgTree.Unit
        let counts: [RecentChange.Kind: Int]
        var total: Int { counts.values.reduce(0, +) }
    }

    var tasks: [Task] = []
    /// For each of the account's topmost units.
    var figures: [(unit: OrgTree.Unit, behind: Laggards)] = []
    /// Units with something new, most of it first.
    var changed: [Changed] = []
    var isChangedCut = false
    /// Whether the account may do something about it, or only reads.
    var mayKeep = false

    /// The parts that are looked through rather than looked up.
    struct Slow: Sendable {
        var gaps: [Completeness.Gap] = []
        var clocks: [RunningClocks.Clock] = []
        /// Units whose personnel officer has left without a successor, and grants that end soon.
        var vacancies = 0, endingGrants = 0
    }

    static func tasks(requests: Int, objections: Int, erasures: Int, imports: [ImportJob.Waiting], _ slow: Slow, today: Day) -> [Task] {
        var tasks: [Task] = []
        if requests > 0 { tasks.append(Task(count: Numbers.count(requests), words: "份调入申请等您办理", link: "/requests")) }
        if objections > 0 { tasks.append(Task(count: Numbers.count(objections), words: "条有误反映等您核对、答复", link: "/objections")) }
        if erasures > 0 { tasks.append(Task(count: Numbers.count(erasures), words: "份删除档案的申请等您决定", link: "/erasures")) }
        for job in imports {
            let words = switch job.state {
            case .judged: "已检查，等您看结果并确认导入"
            case .failed: "没有导入，请看原因"
            default: "处理中断，请重新上传"
            }
            tasks.append(Task(count: "1", words: "份\(job.kind.word)文件\(words)", link: "/exchange/imports/\(job.id)", note: job.fileName))
        }
        for (rule, clocks) in Dictionary(grouping: slow.clocks, by: \.rule).sorted(by: { ($0.value[0].due, $0.key) < ($1.value[0].due, $1.key) }) {
            let days = clocks[0].due.number - today.number
            tasks.append(Task(
                count: Numbers.count(clocks.count), words: "人的“\(rule)”将在 \(RunningClocks.daysAhead) 天内到期", link: clocks[0].link,
                note: days == 0 ? "最早的今天到期" : "最早的还有 \(days) 天"))
        }
        if slow.vacancies > 0 { tasks.append(Task(count: Numbers.count(slow.vacancies), words: "个单位的组织人事管理员已离任，还没有人接替", link: "/grants/vacancies")) }
        if slow.endingGrants > 0 { tasks.append(Task(count: Numbers.count(slow.endingGrants), words: "项授权将在 \(GrantNotices.daysAhead) 天内结束", link: "/grants?which=soon")) }
        for gap in slow.gaps {
            let count = Numbers.count(gap.people) + (gap.isMore ? " 以上" : "")
            tasks.append(gap.isAccount
                ? Task(count: count, words: "名在任人员还没有可用的账号", link: gap.link)
                : Task(count: count, words: "名在任人员没有填\(gap.word)", link: gap.link, note: gap.word == "人员类别" ? "不计入指标人数" : ""))
        }
        return tasks
    }

    /// What changed, by the units directly below each of the account's topmost units, and in those themselves.
    static func changed(_ kept: RecentChanges.Kept, _ scope: Scope) -> [Changed] {
        let tree = scope.tree, tops = scope.topUnits(for: .seeing)
        var sums: [Int64: [RecentChange.Kind: Int]] = [:]
        for (unit, counts) in kept.counts {
            guard let top = tops.first(where: { tree.isInside(unit, subtreeOf: $0.id) }) else { continue }
            // The unit directly below the topmost one, or that one itself.
            var current = unit
            while current != top.id, let parent = tree.unit(current)?.parentID, parent != top.id { current = parent }
            for (kind, count) in counts { sums[current, default: [:]][kind, default: 0] += count }
        }
        return sums.compactMap { id, counts in tree.unit(id).map { Changed(unit: $0, counts: counts) } }
            .sorted { ($0.total, $1.unit.code) > ($1.total, $0.unit.code) }
    }
}

/// Keeps the parts of the daily page that are looked through: asked anew after every change, but in a large roster,
/// where that takes long, at most once a minute.
actor KeptToday {
    private struct Entry {
        let slow: Today.Slow
        let lastID: Int64
        let day: Day
        let readMilliseconds: Int64
    }
    private var entries: [[Int64]: Entry] = [:]
    private static let most = 500
    private static let patience: Int64 = 60_000
    /// People from which on a roster is large.
    private static let large = 50_000

    func slow(_ signedIn: SignedIn, lastID: Int64, people: Int, _ read: @Sendable () async throws -> Today.Slow) async throws -> Today.Slow {
        let key = signedIn.scope.topUnits(for: .keeping).map(\.id)
        if let kept = entries[key], kept.day == signedIn.today,
            kept.lastID == lastID || people >= Self.large && signedIn.now - kept.readMilliseconds < Self.patience
        {
            return kept.slow
        }
        let slow = try await read()
        if entries.count >= Self.most { entries = [:] }
        entries[key] = Entry(slow: slow, lastID: lastID, day: signedIn.today, readMilliseconds: signedIn.now)
        return slow
    }
}
