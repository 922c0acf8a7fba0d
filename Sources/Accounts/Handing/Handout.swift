import Access
import Kit
import Register

/// Making codes and handing them out: the file is made first, and only what stands in it is written down, in the act that keeps the file.
struct Handout: Sendable {
    /// For whom a code is made.
    struct Recipient: Sendable {
        /// Nil for an account that is nobody's file.
        let person: Person?
        /// Nil where there is none yet.
        let account: Account?
        let unitID: Int64?
        let unit: String

        var name: String { person?.name ?? account?.displayName ?? "" }
        /// An account in use gets another password, any other is activated.
        var kind: Slip.Kind { account?.state == .active ? .reset : .activation }
    }

    /// Codes as they are asked for: nothing of a code is there before the file is.
    struct Order: Codable, Sendable {
        struct Line: Codable, Sendable {
            let person: Int64?, account: Int64?, unitID: Int64?
            let unit: String
            let kind: Slip.Kind
        }
        let lines: [Line]
        /// The units by which the asker reaches them, none where it is by the whole installation; and by which right.
        let units: [Int64], isKept: Bool
        let format: SlipSheet.Format
        let takesFactor: Bool
        let why: String, site: String
    }

    let house: House
    private var database: Database { house.database }

    /// Enqueues making a code for each; gives the page that hands the file out.
    /// `units` are those by which whoever asks reaches them, by the right to keep or to administer.
    ///
    /// Refusals `slip.none`, `slip.many`, `slip.changed`, `slip.superior`, `slip.locked`, `made.many`, `form.why`.
    func hand(
        _ recipients: [Recipient], _ format: SlipSheet.Format, takesFactor: Bool = false, why: String = "", units: [Int64], isKept: Bool, back: String, by signedIn: SignedIn,
        site: String
    ) async throws -> Reply {
        guard !recipients.isEmpty else { throw Refusal("slip.none", "还没有选人，什么也没有做。请在列表里勾选，或给列出的全部人做码。") }
        guard recipients.count <= Slip.most else {
            throw Refusal("slip.many", "一次最多做 \(Slip.most) 个码，这里有 \(Numbers.count(recipients.count)) 人。请按单位或类别分几次做。")
        }
        let isReset = recipients.contains { $0.kind == .reset }
        guard !isReset || !why.isEmpty else { throw Refusal("form.why", "理由没有填；请写明为什么，例如本人当面申请、核对过证件。") }
        let order = Order(
            lines: recipients.map { Order.Line(person: $0.person?.id, account: $0.account?.id, unitID: $0.unitID, unit: $0.unit, kind: $0.kind) },
            units: Set(units).sorted(), isKept: isKept, format: format, takesFactor: takesFactor, why: why, site: site)
        let title = "\(recipients.count == 1 ? recipients[0].name : "\(Numbers.count(recipients.count)) 人")的\(isReset ? Slip.Kind.reset.word : Slip.Kind.activation.word)"
        let house = house
        return .redirect(try await database.write(signedIn.act("slip.ask", why: why)) { db in
            for one in recipients {
                guard let account = one.account else { continue }
                try check(account, one, takesFactor: takesFactor, by: signedIn, in: db)
            }
            return try MadeFileKind.slips.ask(order, title, back: back, by: signedIn, house, in: db)
        })
    }

    /// The file with a code for each. The act by which it is kept is the maker's; accounts in use are told.
    func make(_ order: Order, by signedIn: SignedIn) async throws -> Made {
        let recipients = try await database.read { db in
            let people = try RosterStore.people(order.lines.compactMap(\.person), in: db)
            return try order.lines.map { line in
                let one = Recipient(
                    person: line.person.flatMap { people[$0] }, account: try line.account.flatMap { try AccountStore.account($0, in: db) }, unitID: line.unitID, unit: line.unit)
                guard one.kind == line.kind, line.person == nil || one.person != nil else { throw changed(one) }
                return one
            }
        }
        let codes = recipients.map { _ in HandedCode.random() }, isReset = recipients.contains { $0.kind == .reset }
        let sheet = SlipSheet(
            lines: zip(recipients, codes).map { one, code in
                SlipSheet.Line(
                    name: one.name, unit: one.unit, typed: one.person.map(SlipSheet.typed) ?? "账号名 \(one.account?.name ?? "")", code: code, kind: one.kind)
            },
            site: order.site, maker: signedIn.account.displayName, unit: office(of: signedIn, for: recipients.first?.unitID), now: signedIn.now)
        return try await sheet.file(order.format, house.typesetting, by: signedIn.act(isReset ? "slip.reset" : "slip.make", why: order.why)) { db in
            for (one, code) in zip(recipients, codes) { try make(code, for: one, takesFactor: order.takesFactor, by: signedIn, in: db) }
        }
    }

