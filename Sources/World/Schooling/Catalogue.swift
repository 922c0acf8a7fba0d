import Kit
import Ledger

/// The classes that the unions of the city hold, by host, year, kind of class and run. A class is worked out when
/// somebody goes to it, always the same, so all who go share its title, dates and number.
struct Catalogue: Sendable {
    let city: City
    /// Runs of each kind of class in a year.
    private let wideRuns: Int
    private let districtRuns: Int
    private let townRuns: Int

    init(city: City, people: Int) {
        self.city = city
        wideRuns = min(max(people / 2500, 2), 60)
        districtRuns = min(max(people / 8000, 1), 30)
        townRuns = min(max(people / 60_000, 1), 8)
    }

    struct Audience: OptionSet, Sendable {
        let rawValue: Int
        static let division = Audience(rawValue: 1)
        static let section = Audience(rawValue: 2)
        static let grassroots = Audience(rawValue: 4)
        static let offices: Audience = [.division, .section]
        static let all: Audience = [.division, .section, .grassroots]
    }

    /// One kind of class in a host's yearly programme.
    struct Offer: Sendable {
        enum Season: Sendable { case any, quarterly, newYear }

        let topic: String
        let halfDays: Int
        let audience: Audience
        var form = "offJob"
        let purpose: String
        let content: String
        var season = Season.any
    }

    /// Who holds a class: a unit of the city, or a school above it that is in no tree.
    enum Host: Hashable, Sendable {
        case unit(Int)
        case above
    }

    struct Course: Sendable {
        let code: String
        let title: String
        let from: Day
        let to: Day
        let institution: String
    }

    func offers(of host: Host) -> [Offer] {
        guard case .unit(let place) = host else { return Catalogue.above }
        return switch city.units[place].kind {
        case .unionCollege: Catalogue.college
        case .cityFederation: Catalogue.wide
        case .districtFederation: Catalogue.district
        case .townFederation: Catalogue.town
        case .industryFederation, .bureauGroupUniversityUnion: Catalogue.industry
        case .enterpriseUnion, .institutionUnion: Catalogue.own
        default: []
        }
    }

    func runs(of host: Host) -> Int {
        guard case .unit(let place) = host else { return 4 }
        return switch city.units[place].kind {
        case .unionCollege, .cityFederation: wideRuns
        case .districtFederation, .industryFederation, .bureauGroupUniversityUnion: districtRuns
        case .townFederation: townRuns
        default: 1
        }
    }

    /// A run of a kind of class; `run` counts from 0, quarters for classes held quarterly.
    func course(_ host: Host, _ offerPlace: Int, _ offer: Offer, year: Int, run: Int) -> Course {
        let (hostKey, hostCode, hostName) = switch host {
        case .unit(let place): (place, city.units[place].code, shortName(city.units[place]))
        case .above: (-1, "SJ", "")
        }
        var dice = Dice(city.seed, 20, hostKey, offerPlace, year, run)
        let days = (offer.halfDays + 1) / 2
        var from: Day
        switch offer.season {
        case .newYear:
            from = (Day(year, 12, 27) ?? .lastDay(of: year)) + dice.below(4)
        case .quarterly:
            from = Catalogue.monday((Day(year, run % 4 * 3 + 2, 6) ?? .firstDay(of: year)) + dice.below(16))
        case .any:
            // Classes are held from March to November; in 2020 not before June.
            let first = year == 2020 ? 152 : 62
            from = Day.firstDay(of: year) + dice.within(first...(326 - days * 7 / 5))
            if days > 1 { from = Catalogue.monday(from) }
            if case (_, 10, 1...7) = from.parts { from = from + 14 }
        }
        let weekends = offer.season == .newYear ? 0 : (days - 1) / 5 * 2
        let number = run + 1
        let several = offer.season == .quarterly || runs(of: host) > 1
        return Course(
            code: "\(hostCode)-\(year)-\(offerPlace + 1)\(number < 10 ? "0" : "")\(number)",
            title: "\(year)年\(hostName)\(offer.topic)\(several ? "（第\(number)期）" : "")",
            from: from, to: from + (days - 1 + weekends),
            institution: institution(host, offer, &dice))
    }

