import Access
import Kit

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
