import Kit
import Register

/// 任期: what somebody was elected to in a unit, from 当选日期 on. When it ends follows from the terms beside it: `ends`.
package struct TermOfOffice: Hashable, Sendable {
    /// 0 until the store has written it.
    package var id: Int64
    package var personID: Int64
    package var organizationID: Int64
    /// Key of `representativeKinds` in the vocabulary.
    package var kind: String
    /// 届次.
    package var session: String
    package var elected: Day
    /// 届满日期, which alone ends nothing.
    package var expiry: Day
    /// 离任日期, the first day no longer in office; `Day.open` where there is none.
    package var left: Day
    /// 选区.
    package var constituency: String
    /// Key of `representativeCompositions` in the vocabulary; empty where it is not known.
    package var composition: String

    package init(
        id: Int64 = 0, personID: Int64, organizationID: Int64, kind: String, session: String, elected: Day, expiry: Day, left: Day = .open,
        constituency: String = "", composition: String = ""
    ) {
        self.id = id
        self.personID = personID
        self.organizationID = organizationID
        self.kind = kind
        self.session = session
        self.elected = elected
        self.expiry = expiry
        self.left = left
        self.constituency = constituency
        self.composition = composition
    }

    /// In characters.
    static let longestSession = 50, longestConstituency = 100

    // MARK: When it ends

    /// When a term ends, and by what.
    package struct End: Hashable, Sendable {
        /// The first day no longer in office; `Day.open` where nothing has ended it.
        package let day: Day
        /// By its 离任日期; otherwise, where it ends, by 换届.
        package let isByLeaving: Bool
        /// By a 离任日期 before its 届满日期.
        package let isEarly: Bool
    }

    /// When each of the terms of one unit and kind ends, in their order: on the earliest of its 离任日期 and the 当选日期 of a term of
    /// another 届次 that was elected later (rules.md B, reading 2). A 离任日期 on the day of 换届 counts as leaving.
    package static func ends(of terms: [TermOfOffice]) -> [End] {
        var ends = [End](repeating: End(day: .open, isByLeaving: false, isEarly: false), count: terms.count)
        // From the last election back: the nearest later one, and the nearest later one of another 届次 than that.
        var nearest: (day: Day, session: String)?, other: Day?
        var rest = terms.indices.sorted { terms[$0].elected > terms[$1].elected }[...]
        while let first = rest.first {
            let day = terms[first].elected, same = rest.prefix { terms[$0].elected == day }
            rest = rest.dropFirst(same.count)
            for place in same {
                let term = terms[place], congress = (nearest?.session == term.session ? other : nearest?.day) ?? .open
                let isByLeaving = term.left < .open && term.left <= congress
                ends[place] = End(day: min(term.left, congress), isByLeaving: isByLeaving, isEarly: isByLeaving && term.left < term.expiry)
            }
            for session in Set(same.map { terms[$0].session }) {
                if let nearest, nearest.session != session { other = nearest.day }
                nearest = (day, session)
            }
        }
        return ends
    }

    /// The same by the ids of the terms, for terms of several units and kinds.
    package static func endsByID(of terms: [TermOfOffice]) -> [Int64: End] {
        struct Body: Hashable { let unit: Int64, kind: String }
        var ends: [Int64: End] = [:]
        for terms in Dictionary(grouping: terms, by: { Body(unit: $0.organizationID, kind: $0.kind) }).values {
            for (term, end) in zip(terms, Self.ends(of: terms)) { ends[term.id] = end }
        }
        return ends
    }

    /// How a term stands on a day.
    package enum State: Hashable, Sendable {
        /// Elected for a day to come.
        case coming
        case inOffice
        /// 届满未换届: in office so many days past its 届满日期.
        case overdue(days: Int)
        case left
        /// 换届: followed by the next 届次.
        case followed

        package var isInOffice: Bool {
            switch self {
            case .inOffice, .overdue: true
            case .coming, .left, .followed: false
            }
        }
    }

    package func state(on day: Day, _ end: End) -> State {
        if day < elected { return .coming }
        guard day >= end.day else { return day > expiry ? .overdue(days: day - expiry) : .inOffice }
        return end.isByLeaving ? .left : .followed
    }

    // MARK: What cannot be

    /// What is wrong with its days, each with the key of the column.
    var wrongDays: [(column: String, sentence: String)] {
        var wrong: [(String, String)] = []
        if expiry <= elected { wrong.append(("expiry", "届满日期应晚于当选日期 \(elected)；请核对两个日期")) }
        if left <= elected { wrong.append(("left", "离任日期应晚于当选日期 \(elected)（它是不再任职的第一天）；请核对两个日期")) }
        return wrong
    }

    /// Person, unit, kind, 届次 and 当选日期: the term that a row of a workbook means.
    struct Key: Hashable, Sendable { let personID, organizationID: Int64, kind, session: String, elected: Day }
    var key: Key { Key(personID: personID, organizationID: organizationID, kind: kind, session: session, elected: elected) }

    /// Whether two terms of one person would run at once. Of two 届次 the later election ends the earlier term, so they meet only where
    /// both begin on one day; within one 届次 only a 离任日期 makes room for the next election. What others were elected to decides
    /// nothing here: a row is not right or wrong by the rows of other people.
    package func overlaps(_ other: TermOfOffice) -> Bool {
        guard organizationID == other.organizationID, kind == other.kind else { return false }
        return session == other.session ? elected < other.left && other.elected < left : elected == other.elected
    }

    /// `第七届（2019-03-01 当选）`.
    var called: String { "“\(session)”（\(elected) 当选\(left == .open ? "" : "，\(left) 离任")）" }

    /// 届次 as it is told apart: 第七届, 第7届 and 七届 are one.
    static func plain(session: String) -> String {
        var text = session.filter { !$0.isWhitespace }
        if text.hasPrefix("第") { text.removeFirst() }
        if text.hasSuffix("届") { text.removeLast() }
        return number(text).map(String.init) ?? session
    }

    /// A number below a thousand in digits, or below a hundred in Chinese ones.
    private static func number(_ text: String) -> Int? {
        if !text.isEmpty, text.count <= 3, text.allSatisfy({ $0.isASCII && $0.isNumber }) { return Int(text) }
        let digits = Array("零一二三四五六七八九"), parts = text.split(separator: "十", omittingEmptySubsequences: false)
        func digit(_ part: Substring, none: Int) -> Int? { part.isEmpty ? none : part.count == 1 ? part.first.flatMap { digits.firstIndex(of: $0) } : nil }
        switch parts.count {
        case 1: return text.isEmpty ? nil : digit(parts[0], none: 0)
        case 2:
            guard let tens = digit(parts[0], none: 1), let ones = digit(parts[1], none: 0) else { return nil }
            return tens * 10 + ones
        default: return nil
        }
    }
}

extension OrgHistory {
    /// Why a term does not lie within the life of its unit, with the key of the column; nil where it does.
    func refusal(of term: TermOfOffice) -> (column: String, refusal: Refusal)? {
        guard let founded = founded(term.organizationID), let closed = closed(term.organizationID) else { return ("unit", Self.missing) }
        let name = name(term.organizationID)
        if term.elected < founded { return ("elected", Refusal("term.unitUnborn", "“\(name)”\(founded) 才成立；请核对当选日期")) }
        if term.elected >= closed { return ("elected", Refusal("term.unitClosed", "“\(name)”已于 \(closed) 撤销；请核对当选日期和单位编码")) }
        if term.left > closed { return ("left", Refusal("term.unitClosed", "“\(name)”自 \(closed) 起撤销；请填不晚于那一天的离任日期")) }
        return nil
    }
}
