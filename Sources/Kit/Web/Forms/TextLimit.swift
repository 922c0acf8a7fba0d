extension String {
    /// Whether it has no more than so many characters, and no more bytes than so many Chinese characters have: a single
    /// character may be made of thousands of code points.
    package func fits(_ characters: Int) -> Bool { utf8.count <= 4 * characters && count <= characters }
}

extension Form {
    /// The most bytes of one field. The longest text that is kept has five hundred characters; lists of ticked rows are many fields.
    package static let longestField = 4096

    /// Refusal `form.long`: of what is typed, and before anything looks into it. `names` are fields that keep nothing.
    func checkLengths(but names: Set<String>) throws(Refusal) {
        guard let long = fields.pairs.first(where: { $0.value.utf8.count > Self.longestField && !names.contains($0.name) }) else { return }
        throw Refusal("form.long", "有一栏填了 \(long.value.count) 个字，太长，没有保存。请返回上一页缩短以后再提交。")
    }
}
