/// How far a chain has come: the number and the MAC of its last entry.
package struct ChainHead: Hashable, Sendable {
    package let chain: Int64
    package let sequence: Int64
    package let mac: [UInt8]

    package init(chain: Int64, sequence: Int64, mac: [UInt8]) {
        self.chain = chain
        self.sequence = sequence
        self.mac = mac
    }

    /// The head of a chain without entries.
    static func empty(_ chain: Int64) -> ChainHead {
        ChainHead(chain: chain, sequence: 0, mac: [UInt8](repeating: 0, count: AuditKey.macBytes))
    }

    /// `chain:number:mac`, as the first entry of another chain names it.
    package var text: String { "\(chain):\(sequence):\(mac.hex)" }

    init?(text: some StringProtocol) {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let chain = Int64(parts[0]), let sequence = Int64(parts[1]), let mac = [UInt8](hex: parts[2]) else { return nil }
        self.init(chain: chain, sequence: sequence, mac: mac)
    }
}
