import Kit

/// 互不相干: whether two who act are two people, neither of whom the other has brought about. Every rule that asks for two
/// people asks here; that there are two accounts is not enough.
package enum Independence {
    /// For so many days what somebody did to bring an account about makes its word count as theirs too: a season, longer
    /// than anything is made up for one occasion, and short enough that those who came in spring decide together in summer.
    package static let days = 90

    /// What brings an account about.
    package enum Deed: String, CaseIterable, Sendable {
        /// The file of its person was made or given another number.
        case file
        /// The file was made one with another, or taken apart from it.
        case merger
        case account
        /// A code that opens it was handed out.
        case slip
        case grant
        /// Its second factor was taken away.
        case factor

        package var word: String {
            switch self {
            case .file: "档案"
            case .merger: "档案的合并"
            case .account: "账号"
            case .slip: "一次性码"
            case .grant: "授权"
            case .factor: "验证器"
            }
        }
    }

    /// One who acts: everything of the person, merged files counted as one, and who brought any of it about in these days.
    package struct Side: Sendable, Hashable {
        package var accounts: Set<Int64>
        package var files: Set<Int64>
        /// By account: what of this one came from there, be it by way of others who came from there themselves.
        package var makers: [Int64: Set<Deed>]

        package init(accounts: Set<Int64> = [], files: Set<Int64> = [], makers: [Int64: Set<Deed>] = [:]) {
            self.accounts = accounts
            self.files = files
            self.makers = makers
        }

        package func isSame(as other: Side) -> Bool { !accounts.isDisjoint(with: other.accounts) || !files.isDisjoint(with: other.files) }

        /// What of this one came from another, of these deeds.
        package func came(from other: Side, by deeds: Set<Deed> = Set(Deed.allCases)) -> Deed? {
            let found = makers.filter { other.accounts.contains($0.key) }.values.reduce(into: Set<Deed>()) { $0.formUnion($1) }.intersection(deeds)
            return Deed.allCases.first(where: found.contains)
        }

        /// Whether somebody else brought both about, the other one by these deeds.
        package func sharesMaker(with other: Side, by deeds: Set<Deed> = Set(Deed.allCases)) -> Bool {
            other.makers.contains { maker, done in makers[maker] != nil && !done.isDisjoint(with: deeds) }
        }
    }

    /// Why two are not independent.
    package enum Tie: Hashable, Sendable {
        case same
        /// Something of the one who asked came from the one who decides, or the other way round.
        case asker(Deed), decider(Deed)
        case maker
    }

    /// Nil where they are. `isFinal`: what is decided cannot be set right afterwards; then nobody may stand behind both either.
    package static func tie(asker: Side, decider: Side, isFinal: Bool = false) -> Tie? {
        if asker.isSame(as: decider) { return .same }
        if let deed = asker.came(from: decider) { return .asker(deed) }
        if let deed = decider.came(from: asker) { return .decider(deed) }
        return isFinal && asker.sharesMaker(with: decider) ? .maker : nil
    }

    /// Refusals `second.same`, `second.asker`, `second.decider`, `second.maker`. `others` says who may decide instead.
    package static func check(asker: Side, decider: Side, isFinal: Bool = false, others: () throws -> String) throws {
        guard let tie = tie(asker: asker, decider: decider, isFinal: isFinal) else { return }
        let (name, why): (String, String) = switch tie {
        case .same: ("second.same", "这是您自己提出的，换一个账号也不行。")
        case .asker(let deed): ("second.asker", "提出这件事的人，\(deed.word)是您或您办理的人在最近 \(days) 天里办的。")
        case .decider(let deed): ("second.decider", "您的\(deed.word)是提出这件事的人在最近 \(days) 天里办的。")
        case .maker: ("second.maker", "您和提出这件事的人，账号或授权都是由同一个人在最近 \(days) 天里办的。")
        }
        throw Refusal(name, "\(why)这件事要由两个互不相干的人办理，现在不能由您决定。\(try others())")
    }
}