    /// Throws why no code may be made for an account.
    private func check(_ account: Account, _ one: Recipient, takesFactor: Bool, by signedIn: SignedIn, in db: Reading) throws {
        guard account.state != .locked else {
            throw Refusal("slip.locked", "\(one.name)的账号已锁定，不能做码。请先由安全管理员解锁。")
        }
        guard (account.state == .active) == (one.kind == .reset) else { throw changed(one) }
        let sway = try AccountSway.read(account, signedIn.hand, in: db)
        guard takesFactor ? sway.mayTakeFactor : sway.mayReset else { throw try Self.superior(account, one.name, signedIn, in: db) }
    }

    private func changed(_ one: Recipient) -> Refusal { Refusal("slip.changed", "\(one.name)的账号刚刚有变动，什么也没有做。请刷新名单再做一次。") }

    private func make(_ code: HandedCode, for one: Recipient, takesFactor: Bool, by signedIn: SignedIn, in db: Writing) throws {
        let account = try target(of: one, in: db)
        try check(account, one, takesFactor: takesFactor, by: signedIn, in: db)
        let slip = try SlipStore.add(code, one.kind, takesFactor: takesFactor, of: account.id, at: one.unitID, house.entrance.secrets, in: db)
        guard one.kind == .reset, let kept = try SlipStore.slip(slip, in: db) else { return }
        try MessageStore.send(
            to: .account(account.id), kind: "slip.reset",
            "\(office(of: signedIn, for: one.unitID))的\(signedIn.account.displayName)为您的账号做了一个重设密码的一次性码\(takesFactor ? "，用了它原来的验证器也会取消" : "")，有效到 \(kept.lastDay)。如果不是您要的，请立即告诉上级单位的组织人事管理员或安全管理员。",
            link: "/account", in: db)
    }

    private func target(of one: Recipient, in db: Writing) throws -> Account {
        if one.kind == .activation, let person = one.person { return try AccountStore.waiting(of: person, in: db) }
        guard let account = try one.account.flatMap({ try AccountStore.account($0.id, in: db) }) else { throw WebProblem.missing }
        return account
    }

    /// The unit for which somebody acts on people of another one.
    private func office(of signedIn: SignedIn, for unit: Int64?) -> String {
        let tree = signedIn.scope.tree, own = signedIn.grants.filter { !$0.role.rights.isDisjoint(with: [.keeping, .administering]) }
        let near = own.filter { grant in unit.map { tree.isInside($0, subtreeOf: grant.organizationID) } ?? true }
        return (near.max { (tree.unit($0.organizationID)?.depth ?? 0) < (tree.unit($1.organizationID)?.depth ?? 0) } ?? own.first).flatMap { tree.unit($0.organizationID)?.name } ?? ""
    }

    /// Who may do it instead, by name and unit.
    static func superior(_ account: Account, _ name: String, _ signedIn: SignedIn, in db: Reading) throws -> Refusal {
        let tree = signedIn.scope.tree, duties = try GrantStore.duties(of: [account.id], on: signedIn.today, in: db)
        let isAdministrator = duties.contains { $0.role.isAdministrator }
        let unit = duties.compactMap { tree.unit($0.organizationID) }.min { ($0.depth, $0.id) < ($1.depth, $1.id) }
        let path = isAdministrator ? [] : unit.map { tree.ancestors(of: $0.id) } ?? []
        let found = try GrantStore.officers(along: path.map(\.id), on: signedIn.today, in: db)
        let whom = found.map { found in "\(tree.unit(found.unit)?.name ?? "")的\(found.officers.map(\.displayName).joined(separator: "、"))或安全管理员" }
            ?? "\(path.last?.name ?? tree.roots.first?.name ?? "上级工会")的安全管理员"
        return Refusal("slip.superior", "\(name)的账号担任管理职责，或者就是您自己的，或者它的授权、您的授权是对方在最近 \(Independence.days) 天里办的，不能由您办理，什么也没有做。请找\(whom)。")
    }
}

extension MadeFileKind {
    /// Slips with codes. Codes are kept by nobody: the file goes soon.
    static let slips = MadeFileKind(
        "slips", "一次性码", of: Handout.Order.self, as: .document, keptHours: 1,
        judge: { _, order, signedIn, _ in
            let right = order.isKept ? Right.keeping : .administering
            guard order.units.isEmpty ? signedIn.isOverAll(.securityAdmin) : order.units.allSatisfy({ signedIn.scope.covers($0, for: right) }) else { throw WebProblem.missing }
        },
        make: { house, order, signedIn, _ in try await Handout(house: house).make(order, by: signedIn) })
}
