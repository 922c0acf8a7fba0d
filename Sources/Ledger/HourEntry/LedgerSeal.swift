import Kit

/// What a write's change record says of the entries it posted: the rows from its subject's id to `last`, and their digest.
struct LedgerSeal {
    let last: Int64
    let rows: Int64
    let digest: String

    var image: RowImage { RowImage(["last": .int(last), "rows": .int(rows), "digest": .text(digest)]) }

    init(last: Int64, rows: Int64, digest: String) {
        self.last = last
        self.rows = rows
        self.digest = digest
    }

    init(_ image: RowImage) { self.init(last: image.int("last") ?? 0, rows: image.int("rows") ?? 0, digest: image.text("digest") ?? "") }
}