    static func monday(_ day: Day) -> Day { day - (Int(day.number) + 3) % 7 }

    private func shortName(_ unit: City.Unit) -> String {
        switch unit.kind {
        case .cityFederation: "衡溪市"
        case .unionCollege: "市工会干部学院"
        case .districtFederation, .townFederation: String(unit.name.dropLast(3))
        default: String(unit.name.dropLast(2))
        }
    }

    private func institution(_ host: Host, _ offer: Offer, _ dice: inout Dice) -> String {
        guard case .unit(let place) = host else {
            return dice.pick(["中国劳动关系学院", "中共省委党校", "省工会干部学校"])
        }
        let unit = city.units[place]
        switch unit.kind {
        case .unionCollege: return unit.name
        case .cityFederation: return offer.form == "lecture" ? "" : dice.pick(["中共衡溪市委党校", "衡溪行政学院", "衡溪市工会干部学院", "衡溪市工会干部学院"])
        case .districtFederation where offer.form != "lecture":
            return dice.chance(600) ? "中共\(shortName(unit).dropLast())委党校" : dice.chance(200) ? Catalogue.unrecognised[0] : ""
        case .industryFederation, .bureauGroupUniversityUnion:
            return dice.chance(500) ? "衡溪市工会干部学院" : ""
        default: return offer.form != "lecture" && dice.chance(200) ? dice.pick(Catalogue.unrecognised) : ""
        }
    }

    /// Institutions that the register marks as not recognised.
    static let unrecognised = UnrecognisedInstitution.demoNames

    /// Places of classes in the lists below that a person is sent to for a reason of their own.
    enum Special {
        static let newChair = 3
        static let socialWorkers = 2
        static let prePost = 7
        static let wideDistrictChairs = 0
        static let wideIndustryChairs = 1
        static let wideTownChairs = 2
        static let wideSocialWorkers = 3
        static let wideInstitutions = 10
    }

