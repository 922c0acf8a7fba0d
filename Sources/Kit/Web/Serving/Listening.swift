import Foundation

/// Where the web application listens, and under which names and through whom it is reached.
package struct Listening: Sendable {
    package var host: String
    /// 0 takes any free one.
    package var port: Int
    /// Serves TLS where there is one.
    package var certificate: Certificate?
    /// The addresses under which browsers reach us, where they were said. Then no other name is answered to.
    package var publicAddresses: [PublicAddress]
    /// Whose word about the browser's address and about TLS is taken: proxies in front of us.
    package var trustedProxies: [AddressRange]
    package var limits = ConnectionLimits()
    package var writes = WriteLimits()

    package init(
        host: String, port: Int, certificate: Certificate? = nil, publicAddresses: [PublicAddress] = [],
        trustedProxies: [AddressRange] = AddressRange.thisMachine
    ) {
        self.host = host
        self.port = port
        self.certificate = certificate
        self.publicAddresses = publicAddresses
        self.trustedProxies = trustedProxies
    }

    /// Whether nobody on the network can read along: by TLS, or because only this machine is listened to.
    package var isConfidential: Bool { certificate != nil || PublicAddress.isThisMachine(host) }

    /// Whether a `Host` is one of ours. A page of somebody else whose name was made to point here has another.
    func answers(to authority: String) -> Bool {
        let name = PublicAddress.name(of: authority)
        if PublicAddress.isThisMachine(name) { return true }
        if !publicAddresses.isEmpty { return publicAddresses.contains { $0.authority == authority.lowercased() } }
        // Who listens on this machine only has no other name; elsewhere nobody told us what we are called.
        return !PublicAddress.isThisMachine(host)
    }

    /// Whether browsers reach this `Host` by TLS; `forwarded` is what a trusted proxy says of it.
    func isSecure(_ authority: String, forwarded: String?) -> Bool {
        certificate != nil || forwarded == "https" || publicAddresses.contains { $0.isSecure && $0.authority == authority.lowercased() }
    }

    func trusts(_ address: String) -> Bool { trustedProxies.contains { $0.holds(address) } }
}

/// An address under which browsers reach us: `https://train.example.cn`.
package struct PublicAddress: Sendable, Hashable, CustomStringConvertible {
    package let isSecure: Bool
    /// Name and, unless it is the usual one, port; lower case. What `Host` says.
    package let authority: String

    package var description: String { (isSecure ? "https://" : "http://") + authority }

    /// Refusal `usage.publicURL`.
    package init(_ text: String) throws(Refusal) {
        let lower = text.lowercased()
        let rest = lower.hasPrefix("https://") ? lower.dropFirst(8) : lower.hasPrefix("http://") ? lower.dropFirst(7) : ""
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        isSecure = lower.hasPrefix("https://")
        guard PublicAddress.isAuthority(authority) else {
            throw Refusal("usage.publicURL", "“\(text.prefix(200))”不是网址。请写成 https://train.example.cn 这样，后面不带路径；有几个时用逗号隔开。")
        }
        let usual = isSecure ? ":443" : ":80"
        self.authority = String(authority.hasSuffix(usual) ? authority.dropLast(usual.count) : authority)
    }

    /// Several, separated by commas.
    package static func list(_ text: String) throws(Refusal) -> [PublicAddress] {
        var all: [PublicAddress] = []
        for part in text.split(separator: ",") { all.append(try PublicAddress(part.trimmingCharacters(in: .whitespaces))) }
        return all
    }

    /// Whether a text can be a `Host` at all.
    static func isAuthority(_ text: some StringProtocol) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || [45, 46, 58, 91, 93, 95].contains($0)
        }
    }

    /// Whether a site, `http://localhost:8080`, is reached from this machine alone.
    package static func isThisMachine(site: String) -> Bool { isThisMachine(name(of: site.components(separatedBy: "://").last ?? "")) }

    /// The name without the port, an IPv6 address without its brackets.
    static func name(of authority: String) -> String {
        let lower = authority.lowercased()
        if lower.hasPrefix("[") { return String(lower.dropFirst().prefix { $0 != "]" }) }
        return lower.filter { $0 == ":" }.count == 1 ? String(lower.prefix { $0 != ":" }) : lower
    }

    /// Whether an address is one that is asked: by TLS, or on this machine.
    static func mayBeAsked(_ address: String) -> Bool {
        guard address.utf8.count <= 1000, address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let url = URL(string: address), let host = url.host, url.user == nil
        else { return false }
        return url.scheme == "https" || url.scheme == "http" && isThisMachine(host)
    }

    /// Names that lead to this machine alone and that nobody else can own.
    static func isThisMachine(_ name: String) -> Bool {
        name == "localhost" || name.hasSuffix(".localhost") || AddressRange.thisMachine.contains { $0.holds(name) }
    }
}

/// Addresses that begin alike: `10.0.0.0/8`, `::1`.
package struct AddressRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let bits: Int

    package static let thisMachine = ["127.0.0.0/8", "::1"].compactMap { try? AddressRange($0) }

    /// Refusal `usage.proxies`.
    package init(_ text: String) throws(Refusal) {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let bytes = parts.first.flatMap(AddressRange.bytes)
        let bits = parts.count == 2 ? Int(parts[1]) : bytes.map { $0.count * 8 }
        guard let bytes, let bits, (0...bytes.count * 8).contains(bits) else {
            throw Refusal("usage.proxies", "“\(text.prefix(100))”不是网络地址。请写成 10.1.2.3 或 10.1.0.0/16 这样；有几个时用逗号隔开。")
        }
        self.bytes = bytes
        self.bits = bits
    }

    /// Several, separated by commas.
    package static func list(_ text: String) throws(Refusal) -> [AddressRange] {
        var all: [AddressRange] = []
        for part in text.split(separator: ",") { all.append(try AddressRange(part.trimmingCharacters(in: .whitespaces))) }
        return all
    }

    package func holds(_ address: String) -> Bool {
        guard let other = AddressRange.bytes(address), other.count == bytes.count else { return false }
        for index in 0..<bits where (bytes[index / 8] ^ other[index / 8]) & (0x80 >> UInt8(truncatingIfNeeded: index % 8)) != 0 { return false }
        return true
    }

    /// What an address is counted by: itself, of IPv6 the /64 that one household or office has to choose from.
    package static func network(of address: String) -> String {
        guard let bytes = bytes(address), bytes.count == 16 else { return address }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }

    /// Four bytes or sixteen; an IPv4 address in IPv6 clothes is taken as what it is.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = in_addr(), sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &sixteen) { Array($0) }
        return bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] ? Array(bytes.suffix(4)) : bytes
    }
}
