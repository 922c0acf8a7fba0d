// Charts are inline SVG: bars and lines only, labelled where they stand, positions as attributes.

/// Tenths of a pixel as SVG writes them.
private func px(_ tenths: Int) -> String { tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))" }

/// Where something stands against its threshold: the bar is the value, the line the threshold. `needed` must be above zero.
package func thresholdBar(value: (numerator: Int, denominator: Int), needed: (numerator: Int, denominator: Int), mark: Mark, label: String) -> HTML {
    guard value.denominator > 0, needed.numerator > 0 else { return "" }
    // The threshold stands at four fifths of 120 px; what is beyond the end is cut.
    let share = Int128(value.numerator) * Int128(needed.denominator) * 960 / (Int128(value.denominator) * Int128(needed.numerator))
    let width = Int(max(0, min(1200, share)))
    return """
        <svg class="bar \(mark.rawValue)" viewBox="0 0 120 14" width="120" height="14" role="img" aria-label="\(label)"><title>\(label)</title><rect class="track" y="3" width="120" height="8" rx="2"/><rect class="fill" y="3" width="\(px(width))" height="8" rx="2"/><rect class="threshold" x="95" width="2" height="14"/></svg>
        """
}

/// A trend in a table cell: one line, its threshold dashed, a dot at the end.
package func sparkline(_ values: [Int], threshold: Int?, mark: Mark? = nil, label: String) -> HTML {
    guard values.count > 1 else { return "" }
    let all = values + (threshold.map { [$0] } ?? [])
    let low = all.min() ?? 0, span = max(1, (all.max() ?? 1) - low)
    func y(_ value: Int) -> Int { 200 - (value - low) * 160 / span }
    func x(_ index: Int) -> Int { 30 + index * 1420 / (values.count - 1) }
    let points = values.enumerated().map { "\(px(x($0))),\(px(y($1)))" }.joined(separator: " ")
    return """
        <svg class="spark \(mark?.rawValue ?? "plain")" viewBox="0 0 150 24" width="150" height="24" role="img" aria-label="\(label)"><title>\(label)</title>\
        \(threshold.map { "<line class=\"threshold\" x1=\"0\" x2=\"150\" y1=\"\(px(y($0)))\" y2=\"\(px(y($0)))\"/>" as HTML })<polyline points="\(points)"/><circle cx="\(px(x(values.count - 1)))" cy="\(px(y(values[values.count - 1])))" r="2.5"/></svg>
        """
}

/// A named value on a chart.
package struct ChartPoint: Sendable {
    package var name: String
    /// Position on the scale, in any unit all points share.
    package var value: Int
    /// The value as read.
    package var text: String
    package init(_ name: String, _ value: Int, _ text: String) {
        self.name = name
        self.value = value
        self.text = text
    }
}

/// A line over named points with the threshold and its clause; every point is labelled, the table is one click away.
package func lineChart(_ title: String, description: String, _ points: [ChartPoint], threshold: (value: Int, text: String)?, table: String? = nil) -> HTML {
    guard points.count > 1 else { return "" }
    let all = points.map(\.value) + (threshold.map { [$0.value] } ?? []) + [0]
    let low = all.min() ?? 0, span = max(1, (all.max() ?? 1) - low)
    func y(_ value: Int) -> Int { 1700 - (value - low) * 1350 / span }
    func x(_ index: Int) -> Int { 400 + index * 4500 / (points.count - 1) }
    let line = points.enumerated().map { "\(px(x($0))),\(px(y($1.value)))" }.joined(separator: " ")
    return """
        <figure class="chart"><svg viewBox="0 0 640 200" role="img"><title>\(title)</title><desc>\(description)</desc><line class="axis" x1="20" x2="520" y1="\(px(y(0)))" y2="\(px(y(0)))"/>\
        \(threshold.map { "<line class=\"threshold\" x1=\"20\" x2=\"520\" y1=\"\(px(y($0.value)))\" y2=\"\(px(y($0.value)))\"/><text class=\"limit\" x=\"526\" y=\"\(px(y($0.value) + 40))\">\($0.text)</text>" as HTML })\
        <polyline points="\(line)"/>\(points.enumerated().html { index, point in
            "<circle cx=\"\(px(x(index)))\" cy=\"\(px(y(point.value)))\" r=\"3\"/><text x=\"\(px(x(index)))\" y=\"\(px(y(point.value) - 90))\" text-anchor=\"middle\">\(point.text)</text><text class=\"name\" x=\"\(px(x(index)))\" y=\"192\" text-anchor=\"middle\">\(point.name)</text>"
        })</svg><figcaption>\(title)\(table.map { "<a href=\"\($0)\">看数据表</a>" as HTML })</figcaption></figure>
        """
}

/// Bars below each other, each with its name and value; the threshold is a line through all of them.
package func barChart(_ title: String, description: String, _ points: [ChartPoint], threshold: (value: Int, text: String)?) -> HTML {
    let top = max(1, (points.map(\.value) + (threshold.map { [$0.value] } ?? [])).max() ?? 1)
    func width(_ value: Int) -> Int { max(0, value) * 3800 / top }
    let height = points.count * 28 + 24
    return """
        <figure class="chart"><svg viewBox="0 0 640 \(height)" role="img"><title>\(title)</title><desc>\(description)</desc>\(points.enumerated().html { index, point in
            let isShort = threshold.map { point.value < $0.value } ?? false
            return "<text class=\"name\" x=\"150\" y=\"\(index * 28 + 37)\" text-anchor=\"end\">\(point.name)</text><rect class=\"\(isShort ? "short" : "fill")\" x=\"160\" y=\"\(index * 28 + 24)\" width=\"\(px(width(point.value)))\" height=\"18\" rx=\"2\"/><text x=\"\(px(1600 + width(point.value) + 80))\" y=\"\(index * 28 + 37)\">\(point.text)</text>"
        })\(threshold.map { "<line class=\"threshold\" x1=\"\(px(1600 + width($0.value)))\" x2=\"\(px(1600 + width($0.value)))\" y1=\"18\" y2=\"\(height)\"/><text class=\"limit\" x=\"\(px(1600 + width($0.value)))\" y=\"12\" text-anchor=\"middle\">\($0.text)</text>" as HTML })</svg><figcaption>\(title)</figcaption></figure>
        """
}
