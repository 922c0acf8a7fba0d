import Kit

/// What becomes of the unions after the first years, and what the city has where it lives up to the plan that follows.
extension City {
    /// The years after the first ones.
    var laterYears: Range<Int> { firstYears.upperBound + 1..<years.upperBound + 1 }

    /// The first day after the first years.
    var laterStart: Day { .firstDay(of: firstYears.upperBound + 1) }

    /// The day from which people carry the categories of the made-up plan that follows (Policies/examples).
    static let planDay = Day.firstDay(of: 2024)

    /// Whether the city lives to see that plan.
    package var knowsPlan: Bool { years.upperBound >= City.planDay.year }

    /// Enterprises are founded, merged, renamed and come under another town: a few each year.
    mutating func letLaterYearsPass() {
        let last = units.count
        for year in laterYears {
            for place in 0..<last where units[place].kind == .enterpriseUnion && units[place].closed == .open && !units[place].temperament.isExact {
                var dice = Dice(seed, 51, place, year)
                let lot = dice.below(1000), day = Day.firstDay(of: year) + dice.within(40...330)
                guard day <= today, units[place].versions.count == 1, units[place].established == .always else { continue }
                switch lot {
                case ..<8 where isFragile(place):
                    guard let town = units[place].town, let heir = laterHeir(of: place, in: town) else { continue }
                    units[place].versions[0].to = day
                    units[place].successor = heir
                case 8..<16:
                    guard let district = units[place].district else { continue }
                    let near = towns.filter { units[$0].district == district && units[$0].closed == .open && $0 != units[place].town }
                    guard !near.isEmpty else { continue }
                    let home = dice.pick(near)
                    split(place, on: day) { $0.parent = home }
                case 16..<24:
                    guard units[place].name.hasSuffix("有限公司工会"), !units[place].name.hasSuffix("股份有限公司工会") else { continue }
                    split(place, on: day) { $0.name = $0.name.dropLast(6) + "股份有限公司工会" }
                default: break
                }
            }
            found(in: year, max(last / 250, 1))
        }
    }

    /// Who may be merged away one day; the others may take in people.
    private func isFragile(_ place: Int) -> Bool {
        var dice = Dice(seed, 52, place)
        return dice.chance(500)
    }

    private func laterHeir(of place: Int, in town: Int) -> Int? {
        units.indices.first {
            units[$0].kind == .enterpriseUnion && units[$0].town == town && $0 != place && units[$0].takesMovers && units[$0].heads > 0 && Dice.quiet(seed, $0) && !isFragile($0)
        }
    }

    /// Unions that are new: `LaterLives` finds them a chair and a committee.
    private mutating func found(in year: Int, _ count: Int) {
        let open = towns.filter { units[$0].closed == .open }
        guard !open.isEmpty else { return }
        for number in 0..<count {
            var dice = Dice(seed, 53, year, number)
            let town = dice.pick(open), day = Day.firstDay(of: year) + dice.within(40...330)
            guard day <= today else { continue }
            let name = CityWords.enterprise(&dice) + "（\(CityWords.place(year + number).name)）有限公司工会"
            let place = add(.enterpriseUnion, units[town].code + "-N" + String(year).suffix(2) + two(number + 1), name, under: town)
            units[place].versions[0].from = day
            units[place].ownership = "非公"
            units[place].employees = dice.within(30...260)
            units[place].members = (units[place].employees ?? 0) * dice.within(70...95) / 100
            units[place].temperament = dice.chance(500) ? .solid : .lagging
        }
    }

    /// A trade federation that has only just got its first social worker.
    mutating func raiseTrade() {
        let count = units.count { $0.kind == .tradeFederation && $0.parent == root }
        guard count < CityWords.trades.count else { return }
        add(.tradeFederation, "HX-HY" + two(count + 1), "衡溪市\(CityWords.trades[count])行业工会联合会", under: root)
    }

    /// The development zone's committee with its departments, villages, enterprises and schools, whom a policy of their own binds.
    mutating func raiseZone() {
        guard let zone = districts.last, years.lowerBound <= 2019 else { return }
        let code = units[zone].code + "-GW"
        let committee = add(.zoneCommittee, code, "衡溪经济技术开发区管理委员会", under: zone)
        let below: [(Kind, String, [String])] = [
            (.zoneDepartment, "B", ["党政办公室", "经济发展局"]), (.village, "C", ["柳店村", "平泉村"]),
            (.enterprise, "Q", ["衡溪开发区恒远精密制造有限公司", "衡溪开发区嘉润食品有限公司"]), (.school, "X", ["衡溪经济技术开发区第一小学", "衡溪经济技术开发区实验中学"]),
        ]
        for (kind, letter, names) in below {
            for (number, name) in names.enumerated() { add(kind, "\(code)-\(letter)\(number + 1)", name, under: committee) }
        }
    }
}
