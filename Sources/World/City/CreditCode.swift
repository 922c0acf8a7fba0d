/// Synthetic 统一社会信用代码 (GB 32100 with the organisation code of GB 11714 inside). The region does not exist.
enum CreditCode {
    private static let letters = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    /// The code of a union (class 81) with a running number of up to eight digits.
    static func union(_ number: Int) -> String {
        let digits = String(100_000_000 + number % 100_000_000).utf8.dropFirst()
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
        let check = (11 - sum % 11) % 11
        var code = Array("81421900".utf8) + digits
        code.append(check == 10 ? UInt8(ascii: "X") : UInt8(48 + check))
        var total = 0, weight = 1
        for byte in code {
            total += (letters.firstIndex(of: byte) ?? 0) * weight
            weight = weight * 3 % 31
        }
        code.append(letters[(31 - total % 31) % 31])
        return String(decoding: code, as: UTF8.self)
    }
}
