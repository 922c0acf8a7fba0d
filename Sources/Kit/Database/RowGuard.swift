/// Refuses changes of rows that another part of the program keeps: asked for every change that is noted, whatever the way in,
/// so that whoever keeps the rows need not know of it.
package struct RowGuard: Sendable {
    package let subject: String
    /// Throws the refusal; the images are those of a row that was there before and is there after.
    package let check: @Sendable (_ id: Int64, _ before: RowImage, _ after: RowImage, Writing) throws -> Void

    package init(_ subject: String, check: @escaping @Sendable (_ id: Int64, _ before: RowImage, _ after: RowImage, Writing) throws -> Void) {
        self.subject = subject
        self.check = check
    }
}
