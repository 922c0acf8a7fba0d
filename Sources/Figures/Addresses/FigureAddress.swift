import Kit
import Rules

/// Where the pages of a unit's figures are: everything that changes the question stands in the address, the policy first of all.
package struct FigureAddress: Sendable {
    package let policy: Policy
    package let unit: Int64
    package let year: Int
    package let day: Day?
    package let subtree: Bool

    package init(policy: Policy, unit: Int64, year: Int, day: Day? = nil, subtree: Bool = true) {
        self.policy = policy
        self.unit = unit
        self.year = year
        self.day = day
        self.subtree = subtree
    }

    /// The question as the fields of a query or of a form.
    package var fields: [(String, String)] {
        [("policy", policy.id), ("year", String(year)), ("subtree", subtree ? "1" : "0")] + (day.map { [("day", $0.description)] } ?? [])
    }
    private func query(_ more: [(String, String)] = []) -> String { "?" + Fields(fields + more).encoded }

    package var page: String { "/figures/\(unit)" + query() }
    package var workbook: String { "/figures/\(unit)/findings.xlsx" + query() }
    /// Where another unit is chosen for the same question.
    package var units: String { "/figures/units" + query() }

    package func with(year: Int) -> FigureAddress { FigureAddress(policy: policy, unit: unit, year: year, subtree: subtree) }
    package func with(subtree: Bool) -> FigureAddress { FigureAddress(policy: policy, unit: unit, year: year, day: day, subtree: subtree) }
    package func with(unit: Int64) -> FigureAddress { FigureAddress(policy: policy, unit: unit, year: year, day: day) }
    /// Under another policy, in the same year or the nearest it speaks of.
    package func with(policy: Policy) -> FigureAddress {
        let nearest = min(max(year, policy.years.lowerBound), policy.years.upperBound)
        return FigureAddress(policy: policy, unit: unit, year: nearest, day: nearest == year ? day : nil, subtree: subtree)
    }

    private func path(_ line: Int) -> (String, [(String, String)]) {
        ("/figures/\(unit)/\(policy.rules[policy.lines[line].rule].id)", policy.lines[line].category.map { [("category", $0)] } ?? [])
    }
    package func names(_ line: Int) -> String {
        let (path, category) = path(line)
        return path + query(category)
    }
    package func namesWorkbook(_ line: Int) -> String {
        let (path, category) = path(line)
        return path + "/people.xlsx" + query(category)
    }
    /// Where those behind the figure are reminded, with how their list is asked for.
    package func reminder(_ line: Int, _ list: Fields, isSure: Bool = false) -> String {
        PageAddress(path(line).0 + (isSure ? "/remind/do" : "/remind"), list).link
    }
    package func person(_ line: Int, _ person: Int64) -> String {
        let (path, category) = path(line)
        return path + "/people/\(person)" + query(category)
    }
}
