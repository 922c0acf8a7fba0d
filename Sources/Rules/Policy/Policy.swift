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
extension [Dated<Policy.Amount>] {
    func inForce(on day: Int32) -> Policy.Amount? { first { $0.from <= day && day <= $0.to }?.value }
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

    /// Who is counted: persons by their primary appointment on the reference day, appointments whose anniversary falls
    /// in the year, or terms of office. A nil list asks nothing.
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
        /// 代表类型, any of them: terms of office are counted instead, each in its own unit.
        package let terms: [String]?
        /// Lists name those newly in the post first, since the document asks to train them first.
        package let isNewFirst: Bool
        /// How many days before a clock runs out it is told to officers; nil tells it not.
        package let remindDaysBefore: Int?
    }

    /// Units of one sort on the reference day. A nil list asks nothing.
    package struct UnitGroup: Sendable {
        package let key: String
        package let word: String
        package let kinds: [String]?
        /// Kinds of the unit directly above.
        package let under: [String]?
        /// Only units that have a unit of such a kind below them.
        package let above: [String]?
        /// Only units where somebody of this group of people holds a post.
        package let holding: Int?
        /// Only units of at least so many; one whose number nobody recorded is unknown.
        package let atLeast: (count: String, least: Int64)?
    }

    /// How many posts a unit of some size needs.
    package enum Amount: Sendable, Equatable {
        package struct Bracket: Sendable, Equatable {
            /// The smallest number of the bracket.
            package let from: Int64
            package let posts: Int64
        }
        case fixed(Int64)
        /// By a number of the unit, the last bracket that begins at or below it.
        case brackets(count: String, [Bracket])
        /// A part of a number of the unit, rounded up.
        case ofCount(String, Ratio)
        /// A part of the number of such units below, rounded up.
        case ofUnitsBelow(Int, Ratio)
    }

    /// What a unit keeps or misses: so many distinct people of a group with a post in it.
    package struct Norm: Sendable {
        /// Index of the group of people; any of their appointments counts.
        package let posts: Int
        /// Index of a group of units: posts in those below count instead of the unit's own.
        package let within: Int?
        package let least: [Dated<Amount>]
        /// Above this the unit keeps the norm and is told as over.
        package let most: [Dated<Amount>]?
    }

    /// A post that must not stay empty.
    package struct Vacancy: Sendable {
        /// Index of the group of people whose appointments fill it.
        package let posts: Int
        /// Months from the first empty day to the last day for filling it.
        package let months: Int
        /// Days after which a running vacancy is warned of.
        package let warnings: [Int]
    }

    package enum Measure: String, Sendable { case hours, calendarDays = "calendar-days", records, trainings }
    package enum Window: String, Sendable { case year, period, clock, term }

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
        /// Only trainings attended by somebody who held a post with a 人员类别 on their last day.
        package let isForCategories: Bool
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
        /// Records of those who were in a term of the group on their last day, each once (person-times).
        case times(fact: Int)
        /// Records by their host: of the unit asked and, with its subtree, of the units of these kinds below it.
        case hosted(fact: Int, below: [String])
        /// Distinct trainings that the unit hosts itself.
        case trainings(fact: Int)
        /// Units that keep a norm ÷ units.
        case norm(Norm)
        /// Vacancies filled in time ÷ vacancies that fall due in the year.
        case vacancy(Vacancy)
    }

    /// Which units a figure is held against its bound of; of others it is a figure without verdict.
    package struct Asked: Sendable {
        package let kinds: [String]
        package let isWithSubtreeOnly: Bool
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
        /// Whom it counts; of norms and vacancies, whose posts.
        package let group: Int
        /// Of norms and vacancies: which units.
        package let units: Int?
        /// Nil asks every unit.
        package let asked: Asked?
        package let shape: Shape
        package let needed: Needed
        package let isAtLeast: Bool
        package let clause: String
        package let quote: String
        package let formula: String
    }

    package enum Display: String, Sendable { case meanHours = "mean-hours", hours, rate, persons, count }

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
    /// What it is about, by its key and word: of the policies of one subject one binds a unit. The id and the title where the file does not say it.
    package let subject: String
    package let subjectWord: String
    /// Whether it says only what differs from another (`overrides`): it binds those alone who adopt it.
    package let isException: Bool
    /// SHA-256 of the file's text, as the caller's digest function writes it.
    package let digest: String
    package let file: String
    /// First and last day of the period, both included.
    package let periodStart: Int32
    package let periodEnd: Int32
    /// What the document calls its period: 五年.
    package let periodWord: String?
    package let referenceMonth: Int
    package let referenceMonthDay: Int
    package let conversion: Conversion?
    package let categories: [Category]
    package let groups: [Group]
    package let units: [UnitGroup]
    package let facts: [Fact]
    package let rules: [Rule]
    /// All lines in the order of the rules.
    package let lines: [Line]
    /// How 职务 are read.
    let titles: Titles
    /// What no figure watches, in the order of the file.
    package let duties: [Duty]

    /// Whether its period holds a day.
    package func speaks(of day: Int32) -> Bool { periodStart <= day && day <= periodEnd }

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
