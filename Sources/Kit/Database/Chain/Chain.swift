/// The columns of an act and the digest of the rows it changed: what a link's MAC covers.
struct ActContent {
    let id: Int64
    let atMilliseconds: Int64
    let accountID: Int64?
    let who: String
    let origin: String
    let kind: String
    let why: String
    let changes: RowDigest

    /// What the values of an `act_change` row are, in the order in which they are digested.
    static func values(id: Int64, subject: String, subjectID: Int64, before: String?, after: String?) -> [Value] {
        [.int(id), .text(subject), .int(subjectID), .of(before), .of(after)]
    }

    /// The same for an `act_mark` row; those of an act come after its changes.
    static func values(id: Int64, subject: String, marks: [UInt8]) -> [Value] { [.int(id), .text(subject), .blob(marks)] }

    func link(after head: ChainHead, _ key: AuditKey) -> ChainLink {
        var frame = FramedBytes()
        frame.add(head.mac)
        frame.add(head.chain)
        frame.add(head.sequence &+ 1)
        frame.add(bytes)
        return ChainLink(actID: id, head: ChainHead(chain: head.chain, sequence: head.sequence &+ 1, mac: key.mac(of: frame.bytes)))
    }

    var bytes: [UInt8] {
        var frame = FramedBytes()
        frame.add(id)
        frame.add(atMilliseconds)
        frame.add(Value.of(accountID))
        for text in [who, origin, kind, why] { frame.add(text) }
        frame.add(changes.count)
        frame.add(changes.bytes)
        return frame.bytes
    }
}

/// An act's place in a chain.
struct ChainLink {
    let actID: Int64
    let head: ChainHead
}

/// The first entry of a chain: which process keeps it, where the other chains stood, and what was there unchained.
package struct ChainOpening: Sendable {
    package static let subject = "act_chain", kind = "chain.open"
    package let process: String
    package let heads: [ChainHead]
    /// Acts from before there were chains; only the very first chain vouches for them.
    package let unchained: Int64
    package let unchainedDigest: String

    var image: RowImage {
        RowImage([
            "process": .text(process), "heads": .text(heads.map(\.text).joined(separator: " ")), "unchained": .int(unchained),
            "unchained_digest": .text(unchainedDigest),
        ])
    }

    init(process: String, heads: [ChainHead], unchained: Int64, unchainedDigest: String) {
        self.process = process
        self.heads = heads
        self.unchained = unchained
        self.unchainedDigest = unchainedDigest
    }

    package init(_ image: RowImage) {
        process = image.text("process") ?? ""
        heads = (image.text("heads") ?? "").split(separator: " ").compactMap { ChainHead(text: $0) }
        unchained = image.int("unchained") ?? 0
        unchainedDigest = image.text("unchained_digest") ?? ""
    }
}
