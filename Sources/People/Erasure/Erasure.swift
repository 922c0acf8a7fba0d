import Accounts
import Kit
import Register

/// 依法删除: what is asked before a person's file loses its name for ever, and what then goes and stays.
package enum Erasure {
    /// Days between consent and deed, in which it can be undone: more than the longest public holiday has, so that somebody
    /// who is told is at work in between.
    package static let waitDays = 10

    /// A consent and what has become of it.
    package struct Wait: Sendable, Hashable {
        package enum State: String, Sendable { case waiting, undone, done }

        package let approvalID: Int64
        package let personID: Int64
        package let dueMilliseconds: Int64
        package let state: State
        /// When it came to stand so.
        package let sinceMilliseconds: Int64

        package var dueDay: Day { Clock.day(ofMilliseconds: dueMilliseconds) }
    }

    /// The moment a consent given now is carried out: with the beginning of a day.
    static func due(now: Int64) -> Int64 { Clock.start(of: Clock.day(ofMilliseconds: now) + waitDays) }

    /// Why a file may be deleted (个人信息保护法 第四十七条第一款).
    package enum Ground: String, CaseIterable, Sendable {
        case expired, mistake, unlawful

        package var word: String {
            switch self {
            case .expired: "保存期限届满"
            case .mistake: "误建的档案"
            case .unlawful: "违法或违反约定收集"
            }
        }

        package var law: String {
            switch self {
            case .expired: "个人信息保护法第四十七条第一款第二项"
            case .mistake: "个人信息保护法第四十七条第一款第一项"
            case .unlawful: "个人信息保护法第四十七条第一款第四项"
            }
        }
    }

    /// What is there of a person and the files merged into it.
    package struct State: Sendable, Hashable {
        package var isErased = false
        package var posts = 0
        /// The last day of the last post, exclusive; `Day.open` for one without end; nil without any.
        package var lastEnd: Day?
        /// What counts today, such as entries of hours.
        package var standing = 0
        /// Grants of the person's accounts in force.
        package var grants = 0
        /// What was asked about the person and nobody has decided yet.
        package var undecided = 0
        /// What would go and what would stay of the rows of each feature.
        package var goes: [Line] = [], stays: [Line] = []

        package struct Line: Sendable, Hashable {
            package let name: String, words: String
            package init(name: String, words: String) {
                self.name = name
                self.words = words
            }
        }

        package init() {}
    }

    /// Whether the file may be deleted on this ground. `years`: how long files are kept after the last post, as the operator
    /// has decided; nil where nobody has. Refusals `erasure.done`, `.present`, `.grants`, `.requests`, `.noPeriod`, `.noPost`, `.kept`, `.hours`.
    package static func check(_ ground: Ground, _ state: State, years: Int?, today: Day) throws(Refusal) {
        guard !state.isErased else { throw Refusal("erasure.done", "这份档案已经删除，不用再办。") }
        if let end = state.lastEnd, end > today {
            throw Refusal("erasure.present", "这个人还有任职没有结束，不能删除档案。请先办理离任；误建的任职，请先在变更记录里撤回。")
        }
        guard state.grants == 0 else {
            throw Refusal("erasure.grants", "这个人的账号还有 \(state.grants) 项授权有效，不能删除档案。请先由授权的人结束这些授权。")
        }
        guard state.undecided == 0 else {
            throw Refusal("erasure.requests", "关于这个人还有 \(state.undecided) 件申请或反映没有办结，不能删除档案。请先办结。")
        }
        switch ground {
        case .expired:
            guard let years else {
                throw Refusal("erasure.noPeriod", "本系统还没有登记档案的保存期限，不能以期满为由删除。期限由本单位依照档案管理的规定确定，由系统管理员写进服务器的设置（YUGONG_RETENTION_YEARS）。")
            }
            guard let end = state.lastEnd else { throw Refusal("erasure.noPost", "这份档案没有任职，无从计算保存期限。误建的档案，请选“误建的档案”。") }
            let due = end.adding(years: years)
            guard due <= today else { throw Refusal("erasure.kept", "最后一次任职到 \(end - 1) 为止，档案要保存 \(years) 年，到 \(due) 才期满，现在不能删除。") }
        case .mistake:
            guard state.standing == 0 else {
                throw Refusal("erasure.hours", "这份档案里有 \(state.standing) 条有效的学时，不是误建的样子，不能以此为由删除。学时也登记错了的，请先冲销。")
            }
        case .unlawful: break
        }
    }

    /// Who may decide: nobody about themselves or what they asked for, with whatever account. `files` are those of the
    /// account's person, merged ones included, `askersFiles` those of whoever asked. Refusals `erasure.own`, `erasure.same`.
    package static func checkDecider(
        account: Int64, files: Set<Int64>, askedBy asker: Int64? = nil, _ askersFiles: Set<Int64> = [], about subject: Int64
    ) throws(Refusal) {
        guard !files.contains(subject) else { throw Refusal("erasure.own", "这是您自己的档案，不能由您办理。请由上级单位的其他组织人事管理员办理。") }
        guard account != asker, files.isDisjoint(with: askersFiles) else { throw Refusal("erasure.same", "这份申请是您提出的，要由另一个人决定。请由上级单位的其他组织人事管理员办理。") }
    }

    /// Whoever brought the file, or its unit, to where it stands does not decide, nor may whoever came from the one who decides
    /// have done it; and who decides keeps every unit that would have decided in these days. Refusals `erasure.placed`, `erasure.moved`.
    package static func checkPlaces(
        movers: [Independence.Side], keepsAll: Bool, decider: Independence.Side, others: () throws -> String
    ) throws {
        guard !movers.contains(where: { $0.isSame(as: decider) || $0.came(from: decider) != nil }) else {
            throw Refusal(
                "erasure.placed", "这份档案是您或您办理的人在最近 \(Independence.days) 天里放到现在的单位的：建档、任职、更正、合并档案或变动单位。删除档案要由两个互不相干的人办理，现在不能由您决定。\(try others())")
        }
        guard keepsAll else {
            throw Refusal("erasure.moved", "最近 \(Independence.days) 天里，这份档案或它所在的单位换过上级。删除要由当时和现在都管得着的上级决定，现在不能由您决定。\(try others())")
        }
    }

    /// The unit whose officers, or those above it, decide: the one above the person's; the person's own where none is above.
    static func decider(of home: Int64, _ tree: OrgTree) -> Int64 { tree.unit(home)?.parentID ?? home }
    /// The same of a unit with all above it, from below.
    static func decider(of line: [Int64]) -> Int64 { line.count > 1 ? line[1] : line[0] }
}
