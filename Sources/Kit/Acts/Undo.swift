/// How the rows of one table are compared with their images and put back.
package struct RowKeeper: Sendable {
    package let subject: String
    /// Whether the table is no more: what acts left of its rows is taken back, but no row is held against it.
    package let isFormer: Bool
    /// The row as it stands now; nil where there is none.
    package let image: @Sendable (Int64, Reading) throws -> RowImage?
    /// Makes the row what the image says; nil takes the row away.
    package let restore: @Sendable (Int64, RowImage?, Writing) throws -> Void

    package init(
        subject: String, isFormer: Bool = false, image: @escaping @Sendable (Int64, Reading) throws -> RowImage?,
        restore: @escaping @Sendable (Int64, RowImage?, Writing) throws -> Void
    ) {
        self.subject = subject
        self.isFormer = isFormer
        self.image = image
        self.restore = restore
    }
}

/// 撤回: takes an act back where nothing later rests on it. An undo is an act itself and can be taken back likewise.
package enum Undo {
    /// More rows than this are an import of its own, not a slip.
    package static let mostRows: Int64 = 20_000

    /// Puts back every row the act changed, last first. `day` says on which day in China a moment fell; rows of `besides` are
    /// taken back by whoever keeps them.
    /// Throws `undo.missing`, `undo.later` (with who changed it since), `undo.dependent`, `undo.foreign` or `undo.large`.
    package static func undo(act id: Int64, keepers: [RowKeeper], besides: Set<String> = [], in db: Writing, day: (Int64) -> Day) throws {
        guard let act = try ActStore.act(id, in: db) else {
            throw Refusal("undo.missing", "没有这次变更；请刷新页面后再试")
        }
        guard !Act.rekeyingKinds.contains(act.kind) else { throw Refusal("undo.foreign", "更换密钥不能撤回；需要时请再更换一次") }
        let count = try ActStore.count(ofAct: id, in: db)
        guard count > 0 else { throw Refusal("undo.missing", "这次操作没有改动任何记录，不用撤回") }
        guard count <= mostRows else {
            throw Refusal("undo.large", "这次变更涉及 \(count) 条记录，不能整批撤回；请用“更正”或改好的表格再导入")
        }
        for change in try ActStore.changes(ofAct: id, in: db).reversed() where !besides.contains(change.subject) {
            guard let keeper = keepers.first(where: { $0.subject == change.subject }) else {
                throw Refusal("undo.foreign", "这次变更还涉及不能撤回的记录（如学时或账号）；请用“更正”")
            }
            let present = try keeper.image(change.subjectID, db)
            guard holdTheSame(present, change.after) else {
                if let later = try ActStore.later(than: change, in: db) {
                    if Act.rekeyingKinds.contains(later.act.kind) {
                        throw Refusal("undo.rekeyed", "这次变更之后更换过数据密钥，当时的号码已经恢复不了，不能撤回；请用“更正”")
                    }
                    let reason = later.act.why.isEmpty ? "" : "（\(later.act.why)）"
                    throw Refusal(
                        "undo.later",
                        "这次变更之后，\(later.act.who) 于 \(day(later.act.atMilliseconds)) 又改过同一条记录\(reason)；请先撤回那一次")
                }
                throw Refusal("undo.later", "这条记录后来又改过，不能撤回；请用“更正”")
            }
            do {
                try db.attempt { try keeper.restore(change.subjectID, change.before, db) }
            } catch is ConstraintBroken {
                throw Refusal("undo.dependent", "已有后来的记录（任职、下级单位、学时等）以它为前提，不能撤回；请先撤回那些记录，或用“更正”")
            }
            try db.change(change.subject, change.subjectID, before: present?.json, after: change.before?.json, of: change.person)
        }
    }

    static func holdTheSame(_ a: RowImage?, _ b: RowImage?) -> Bool {
        switch (a, b) {
        case (nil, nil): true
        case (let a?, let b?): a.holdsTheSame(as: b)
        default: false
        }
    }
}