    private static let college: [Offer] = [
        Offer(topic: "工会处级干部进修班", halfDays: 40, audience: .division, purpose: "appointment", content: "theory"),
        Offer(topic: "工会科级干部任职培训班", halfDays: 20, audience: .section, purpose: "appointment", content: "partySpirit"),
        Offer(topic: "工会业务骨干培训班", halfDays: 10, audience: .all, purpose: "post", content: "professional"),
        Offer(topic: "新任基层工会主席任职培训班", halfDays: 6, audience: .grassroots, purpose: "appointment", content: "professional", season: .quarterly),
        Offer(topic: "女职工工作专题研修班", halfDays: 6, audience: .all, purpose: "specialised", content: "professional"),
        Offer(topic: "年末工会干部研修班", halfDays: 12, audience: .offices, purpose: "rotation", content: "theory", season: .newYear),
        Offer(topic: "基层工会主席轮训班", halfDays: 10, audience: .grassroots, purpose: "rotation", content: "professional"),
        Offer(topic: "工会干部初任培训班", halfDays: 20, audience: .section, purpose: "initial", content: "knowledge"),
        Offer(topic: "处级干部党性教育专题班", halfDays: 20, audience: .division, purpose: "rotation", content: "partySpirit"),
    ]
    private static let wide: [Offer] = [
        Offer(topic: "区县总工会领导干部研修班", halfDays: 10, audience: .division, purpose: "rotation", content: "theory"),
        Offer(topic: "产业工会主席培训班", halfDays: 6, audience: .division, purpose: "post", content: "professional"),
        Offer(topic: "街道乡镇总工会主席培训班", halfDays: 6, audience: [], purpose: "post", content: "professional"),
        Offer(topic: "工会社会工作者示范培训班", halfDays: 6, audience: [], purpose: "specialised", content: "professional"),
        Offer(topic: "财务经审干部培训班", halfDays: 4, audience: .all, purpose: "specialised", content: "professional"),
        Offer(topic: "非公有制企业工会干部培训班", halfDays: 6, audience: .grassroots, purpose: "post", content: "professional"),
        Offer(topic: "工会青年干部培训班", halfDays: 20, audience: .offices, purpose: "post", content: "partySpirit"),
        Offer(topic: "机关党支部书记培训班", halfDays: 6, audience: .offices, purpose: "specialised", content: "partySpirit"),
        Offer(topic: "学习贯彻党的创新理论专题辅导", halfDays: 1, audience: .all, form: "lecture", purpose: "other", content: "theory"),
        Offer(topic: "劳动关系形势与任务专题讲座", halfDays: 2, audience: .offices, form: "lecture", purpose: "other", content: "knowledge"),
        Offer(topic: "直属事业单位负责人培训班", halfDays: 6, audience: [], purpose: "post", content: "professional"),
        Offer(topic: "集体协商与民主管理业务培训班", halfDays: 10, audience: .offices, purpose: "specialised", content: "professional"),
    ]
    private static let district: [Offer] = [
        Offer(topic: "基层工会干部轮训班", halfDays: 10, audience: .all, purpose: "rotation", content: "professional"),
        Offer(topic: "基层工会主席业务培训班", halfDays: 6, audience: .grassroots, purpose: "post", content: "professional"),
        Offer(topic: "工会社会工作者业务培训班", halfDays: 4, audience: [], purpose: "specialised", content: "professional"),
        Offer(topic: "新任基层工会主席任职培训班", halfDays: 4, audience: [], purpose: "appointment", content: "professional", season: .quarterly),
        Offer(topic: "女职工工作业务培训班", halfDays: 4, audience: .all, purpose: "specialised", content: "professional"),
        Offer(topic: "工会财务业务培训班", halfDays: 2, audience: .all, purpose: "specialised", content: "professional"),
        Offer(topic: "劳动和技能竞赛专题讲座", halfDays: 1, audience: .all, form: "lecture", purpose: "other", content: "knowledge"),
        Offer(topic: "工会工作者岗前培训班", halfDays: 6, audience: [], purpose: "prePost", content: "professional", season: .quarterly),
        Offer(topic: "机关干部集中学习培训班", halfDays: 8, audience: .offices, purpose: "rotation", content: "partySpirit"),
    ]
    private static let town: [Offer] = [
        Offer(topic: "基层工会干部业务培训班", halfDays: 2, audience: .grassroots, purpose: "post", content: "professional"),
        Offer(topic: "基层工会干部集中轮训班", halfDays: 5, audience: .grassroots, purpose: "rotation", content: "professional"),
        Offer(topic: "职工维权专题讲座", halfDays: 1, audience: .grassroots, form: "lecture", purpose: "other", content: "knowledge"),
    ]
    private static let industry: [Offer] = [
        Offer(topic: "工会干部培训班", halfDays: 10, audience: .all, purpose: "rotation", content: "professional"),
        Offer(topic: "工会主席研修班", halfDays: 20, audience: .offices, purpose: "post", content: "theory"),
        Offer(topic: "职工代表大会制度专题讲座", halfDays: 1, audience: .all, form: "lecture", purpose: "democraticManagement", content: "knowledge"),
        Offer(topic: "新任工会主席任职培训班", halfDays: 4, audience: [], purpose: "appointment", content: "professional", season: .quarterly),
        Offer(topic: "安全生产与劳动保护培训班", halfDays: 4, audience: .all, purpose: "specialised", content: "professional"),
    ]
    private static let own: [Offer] = [
        Offer(topic: "工会干部培训班", halfDays: 10, audience: .grassroots, purpose: "rotation", content: "professional"),
        Offer(topic: "工会小组长培训班", halfDays: 4, audience: .grassroots, purpose: "post", content: "professional"),
        Offer(topic: "职工代表履职培训班", halfDays: 2, audience: .grassroots, purpose: "duty", content: "professional"),
        Offer(topic: "工会法专题讲座", halfDays: 1, audience: .grassroots, form: "lecture", purpose: "other", content: "knowledge"),
    ]
    private static let above: [Offer] = [
        Offer(topic: "全国工会领导干部培训班", halfDays: 10, audience: .division, purpose: "rotation", content: "theory"),
        Offer(topic: "全省工会系统业务骨干培训班", halfDays: 8, audience: .offices, purpose: "specialised", content: "professional"),
    ]
}
