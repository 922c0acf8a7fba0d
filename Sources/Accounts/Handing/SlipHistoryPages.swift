import Kit

/// The codes that were made for an account, as pages show them.
enum SlipHistoryPages {
    /// The codes an account was ever given; `link` leads to the batch, where they can be voided.
    static func panel(_ slips: [Slip], _ now: Int64, link: Bool) -> HTML {
        slips.isEmpty ? "" : Kit.panel("做过的码", plainTable(["何时", "种类", "谁做的", "有效到", "现在"], slips.map { slip in
            let made = Clock.minute(ofMilliseconds: slip.madeMilliseconds)
            return [
                link && slip.unitID != nil ? door(made, "/activation/batches/\(slip.batch)", hint: "可以在那里作废") : "\(made)", "\(slip.kind.word)\(slip.takesFactor ? "（连验证器）" : "")", "\(slip.maker)", "\(slip.lastDay)",
                "\(slip.state(now: now))\(slip.endedMilliseconds.map { " " + Clock.minute(ofMilliseconds: $0) } ?? "")",
            ]
        }))
    }
}
