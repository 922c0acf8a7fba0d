import Kit

/// 撤回 of an import: what would be taken back, and what has come since that keeps it from being so.
struct ImportUndo: Sendable {
    /// Rows of one kind that the import has written.
    struct Part: Sendable {
        /// 人员, 任职, 单位.
        let word: String
        /// Rows that would go, and rows that would be again what they were.
        var made = 0, changed = 0
    }

    /// Something that came later: whose or where, what, and the page where it can be seen to.
    struct Obstacle: Sendable {
        let name: String
        let words: String
        let link: String
        let isForGood: Bool
    }

    let job: ImportJob
    let act: ActRecord
    let parts: [Part]
    /// Hours that would be reversed.
    let entries: Int
    /// The first people of whom something would go or change.
    let people: [(id: Int64, name: String, isNew: Bool)]
    let peopleCount: Int
    /// The first things in the way, and how many there are.
    let obstacles: [Obstacle]
    let obstacleCount: Int
    /// Whether one of them stays whatever is done.
    var isBarredForGood = false
    /// Why it is not this account's to take back, or too large; nil where it is.
    let refusal: Refusal?

    /// So many are listed.
    static let listed = 50

    /// Throws why it cannot be taken back now. Refusals `undo.large`, `undo.others`, `undo.later`.
    func check() throws(Refusal) {
        if let refusal { throw refusal }
        guard let first = obstacles.first else { return }
        let rest = obstacleCount > 1 ? "等 \(Numbers.count(obstacleCount)) 处" : ""
        let way = isBarredForGood ? "这次导入不能再整批撤回，请逐条更正。" : "请先处理列出的各处，或者不撤回，逐条更正。"
        throw Refusal("undo.later", "这次导入以后，\(first.name)\(first.words)\(rest)，没有撤回。\(way)")
    }

    static let others = Refusal("undo.others", "这次导入的内容里，有的人或单位现在不归您管理（例如后来调走了），不能由您整批撤回。请在仍归您管理的档案里逐条更正。")

    static func large(_ rows: Int64) -> Refusal {
        let most = Numbers.count(Int(clamping: Undo.mostRows))
        return Refusal("undo.large", "这次导入写下 \(Numbers.count(Int(clamping: rows))) 条记录，超过一次能撤回的 \(most) 条，不能整批撤回；请改好表格再导入一次，或逐条更正。")
    }
}
