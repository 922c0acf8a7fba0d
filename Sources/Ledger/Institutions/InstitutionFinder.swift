import Access
import Kit

extension Finder {
    /// Institutions that are not recognised: the register is short and everybody's who sees figures.
    static let institutions = Finder("不予承认的培训机构", 50, hint: "机构名称的一部分", where: { $0.scope.isAnywhere(.seeing) }) { sought, _, house in
        let names = try await house.database.read { try UnrecognisedInstitutionStore.all(from: $0) }
        return Found(names.compactMap { name in sought.fit(name).map { Hit(name, note: "在这里的培训不计入要求机构的指标", link: "/institutions", fit: $0) } })
    }
}
