extension String {
    /// Whether it has no more than so many characters, and no more bytes than so many Chinese characters have: a single
    /// character may be made of thousands of code points.
    package func fits(_ characters: Int) -> Bool { utf8.count <= 4 * characters && count <= characters }
}
