import Kit

/// 人员: a file in the roster under its real name. Personal numbers are held as ciphertext and keyed hashes only.
package struct Person: Hashable, Sendable {
    package var id: Int64
    package var code: String?
    package var name: String
    package var pinyin: Pinyin
    package var idCipher: [UInt8]
    package var idIndex: [UInt8]
    package var idPartIndex: [UInt8]
    package var birthDay: Day
    package var gender: String
    package var ethnicity: String
    package var politics: String
    package var education: String
    package var degree: String
    package var phoneCipher: [UInt8]?
    package var phoneIndex: [UInt8]?
    /// The file that this one was merged into; nil for a living file.
    package var mergedInto: Int64?

    package init(
        id: Int64, code: String?, name: String, pinyin: Pinyin, idCipher: [UInt8], idIndex: [UInt8], idPartIndex: [UInt8], birthDay: Day,
        gender: String = "", ethnicity: String = "", politics: String = "", education: String = "", degree: String = "",
        phoneCipher: [UInt8]? = nil, phoneIndex: [UInt8]? = nil, mergedInto: Int64? = nil
    ) {
        self.id = id
        self.code = code
        self.name = name
        self.pinyin = pinyin
        self.idCipher = idCipher
        self.idIndex = idIndex
        self.idPartIndex = idPartIndex
        self.birthDay = birthDay
        self.gender = gender
        self.ethnicity = ethnicity
        self.politics = politics
        self.education = education
        self.degree = degree
        self.phoneCipher = phoneCipher
        self.phoneIndex = phoneIndex
        self.mergedInto = mergedInto
    }
}

/// What an officer writes about a person, before it is checked and enciphered.
package struct PersonFacts: Hashable, Sendable {
    package var code: String?
    package var name: String
    package var idNumber: IDNumber
    package var gender: String
    package var ethnicity: String
    package var politics: String
    package var education: String
    package var degree: String
    package var phone: String?

    package init(
        code: String? = nil, name: String, idNumber: IDNumber, gender: String = "", ethnicity: String = "", politics: String = "",
        education: String = "", degree: String = "", phone: String? = nil
    ) {
        self.code = code
        self.name = name
        self.idNumber = idNumber
        self.gender = gender
        self.ethnicity = ethnicity
        self.politics = politics
        self.education = education
        self.degree = degree
        self.phone = phone
    }
}

/// How a name may be written.
package enum PersonName {
    /// The name as it may stand: 张三, 阿依古丽·买买提. Blanks inside Chinese names are taken out and every kind of
    /// middle dot becomes `·`. Throws `person.noName` or `person.name`.
    package static func checked(_ written: String) throws -> String {
        let isPlain = written.unicodeScalars.allSatisfy { (0x4E00...0x9FFF).contains($0.value) }
        let name = isPlain ? written : normalised(written)
        guard !name.isEmpty else { throw Refusal("person.noName", "姓名没有填；请填写证件上的姓名") }
        guard name.fits(50) else { throw Refusal("person.name", "姓名超过 50 个字；请核对是否填错了列") }
        if !isPlain, let wrong = name.unicodeScalars.first(where: { ("0"..."9").contains($0) || $0.properties.generalCategory == .control }) {
            throw Refusal("person.name", "姓名里有“\(wrong)”；请照证件重填")
        }
        return name
    }

    /// Names are the same where they differ in blanks and in the dot of minority names only.
    package static func isSame(_ a: String, _ b: String) -> Bool { a == b || plain(a) == plain(b) }

    private static func plain(_ name: String) -> String {
        String(name.compactMap { character -> Character? in
            if character.isWhitespace { return nil }
            return "·•・‧．.".contains(character) ? "·" : character
        })
    }

    private static func normalised(_ written: String) -> String {
        var dotted = String.UnicodeScalarView()
        for scalar in written.unicodeScalars {
            switch scalar.value {
            case 0x2022, 0x2027, 0x30FB, 0xFF65, 0x2219, 0x22C5, 0xFF0E: dotted.append("\u{B7}")
            default: dotted.append(scalar)
            }
        }
        let words = String(dotted).split(whereSeparator: \.isWhitespace)
        let isLatin = words.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value < 0x2E80 && $0.value != 0xB7 } }
        return words.joined(separator: isLatin ? " " : "")
    }
}

extension Person {
    /// Words of 性别; empty where it is not recorded.
    package static let genders = ["男", "女"]

    /// The person's age in full years on a day.
    package func age(on day: Day) -> Int { Self.age(born: birthDay, on: day) }

    package static func age(born: Day, on day: Day) -> Int {
        let years = day.year - born.year
        return born.adding(years: years) > day ? years - 1 : years
    }

    /// An oddity of the age at which a post begins, as a hint; nil where it is usual.
    package static func oddAge(born: Day, appointed: Day) -> String? {
        let age = age(born: born, on: appointed)
        return (16...75).contains(age) ? nil : "按证件号码，任职时 \(age) 岁；请核对证件号码和任职日期"
    }

    /// 人员编号 as it may stand: visible characters without blanks, at most 40; empty is none. Throws `person.code`.
    package static func checkedCode(_ code: String?) throws -> String? {
        let trimmed = (code ?? "").filter { !$0.isWhitespace }
        guard !trimmed.isEmpty else { return nil }
        guard trimmed.fits(40) else { throw Refusal("person.code", "人员编号超过 40 个字符；请核对") }
        // A code that is somebody's number would put it on every screen and list.
        if trimmed.utf8.count == 18, (try? IDNumber(trimmed, today: .open)) != nil {
            throw Refusal("person.codeIsNumber", "人员编号不能用证件号码，它会显示在名单里；请另编一个编号，或留空")
        }
        return trimmed
    }
}

/// Files that were merged into others, which may have been merged in their turn.
package enum MergedFiles {
    /// The file at the end of each one's way, by the steps of all. A way that goes in a circle, which no act makes, ends where it
    /// would begin anew.
    package static func ends(of steps: [Int64: Int64]) -> [Int64: Int64] {
        steps.mapValues { first in
            var end = first, passed: Set<Int64> = []
            while let next = steps[end], passed.insert(end).inserted { end = next }
            return end
        }
    }
}

extension Person {
    /// What stands where the name of a deleted file was.
    package static let erasedName = "已删除人员"

    /// Whether the file was deleted: it has no number any more.
    package var isErased: Bool { idCipher.isEmpty && idPartIndex.isEmpty }

    /// The row without anything that tells who it was. It keeps its id, and with it what counts.
    package var erased: Person {
        var reader = PinyinReader()
        var person = self
        person.code = nil
        person.name = Self.erasedName
        person.pinyin = reader.read(Self.erasedName)
        // No two rows share a place in the index of numbers: chance takes the place of the number.
        (person.idCipher, person.idIndex, person.idPartIndex) = ([], Secrets.random(PersonalNumbers.indexBytes), [])
        (person.phoneCipher, person.phoneIndex) = (nil, nil)
        person.birthDay = .always
        (person.gender, person.ethnicity, person.politics, person.education, person.degree) = ("", "", "", "", "")
        return person
    }
}

/// A living file with the names under which its number is known. An object, not a value: an import holds a hundred thousand in a
/// dictionary, which is half empty.
package final class Bearer: Sendable {
    package let person: Person
    package let borne: [String]

    package init(_ person: Person, borne: [String]) { (self.person, self.borne) = (person, borne) }
}
