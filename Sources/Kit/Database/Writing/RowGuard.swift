/// Refuses changes of rows that another part of the program keeps: asked for every change that is noted, whatever the way in,
/// so that whoever keeps the rows need not know of it.
package struct RowGuard: Sendable {
    package let subject: String
    /// Throws the refusal. Before is nil for a row that comes back, after for one that goes; rows that the act itself has made
    /// are not asked about.
    package let check: @Sendable (_ id: Int64, _ before: RowImage?, _ after: RowImage?, Writing) throws -> Void

    package init(_ subject: String, check: @escaping @Sendable (_ id: Int64, _ before: RowImage?, _ after: RowImage?, Writing) throws -> Void) {
        self.subject = subject
        self.check = check
    }
}
