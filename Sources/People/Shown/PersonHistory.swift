import Kit
import Register

/// What has happened to a file, act by act, in words. Personal numbers are never in them, only that they changed.
package struct PersonHistory: Sendable {
    package struct Event: Sendable {
        package let act: ActRecord
        package let what: [String]
    }

    let words: RosterWords
    let unit: @Sendable (Int64) -> String
    let name: @Sendable (Int64) -> String

    package init(words: RosterWords, unit: @escaping @Sendable (Int64) -> String, name: @escaping @Sendable (Int64) -> String) {
        self.words = words
        self.unit = unit
        self.name = name
    }

    /// The acts, newest first as the changes are.
    package func events(_ changes: [ChangeRecord]) -> [Event] {
        var order: [ActRecord] = []
        var what: [Int64: [String]] = [:]
        for change in changes {
            if what[change.act.id] == nil { order.append(change.act) }
            what[change.act.id, default: []].append(contentsOf: sentences(change))
        }
        return order.map { Event(act: $0, what: what[$0.id]?.reversed() ?? []) }
    }

    private func sentences(_ change: ChangeRecord) -> [String] {
        change.subject == "person" ? person(change) : [post(change)].compactMap { $0 }
    }

    private func person(_ change: ChangeRecord) -> [String] {
        guard let after = change.after else { return ["撤回建档"] }
        if after.text("name") == Person.erasedName { return ["依法删除"] }
        if after.isErased { return ["内容已依法删除"] }
        guard let before = change.before else { return ["建立“\(after.text("name") ?? "")”的档案"] }
        if before.int("merged_into") != after.int("merged_into") {
            return [after.int("merged_into").map { "“\(after.text("name") ?? "")”的另一份档案并入“\(name($0))”" } ?? "把并入的“\(after.text("name") ?? "")”档案恢复为单独一份"]
        }
        var said: [String] = []
        let plain = [("name", "姓名"), ("code", "人员编号"), ("gender", "性别"), ("ethnicity", "民族"), ("politics", "政治面貌"), ("education", "学历"), ("degree", "学位")]
        for (column, word) in plain where before[column] != after[column] { said.append(changed(word, before.text(column), after.text(column))) }
        if before["id_index"] != after["id_index"] { said.append("更正证件号码") }
        if before["phone_index"] != after["phone_index"] { said.append(after.text("phone_index") == nil ? "删去手机号" : "更正手机号") }
        return said
    }

    private func post(_ change: ChangeRecord) -> String? {
        let before = change.before.map(RosterStore.appointment), after = change.after.map(RosterStore.appointment)
        switch (before, after) {
        case (nil, let post?): return "登记任职：\(place(post))，\(post.spanInWords)\(post.isPrimary ? "" : "，兼任")"
        case (let post?, nil): return "去掉任职：\(place(post))，\(post.spanInWords)"
        case (let old?, let new?):
            if old.personID != new.personID { return "任职\(place(new))转到“\(name(new.personID))”的档案" }
            var rest = new
            rest.to = old.to
            if rest == old, old.to != new.to {
                return new.to == .open ? "\(place(new))：取消离任" : "\(place(new))：\(new.to) 离任\(old.to == .open ? "" : "（原为 \(old.to)）")"
            }
            var said: [String] = []
            if old.organizationID != new.organizationID { said.append(changed("单位", unit(old.organizationID), unit(new.organizationID))) }
            if old.title != new.title { said.append(changed("职务", old.title, new.title)) }
            if old.from != new.from || old.to != new.to { said.append(changed("起止", old.spanInWords, new.spanInWords)) }
            if old.category != new.category { said.append(changed("人员类别", words.categories.word(of: old.category), words.categories.word(of: new.category))) }
            if old.workforce != new.workforce { said.append(changed("队伍类别", words.workforces.word(of: old.workforce), words.workforces.word(of: new.workforce))) }
            if old.engagement != new.engagement { said.append(changed("任职方式", words.engagements.word(of: old.engagement), words.engagements.word(of: new.engagement))) }
            if old.isPrimary != new.isPrimary { said.append(new.isPrimary ? "改为主任职" : "改为兼任") }
            if old.isLeadership != new.isLeadership { said.append(new.isLeadership ? "改为领导班子成员" : "改为非领导班子成员") }
            return "更正任职\(place(new))：\(said.joined(separator: "，"))"
        case (nil, nil): return nil
        }
    }

    private func place(_ post: Appointment) -> String { unit(post.organizationID) + (post.title.isEmpty ? "" : " " + post.title) }

    private func changed(_ word: String, _ old: String?, _ new: String?) -> String {
        func shown(_ text: String?) -> String { text.flatMap { $0.isEmpty ? nil : "“\($0)”" } ?? "未填" }
        return "\(word)由\(shown(old))改为\(shown(new))"
    }
}
