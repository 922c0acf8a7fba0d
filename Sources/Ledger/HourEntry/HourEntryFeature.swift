import Access
import Kit
import People
import Register

extension Feature {
    /// 学时: the entries themselves, whoever posts them.
    package static let hourEntries = Feature(
        acts: [
            ("entry.reverse", "冲销学时"),
            ("entry.correct", "更正学时"),
        ],
        subjects: ["hour_entry": "学时"],
        columns: [
            "last": "最后一条", "rows": "条数", "digest": "摘要",
        ],
        ranges: [HourEntryStore.range],
        merging: Merging(
            merged: { absorbed, survivor, db in try HourEntryStore.reverseDoubles(survivor: survivor, loser: absorbed, db) },
            keepsFromUndo: { act, person, db in
                guard try HourEntryStore.entries(of: person, from: db).contains(where: { $0.actID == act }) else { return nil }
                return Refusal("undo.hours", "这次变更同时冲销过学时，不能撤回；请用“更正”，并在学时账户里补登")
            }),
        erasing: Erasing(
            held: { erased, db in
                var entries: [HourEntry] = []
                try HourEntryStore.entries(inFiles: erased.files, from: db) { entries.append($0) }
                return Erasing.Held(
                    standing: Posting.standingAmong(entries).count,
                    stays: [("学时", "\(entries.count) 条学时记录：往年的指标要能核对，名单里写作“\(Person.erasedName)”")])
            }, forget: { _, _ in }),
        keeping: KeptRows.Exceptions(
            tables: ["hour_entry": "one digest of each posting"], appendOnly: ["hour_entry"], positive: ["hour_entry": ["id", "act_id"]]),
        recent: RecentSource(HourEntryStore.recentKind, read: HourEntryStore.recent),
        brings: [
            TakenBackByRows(
                HourEntryStore.subject, size: { act, db in try HourEntryStore.rows(ofAct: act, from: db) },
                count: { act, db in
                    let entries = try HourEntryStore.postings(ofAct: act, from: db)
                    return (entries.count, Array(Set(entries.map(\.personID))))
                },
                since: { act, db in
                    try HourEntryStore.changedSince(act: act, from: db).map { Dependent(.person($0.personID), "“\($0.record.title)”后来更正或撤销过", link: "/records/\($0.id)") }
                },
                takeBack: { act, db in try HourEntryStore.reverse(act: act, db) }),
            StandingOn { unmaking, db in try HourEntryStore.standing(on: unmaking, in: db) },
            MergePart(10) { survivor, absorbed, db in
                func standing(_ file: Int64) throws -> [HourEntry] { Posting.standingAmong(try HourEntryStore.entries(of: file, from: db)) }
                let ours = try standing(survivor), theirs = try standing(absorbed), known = Set(ours.map(\.sourceKey)), doubles = theirs.count { known.contains($0.sourceKey) }
                return [MergeRow(
                    "学时记录", "\(Numbers.count(ours.count)) 条", "\(Numbers.count(theirs.count)) 条",
                    becomes: "\(Numbers.count(theirs.count - doubles)) 条并入\(doubles > 0 ? "，\(Numbers.count(doubles)) 条是同一次培训，冲销一条，只计一次" : "")")]
            },
        ]
    )
}
