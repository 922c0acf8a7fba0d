import Access
import Figures
import Kit
import Register
import Rules

extension Finder {
    /// Policies and their clauses: of an officer all that are loaded, of a learner those that bind the own unit. What binds today stands first.
    static let clauses = Finder("政策条款", 40, hint: "文件名称、条款编号，或条文里的词", where: { $0.scope.isAnywhere(.seeing) || $0.account.personID != nil }) { sought, signedIn, house in
        guard sought.number == nil else { return .nothing }
        let view = try await house.facts.view(), today = signedIn.today, isOfficer = signedIn.scope.isAnywhere(.seeing)
        let home: Int64? = isOfficer ? signedIn.scope.topUnits(for: .seeing).first?.id : try await house.database.read { db in
            try signedIn.account.personID.flatMap { try RosterStore.living($0, in: db) }.flatMap { try RosterStore.homes(of: [$0.id], on: today, in: db)[$0.id] }
        }
        let bound = view.bindings.policies(at: home, on: today), ids = Set(bound.map(\.id))
        let others = isOfficer ? house.library.policies.filter { !ids.contains($0.id) } : bound.isEmpty ? view.bindings.nearest(at: home, on: .lastDay(of: today.year)) : []
        var hits: [Hit] = []
        for policy in bound + others {
            // What no longer binds stands behind what does.
            let isNow = ids.contains(policy.id)
            let link = isOfficer ? "/policies/\(policy.id)\(home.map { "?unit=\($0)" } ?? "")" : "/me"
            if let fit = sought.fit(policy.title) { hits.append(Hit(policy.title, note: isNow ? "现在约束本单位" : "", link: link, fit: isNow ? fit : .part)) }
            for clause in Clause.all(of: policy) {
                guard let fit = sought.fit(clause.id) == .whole ? .whole : sought.fit(clause.title) ?? sought.fit(clause.quote) ?? sought.fit(clause.clause) else { continue }
                hits.append(Hit(
                    "\(clause.id) \(clause.title)", note: "「\(clause.quote)」\(policy.title) \(clause.clause)", link: isOfficer ? "\(link)#\(clause.id)" : link, fit: isNow ? fit : .part))
            }
        }
        return Found(hits)
    }
}
