import Kit

/// 证件号码: a citizen's number by GB 11643, checked. Never written to logs, errors or addresses; screens show `masked`.
package struct IDNumber: Hashable, Sendable {
    /// Eighteen characters, the last a digit or a capital X.
    package let text: String
    package let birthDay: Day

    /// 男 or 女, by the seventeenth digit.
    package var gender: String {
        let digit = Array(text.utf8)[16] - 48
        return digit % 2 == 1 ? "男" : "女"
    }

    /// `110105********002X`.
    package var masked: String { text.prefix(6) + "********" + text.suffix(4) }

    /// The first six and last four characters: the only fragment that may be searched.
    package var part: String { String(text.prefix(6) + text.suffix(4)) }

    /// Takes a number as people write it: spaces forgiven, a lower-case x taken.
    /// Throws `idNumber.length`, `.characters`, `.birthDay` or `.checkDigit`.
    package init(_ written: some StringProtocol, today: Day) throws {
        var bytes: [UInt8] = []
        for scalar in written.unicodeScalars where !scalar.properties.isWhitespace {
            switch scalar.value {
            case 48...57: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case 0xFF10...0xFF19: bytes.append(UInt8(truncatingIfNeeded: scalar.value - 0xFF10 + 48))
            case 0x58, 0x78, 0xFF38, 0xFF58: bytes.append(UInt8(ascii: "X"))
            default: throw Refusal("idNumber.characters", "证件号码只能由数字组成（末位可为 X），这里有“\(scalar)”；请照证件重填")
            }
        }
        guard bytes.count != 15 else {
            throw Refusal("idNumber.length", "15 位的旧证件号码已停用；请填 18 位的证件号码")
        }
        guard bytes.count == 18 else {
            throw Refusal("idNumber.length", "证件号码应为 18 位，这里是 \(bytes.count) 位；请照证件重填")
        }
        guard bytes.prefix(17).allSatisfy({ $0 != UInt8(ascii: "X") }) else {
            throw Refusal("idNumber.characters", "X 只能是证件号码的末位；请照证件重填")
        }
        guard bytes[0] != UInt8(ascii: "0") else {
            throw Refusal("idNumber.region", "证件号码不会以 0 开头（前六位是行政区划代码）；请照证件重填")
        }
        let digits = bytes.map { Int($0) - 48 }
        func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + digits[$1] } }
        guard let birthDay = Day(number(6..<10), number(10..<12), number(12..<14)), birthDay.year >= 1800 else {
            let shown = String(decoding: bytes[6..<14], as: UTF8.self)
            throw Refusal("idNumber.birthDay", "证件号码第 7—14 位的出生日期 \(shown) 不存在；请照证件重填")
        }
        guard birthDay <= today else {
            throw Refusal("idNumber.birthDay", "证件号码里的出生日期 \(birthDay) 还没有到；请照证件重填")
        }
        let expected = Self.checkCharacter(bytes)
        guard bytes[17] == expected else {
            throw Refusal("idNumber.checkDigit", "校验位不对：末位应为 \(Character(Unicode.Scalar(expected)))，请核对证件")
        }
        text = String(decoding: bytes, as: UTF8.self)
        self.birthDay = birthDay
    }

    /// A number that stands in the database and was checked when it came in.
    package init(stored text: String, birthDay: Day) {
        self.text = text
        self.birthDay = birthDay
    }

    private static func checkCharacter(_ bytes: [UInt8]) -> UInt8 {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        var sum = 0
        for index in 0..<17 { sum += (Int(bytes[index]) - 48) * weights[index] }
        return Array("10X98765432".utf8)[sum % 11]
    }
}

/// 手机号 of the mainland: eleven digits beginning with 1.
package enum PhoneNumber {
    /// The eleven digits; spaces, hyphens and +86 are forgiven. Throws `phone.form`.
    package static func checked(_ written: some StringProtocol) throws -> String {
        var bytes: [UInt8] = []
        for scalar in written.unicodeScalars {
            switch scalar.value {
            case 48...57: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case 0xFF10...0xFF19: bytes.append(UInt8(truncatingIfNeeded: scalar.value - 0xFF10 + 48))
            case 0x2B, 0x2D, 0x2013, 0x2014, 0xFF0D: continue
            default:
                guard scalar.properties.isWhitespace else {
                    throw Refusal("phone.form", "手机号只能由数字组成，这里有“\(scalar)”；请填 11 位手机号")
                }
            }
        }
        if bytes.count == 13, bytes.starts(with: [56, 54]) { bytes.removeFirst(2) }
        guard bytes.count == 11, bytes[0] == 49 else {
            throw Refusal("phone.form", "手机号应是 1 开头的 11 位数字，这里是 \(bytes.count) 位；请核对")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `138****5678`.
    package static func masked(_ phone: String) -> String {
        phone.count == 11 ? phone.prefix(3) + "****" + phone.suffix(4) : "****"
    }
}
