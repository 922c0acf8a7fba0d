/// A fraction of whole numbers: hours are hundredths, rates are counts. Never rounded.
package struct Ratio: Sendable, Hashable {
    package let numerator: Int64
    package let denominator: Int64

    package init(_ numerator: Int64, _ denominator: Int64) {
        self.numerator = numerator
        self.denominator = denominator
    }
}

/// A value with the days it holds, both included.
package struct Dated<Value: Sendable & Equatable>: Sendable, Equatable {
    package let from: Int32
    package let to: Int32
    package let value: Value
    package let clause: String?
}

extension [Dated<Int64>] {
    func inForce(on day: Int32) -> Int64? { first { $0.from <= day && day <= $0.to }?.value }
}
extension [Dated<Ratio>] {
    func inForce(on day: Int32) -> Dated<Ratio>? { first { $0.from <= day && day <= $0.to } }
}

/// One policy document and period, as its YAML file says it: groups, facts and rules with their figures and clauses.
package struct Policy: Sendable {
    package struct Category: Sendable, Equatable {
        package let key: String
        /// As workbooks write it: 处级及以上.
        package let word: String
        /// As the document writes it: 工会机关处级及以上干部.
        package let name: String
    }

    /// 天数 to hours in hundredths.
    package struct Conversion: Sendable, Equatable {
        package let dayHours: Int64
        package let halfDayHours: Int64
        package let forms: [String]
        package let clause: String
        /// Whether records with both 天数 and 学时 are held against it; a policy may convert for its own figures only.
        package let isBinding: Bool

        /// Hours in hundredths of so many half days.
        package func hours(halfDays: Int64) -> Int64 {
            halfDays / 2 * dayHours + halfDays % 2 * halfDayHours
        }
    }

    /// Who is counted: persons by their primary appointment on the reference day, or appointments whose
    /// anniversary falls in the year. A nil list asks nothing.
    package struct Group: Sendable {
        package let key: String
        package let word: String
        package let kinds: [String]?
        package let categories: [String]?
        package let workforces: [String]?
        package let engagements: [String]?
        /// Whole words of 职务, any of them.
        package let titles: [String]?
        package let isLeadership: Bool?
        /// Years from taking office to the anniversary that puts an appointment into the group; nil counts persons.
        package let anniversaryYears: Int?
        /// Only the first term of office in the group begins a clock: who moves within it is not new to the post.
        package let isFirstOnly: Bool
    }

    package enum Measure: String, Sendable { case hours, calendarDays = "calendar-days", records }
    package enum Window: String, Sendable { case year, period, clock }

    /// What is added up about one person: hours, days or records, of the records that match, inside a window.
    package struct Fact: Sendable {
        package struct Host: Sendable {
            package let kinds: [String]?
            /// Strictly above the person's unit (of an appointment group: the appointment's unit).
            package let isAbove: Bool
        }

        package let key: String
        package let word: String
        /// What it is hours or records of, as a person is told: 脱产培训.
        package let account: String
        package let measure: Measure
        package let window: Window
        /// Of clocks: training so many years before taking office counts as well (岗前).
        package let yearsBefore: Int
        package let forms: [String]?
        package let isSelected: Bool?
        package let purposes: [String]?
        package let contents: [String]?
        package let isCompleted: Bool?
        /// The record names its institution and the register does not mark it as not recognised.
        package let asksRecognisedInstitution: Bool
        /// Any of them; nil asks nothing, a record without host matches none.
        package let hosts: [Host]?
    }

    /// A bound on one fact of one person. Amounts: hours in hundredths, calendar days or records.
    package struct Test: Sendable {
        package let fact: Int
        package let isAtLeast: Bool
        package let amount: [Dated<Int64>]
    }

    /// Any of all of the tests.
    package struct Condition: Sendable {
        package let alternatives: [[Test]]
        package var facts: Set<Int> { Set(alternatives.joined().map(\.fact)) }
    }

    package enum Shape: Sendable {
        /// Σ fact ÷ heads.
        case mean(fact: Int)
        /// Σ fact.
        case total(fact: Int)
        /// Heads who meet the condition ÷ heads.
        case share(Condition)
    }

    package enum Needed: Sendable {
        /// A figure without verdict.
        case none
        case value([Dated<Ratio>])
        /// Σ over the findings of a rule of means: heads × its value.
        case headcountTimes(rule: String)
    }

    /// One line of a unit's findings.
    package struct Line: Sendable {
        package let rule: Int
        package let category: String?
        /// What the screen calls those counted.
        package let word: String
        package let group: Int
        package let shape: Shape
        package let needed: Needed
        package let isAtLeast: Bool
        package let clause: String
        package let quote: String
        package let formula: String
    }

    package enum Display: String, Sendable { case meanHours = "mean-hours", hours, rate, persons }

    package struct Rule: Sendable {
        package let id: String
        package let title: String
        package let clause: String
        package let quote: String
        package let formula: String
        package let display: Display
        package let lines: Range<Int>
    }

    package let id: String
    package let title: String
    /// SHA-256 of the file's text, as the caller's digest function writes it.
    package let digest: String
    package let file: String
    /// First and last day of the period, both included.
    package let periodStart: Int32
    package let periodEnd: Int32
    package let referenceMonth: Int
    package let referenceMonthDay: Int
    package let conversion: Conversion?
    package let categories: [Category]
    package let groups: [Group]
    package let facts: [Fact]
    package let rules: [Rule]
    /// All lines in the order of the rules.
    package let lines: [Line]

    /// The years the policy speaks of.
    package var years: ClosedRange<Int> { CivilDate.parts(periodStart).year...CivilDate.parts(periodEnd).year }

    /// The reference day of a year: the file's day of that year, or today where that is earlier (reading 5).
    package func referenceDay(year: Int, today: Int32) -> Int32 {
        min(today, CivilDate.day(year, referenceMonth, referenceMonthDay))
    }

    package func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }

    /// The line of a rule and category, as `--rule` and `--category` name it.
    package func line(rule id: String, category: String?) -> Int? {
        rule(id)?.lines.first { lines[$0].category == category }
    }

    /// The conversion-aware hours (hundredths) of a record, exactly as the engine reads it (reading 1).
    package func hours(form: String, halfDays: Int64?, hours: Int64?) -> Int64 {
        if let halfDays, let conversion, conversion.forms.contains(form) { return conversion.hours(halfDays: halfDays) }
        return hours ?? 0
    }
}
