import Access
import Kit
import Register

extension Finder {
    /// Units of today in one's scope, by a part of their name or the beginning of their code.
    static let units = Finder("单位", 20, hint: "单位名称的一部分，或单位编码", where: { $0.scope.isAnywhere(.seeing) }) { sought, signedIn, _ in
        try await onThread {
            let tree = signedIn.scope.tree
            var hits: [Hit.Fit: [OrgTree.Unit]] = [:], count = 0
            for top in signedIn.scope.topUnits(for: .seeing) {
                for unit in tree.subtree(of: top.id) {
                    guard let fit = fit(unit, sought) else { continue }
                    count += 1
                    // In the order of the tree: what stands above comes before what is in it.
                    if hits[fit, default: []].count < most { hits[fit, default: []].append(unit) }
                }
            }
            let best = hits.sorted { $0.key < $1.key }.flatMap { fit, units in units.map { (fit, $0) } }.prefix(most)
            return Found(
                best.map { fit, unit in
                    let above = tree.path(to: unit.id).dropLast().last { signedIn.scope.covers($0.id, for: .seeing) }
                    return Hit(
                        unit.name, note: [unit.code, above.map { "属\($0.name)" } ?? ""].filter { !$0.isEmpty }.joined(separator: " · "), link: "/organizations/\(unit.id)", fit: fit,
                        steps: [("指标", "/figures/\(unit.id)"), ("名册", "/people?unit=\(unit.id)")])
                }, more: count > most ? ("共 \(Numbers.count(count)) 个，看全部", PageAddress("/organizations", Fields([("q", sought.typed)])).link) : nil)
        }
    }

    private static func fit(_ unit: OrgTree.Unit, _ sought: Sought) -> Hit.Fit? {
        if let fit = sought.fit(unit.name) { return fit }
        return sought.fit(unit.code).flatMap { $0 == .part ? nil : $0 }
    }
}
