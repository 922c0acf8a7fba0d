import Kit

/// What of two files that are to be made one a feature tells beside each other.
package struct MergePart: Sendable {
    /// Rows stand in the order of the places of their parts.
    let place: Int
    let rows: @Sendable (_ survivor: Int64, _ absorbed: Int64, Reading) throws -> [MergeRow]

    package init(_ place: Int, rows: @escaping @Sendable (_ survivor: Int64, _ absorbed: Int64, Reading) throws -> [MergeRow]) {
        self.place = place
        self.rows = rows
    }
}

/// One thing of both files, and what it will be.
package struct MergeRow: Sendable {
    package let name: String
    package let survivor: String
    package let absorbed: String
    package let becomes: String

    package init(_ name: String, _ survivor: String, _ absorbed: String, becomes: String) {
        self.name = name
        self.survivor = survivor
        self.absorbed = absorbed
        self.becomes = becomes
    }
}
