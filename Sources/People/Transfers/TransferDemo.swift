import Access
import Approvals
import Kit
import Register

/// 调入申请 of the demo world, one in each state.
enum TransferDemo {
    private typealias Deed = @Sendable (ApprovalEye, Writing) throws -> Void

    static func live(_ ground: DemoGround, _ house: House) async throws {
        guard let binhe = ground.accounts["binhe"], let jichuang = ground.accounts["jichuang"], let kaifaqu = ground.accounts["kaifaqu"], let from = ground.units["HX-KF"],
            let to = ground.units["HX-LJ-BH"], let other = ground.units["HX-JC"]
        else { return }
        let today = Clock.day(ofMilliseconds: house.database.nowMilliseconds), known = Set(ground.people.values)
        let people: [Int64] = try await house.database.read { db in
            let units = try OrganizationStore.tree(on: today, in: db).subtree(of: from).map(\.id)
            return try RosterStore.posts(in: units, endingAfter: today, in: db).filter { $0.isPrimary && $0.from < today && $0.to == .open && !$0.workforce.isEmpty && !known.contains($0.personID) }
                .map(\.personID).reversed()
        }
        guard people.count >= 7 else { return }

        func ask(_ person: Int64, by account: Int64, at unit: Int64, in days: Int, title: String, side: Bool = false, why: String) async throws -> Int64 {
            let post = Appointment(personID: person, organizationID: unit, from: today + days, isPrimary: !side, category: "grassroots", engagement: "", title: title)
            return try await act(side ? "request.side" : "request.transfer", why, by: account, house) { eye, db in try TransferStore.askTransfer(to: post, house, by: eye, in: db).id }
        }
        func decide(_ id: Int64, _ verb: ApprovalVerb, _ why: String = "", remarks: [String: String] = [:]) async throws {
            try await act(ApprovalKind.transfer.acts[verb] ?? "", why, by: kaifaqu, house) { eye, db in
                let digest = try ApprovalStore.approval(id, in: db)?.digest ?? ""
                try Deciding.decide(id, verb, digest: digest, remarks: remarks, Form(), eye, in: db)
            }
        }

        _ = try await ask(people[0], by: binhe, at: to, in: 20, title: "副主席", why: "街道工会换届，拟调任副主席")
        _ = try await ask(people[1], by: jichuang, at: other, in: 2, title: "干事", why: "集团工会缺员")
        _ = try await ask(people[2], by: binhe, at: to, in: 35, title: "法律顾问", side: true, why: "请其兼任法律顾问")
        let returned = try await ask(people[3], by: binhe, at: to, in: 3, title: "干事", why: "工作需要")
        try await decide(returned, .return, "年底结账，请改到下月", remarks: ["from": "请不早于下月 1 日"])
        let again = try await ask(people[4], by: jichuang, at: other, in: 5, title: "干事", why: "工作需要")
        try await decide(again, .return, "请写明职务", remarks: ["title": "是综合干事还是财务干事？"])
        try await act("request.again", "按意见改好", by: jichuang, house) { eye, db in
            let form = Form(fields: Fields([("title", "综合干事"), ("from", "\(today + 12)"), ("category", "grassroots")]))
            try Deciding.askAgain(again, form, eye, in: db)
        }
        try await decide(ask(people[5], by: binhe, at: to, in: 15, title: "副主席", why: "拟调任"), .decline, "本年度内不放人")
        let given = try await ask(people[6], by: jichuang, at: other, in: 9, title: "干事", why: "工作需要")
        try await act("request.withdraw", "人选有变", by: jichuang, house) { eye, db in try Deciding.withdraw(given, Form(), eye, in: db) }
    }

    private static func act<T: Sendable>(
        _ kind: String, _ why: String, by account: Int64, _ house: House, _ body: @escaping @Sendable (ApprovalEye, Writing) throws -> T
    ) async throws -> T {
        let name = try await house.database.read { try AccountStore.account(account, in: $0)?.displayName ?? "" }
        return try await house.database.write(Act(who: .account(account, name), origin: "", kind: kind, why: why)) { db in
            try body(ApprovalEye(acting: account, house, in: db), db)
        }
    }
}
