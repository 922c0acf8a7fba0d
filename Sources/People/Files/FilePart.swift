import Access
import Kit

/// What a feature of an area above says first of all on the page of a person: the sentence that the page was opened for.
package struct FileHead: Sendable {
    /// Nil where there is nothing to say of the file, as far as it is seen. Asked outside of any snapshot: it may compute.
    let read: @Sendable (PersonFile, SignedIn, House) async throws -> HTML?

    package init(_ read: @escaping @Sendable (PersonFile, SignedIn, House) async throws -> HTML?) { self.read = read }
}

/// What a feature of an area above shows on the page of a person: a panel below the posts.
package struct FilePart: Sendable {
    /// Panels stand in the order of their places.
    let place: Int
    /// Nil where there is nothing to tell of the file, as far as it is seen.
    let read: @Sendable (PersonFile, SignedIn, House, Reading) throws -> HTML?

    package init(_ place: Int, read: @escaping @Sendable (PersonFile, SignedIn, House, Reading) throws -> HTML?) {
        self.place = place
        self.read = read
    }
}
