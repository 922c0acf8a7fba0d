/// What a page tells of somebody's file, as the log of looks calls it.
package struct FileLook: Sendable {
    /// As it stands in the log.
    package let key: String
    package let word: String
    /// Whether the page of a route tells it.
    package let isTold: @Sendable (_ route: String) -> Bool

    package init(_ key: String, _ word: String, isTold: @escaping @Sendable (_ route: String) -> Bool) {
        self.key = key
        self.word = word
        self.isTold = isTold
    }

    /// The file itself, forms of it included.
    package static let file = FileLook("file", "人员档案") { _ in true }
}
