/// A code that somebody hands out on paper and somebody else types on a phone: ten letters without look-alikes, in two
/// groups, 45 bits. Capitals and what stands between the groups do not matter.
package struct HandedCode: Sendable, Hashable {
    /// Lower case, without separators.
    let letters: String

    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz")
    package static let length = 10

    package static func random() -> HandedCode {
        var generator = SystemRandomNumberGenerator()
        return HandedCode(letters: String((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "x" }))
    }

    private init(letters: String) { self.letters = letters }

    /// What was typed; nil where it can be no such code.
    package init?(typed: String) {
        guard typed.utf8.count <= 200 else { return nil }
        // Full-width letters, as a Chinese keyboard may give them, are the same letters.
        let plain = typed.unicodeScalars.compactMap { (0xFF01...0xFF5E).contains($0.value) ? Unicode.Scalar($0.value - 0xFEE0) : $0 }
        let letters = String(String.UnicodeScalarView(plain)).lowercased().filter { !$0.isWhitespace && !"-–—_.·".contains($0) }
        guard letters.count == Self.length, letters.allSatisfy(Self.alphabet.contains) else { return nil }
        self.letters = letters
    }

    /// As it is printed: `KFMQR-TWXYZ`.
    package var text: String { letters.prefix(5).uppercased() + "-" + letters.suffix(5).uppercased() }
}
