import Kit

/// 视图: how somebody likes to see a list, under a name.
package struct SavedView: Hashable, Sendable, Identifiable {
    package let id: Int64
    package let name: String
    /// The list, and how it is asked for.
    package let address: PageAddress

    /// Views of an account and list at most.
    static let most = 20
    /// Letters of a name at most.
    static let longestName = 30

    /// Refusals `view.name`, `view.place`. Words that may be a person's name are left out, as is the place in the list.
    static func checked(name: String, place: String) throws -> (name: String, address: PageAddress) {
        guard !name.isEmpty, name.fits(longestName) else { throw Refusal("view.name", "请给这个视图起一个名字，不超过 \(longestName) 个字。") }
        let parts = place.split(separator: "?", maxSplits: 1).map(String.init)
        guard place.fits(2000), let path = parts.first.flatMap(Reply.localPath) else { throw Refusal("view.place", "这里的视图不能保存。") }
        return (name, PageAddress(path, Fields(encoded: parts.dropFirst().first ?? "")).withoutWords)
    }
}
