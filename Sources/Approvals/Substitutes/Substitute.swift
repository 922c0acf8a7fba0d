import Access
import Kit

/// 代理人: who decides for somebody who is away, from a day to a day. It lends no other right than to decide.
package struct Substitute: Hashable, Sendable, Identifiable {
    package let id: Int64
    /// The accounts of the one who is away and of the one who stands in.
    package let absentID, substituteID: Int64
    package let from: Day
    /// Exclusive; `from` where it was taken back before it had begun.
    package var to: Day
    /// Who chose: the one who is away, or a superior; nil for the command line.
    package let chosenByID: Int64?

    package init(id: Int64, absentID: Int64, substituteID: Int64, from: Day, to: Day, chosenByID: Int64?) {
        self.id = id
        self.absentID = absentID
        self.substituteID = substituteID
        self.from = from
        self.to = to
        self.chosenByID = chosenByID
    }

    package func covers(_ day: Day) -> Bool { from <= day && day < to }
    package func overlaps(_ from: Day, _ to: Day) -> Bool { max(self.from, from) < min(self.to, to) }

    /// The longest absence somebody can be stood in for without choosing again.
    package static let mostDays = 366
    /// The longest chain of people who are away and stand in for each other.
    package static let mostLinks = 5

    /// Whether a new one may stand beside those there are. Refusals `substitute.self`, `.span`, `.past`, `.long`, `.twice`, `.circle`, `.chain`.
    package static func check(_ new: Substitute, besides others: [Substitute], today: Day) throws(Refusal) {
        guard new.absentID != new.substituteID else { throw Refusal("substitute.self", "代理人不能是本人；请另选一人。") }
        guard new.from < new.to else { throw Refusal("substitute.span", "最后一天早于第一天；请核对两个日期。") }
        guard new.to > today else { throw Refusal("substitute.past", "这段日子已经过去；代理只能从今天起办。") }
        guard new.to - new.from <= mostDays, new.from - today <= mostDays else { throw Refusal("substitute.long", "一次最长 \(mostDays) 天；更久的请到期再办，或请上级另行授权。") }
        let beside = others.filter { $0.overlaps(max(new.from, today), new.to) }
        guard !beside.contains(where: { $0.absentID == new.absentID }) else {
            throw Refusal("substitute.twice", "这段日子里已经有代理人；要换人的，请先结束原来的代理。")
        }
        // Who stands in, who stands in for that one meanwhile, and so on: back at the beginning it would be a circle.
        var reached: Set<Int64> = [new.substituteID], links = 1
        var next = reached
        while !next.isEmpty {
            next = Set(beside.filter { next.contains($0.absentID) }.map(\.substituteID)).subtracting(reached)
            guard !next.contains(new.absentID), !reached.contains(new.absentID) else {
                throw Refusal("substitute.circle", "这段日子里，所选的人（或代理他的人）正由您这边的人代理，会互相代理；请另选一人。")
            }
            reached.formUnion(next)
            if !next.isEmpty { links += 1 }
        }
        var before: Set<Int64> = [new.absentID], behind = before
        while !behind.isEmpty {
            behind = Set(beside.filter { behind.contains($0.substituteID) }.map(\.absentID)).subtracting(before)
            before.formUnion(behind)
            if !behind.isEmpty { links += 1 }
        }
        guard links <= mostLinks else { throw Refusal("substitute.chain", "代理已经转了 \(mostLinks) 手；请直接选一位在岗的人。") }
    }

    /// Whether a superior chooses for what somebody holds: a duty of the daily business, below the superior's units, not beside them.
    package static func mayChoose(for grant: Grant, _ scope: Scope) -> Bool {
        !grant.role.isAdministrator && scope.tree.unit(grant.organizationID)?.parentID.map { scope.covers($0, for: .keeping) } ?? false
    }

    /// Somebody for whom an account stands in, with who chose on the way, and who of these chose for another.
    package struct Way: Hashable, Sendable {
        package let id: Int64
        package var chosenBy: Set<Int64> = []
        package var superiors: Set<Int64> = []
    }

    /// For whom an account stands in on a day, by way of others who are away themselves, with who chose on the way: each once, the nearest first.
    /// A chain ends with somebody who may not stand in: what was lent to that one goes no further. Bounded, whatever the rows say.
    package static func absent(
        from account: Int64, on day: Day, _ all: [Substitute], mayStandIn: (Int64) throws -> Bool
    ) rethrows -> [Way] {
        var found: [Way] = [], seen: Set<Int64> = [account], next = [Way(id: account)]
        for _ in 0..<mostLinks where !next.isEmpty {
            next = try next.filter { try mayStandIn($0.id) }.flatMap { way in
                all.filter { $0.covers(day) && $0.substituteID == way.id && seen.insert($0.absentID).inserted }
                    .map { one in
                        let chooser = [one.chosenByID].compactMap(\.self)
                        return Way(id: one.absentID, chosenBy: way.chosenBy.union(chooser), superiors: way.superiors.union(chooser.filter { $0 != one.absentID }))
                    }
            }
            found += next
        }
        return found
    }

    /// Who stands in for accounts on a day, in turn by way of others who are away: the same chains from their other end.
    package static func standing(inFor accounts: [Int64], on day: Day, _ all: [Substitute], mayStandIn: (Int64) throws -> Bool) rethrows -> Set<Int64> {
        var found: Set<Int64> = [], next = Set(accounts)
        for _ in 0..<mostLinks where !next.isEmpty {
            next = try Set(all.filter { $0.covers(day) && next.contains($0.absentID) }.map(\.substituteID)).subtracting(found).subtracting(accounts).filter(mayStandIn)
            found.formUnion(next)
        }
        return found
    }
}

/// Somebody in whose absence an account decides.
package struct StandsFor: Sendable {
    package let account: Account
    /// What the absent one holds today.
    package let grants: [Grant]
    /// Who chose the substitutes on the way from one to the other.
    package let chosenBy: Set<Int64>
}
