import Kit

/// 单位: a node of the tree, known by its code; everything else about it is dated.
package struct Organization: Hashable, Sendable {
    package let id: Int64
    package var code: String

    package init(id: Int64, code: String) {
        self.id = id
        self.code = code
    }
}

/// What can be said of an organisation on a day.
package struct OrganizationFacts: Hashable, Sendable {
    package var parentID: Int64?
    package var name: String
    /// Key of `organizationKinds` in the vocabulary.
    package var kind: String
    package var creditCode: String
    /// A key of the vocabulary's `ownerships`, or empty.
    package var ownership: String
    package var employees: Int?
    package var members: Int?
    package var enterprises: Int?

    package init(
        parentID: Int64?, name: String, kind: String, creditCode: String = "", ownership: String = "",
        employees: Int? = nil, members: Int? = nil, enterprises: Int? = nil
    ) {
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.creditCode = creditCode
        self.ownership = ownership
        self.employees = employees
        self.members = members
        self.enterprises = enterprises
    }
}

/// The facts of an organisation in the half-open span `[from, to)`. Versions of one organisation join without gap or overlap.
package struct OrganizationVersion: Hashable, Sendable {
    /// 0 until the store has written it.
    package var id: Int64
    package let organizationID: Int64
    package var from: Day
    package var to: Day
    package var facts: OrganizationFacts

    package init(id: Int64 = 0, organizationID: Int64, from: Day, to: Day, facts: OrganizationFacts) {
        self.id = id
        self.organizationID = organizationID
        self.from = from
        self.to = to
        self.facts = facts
    }

    package func covers(_ day: Day) -> Bool { from <= day && day < to }
}

/// One row of `organization_version` to write.
package enum VersionEdit: Hashable, Sendable {
    case insert(OrganizationVersion)
    case update(OrganizationVersion, to: OrganizationVersion)
    case delete(OrganizationVersion)
}

extension OrganizationFacts {
    /// What 职工人数, 会员人数 and 企业数 can be; migration 0028 says the same.
    package static let counts = 0...100_000_000
    /// The same, as the database keeps it.
    package static var kept: ClosedRange<Int64> { Int64(counts.lowerBound)...Int64(counts.upperBound) }

    /// The facts as they may stand: names and codes trimmed. Throws a named refusal for what can never be true.
    package func checked() throws -> OrganizationFacts {
        var facts = self
        facts.name = Self.trim(name)
        facts.creditCode = Self.trim(creditCode).uppercased()
        guard !facts.name.isEmpty else { throw Refusal("organization.noName", "单位名称没有填；请填写单位全称") }
        guard facts.name.fits(100) else { throw Refusal("organization.longName", "单位名称超过 100 个字；请核对是否填错了列") }
        guard !facts.kind.isEmpty else { throw Refusal("organization.noKind", "单位类型没有选；请从列出的类型中选一个") }
        for (title, count) in [("职工人数", employees), ("会员人数", members), ("企业数", enterprises)] {
            if let count, !Self.counts.contains(count) { throw Refusal("organization.count", "\(title)不能是 \(count)；请填实有数") }
        }
        return facts
    }

    private static func trim(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(scalars[first...last])
    }
}

extension Organization {
    /// The code as it may stand: visible characters without spaces, at most 40.
    package static func checkedCode(_ code: String) throws -> String {
        let trimmed = code.filter { !$0.isWhitespace }
        guard !trimmed.isEmpty else { throw Refusal("organization.noCode", "单位编码没有填；每个单位要有自己的编码") }
        guard trimmed.fits(40), !trimmed.contains("/"), !trimmed.contains("?"), !trimmed.contains("#"),
            !trimmed.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw Refusal("organization.code", "单位编码“\(trimmed.prefix(40))”不能用：最多 40 个字符，不含 / ? #") }
        return trimmed
    }
}

/// The check character of a unified social credit code (GB 32100).
package enum CreditCode {
    /// What the last character should be; nil where the first seventeen characters cannot be such a code.
    package static func checkCharacter(of code: String) -> Character? {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        let characters = Array(code)
        guard characters.count == 18 else { return nil }
        var sum = 0, weight = 1
        for character in characters.prefix(17) {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return alphabet[(31 - sum % 31) % 31]
    }
}
