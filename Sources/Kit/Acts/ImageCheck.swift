/// Holds rows against the last image that an act left of them.
package enum ImageCheck {
    /// Rows compared, and those that differ as sentences. Rows that no act left an image of (a made world's) are passed over.
    /// `progress` gets the rows done.
    package static func run(_ keepers: [RowKeeper], progress: (Int) -> Void = { _ in }, in db: Reading) throws -> (rows: Int64, findings: [String]) {
        var rows: Int64 = 0, findings: [String] = []
        for keeper in keepers where !keeper.isFormer {
            var after = Int64.min
            while true {
                let latest = try ActStore.latestImages(of: keeper.subject, after: after, limit: 500, in: db)
                for (id, image, isReadable) in latest {
                    guard isReadable else {
                        if findings.count < 1000 { findings.append("\(keeper.subject) \(id)：最后一次操作留下的内容读不出来") }
                        continue
                    }
                    guard image?.isErased != true else { continue }
                    rows += 1
                    let present = try keeper.image(id, db)
                    guard !Undo.holdTheSame(present, image), findings.count < 1000 else { continue }
                    findings.append(
                        present == nil ? "\(keeper.subject) \(id)：这一行不在了，没有操作删除过它"
                            : image == nil ? "\(keeper.subject) \(id)：这一行早已删除，现在又有了" : "\(keeper.subject) \(id)：这一行与最后一次操作留下的不同")
                }
                progress(Int(rows))
                guard latest.count == 500 else { break }
                after = latest[499].id
            }
        }
        return (rows, findings)
    }

    /// Rows that somebody had changed before an act wrote them again, as sentences: what an act found is what the act before it had left.
    package static func gaps(progress: (Int) -> Void = { _ in }, in db: Reading) throws -> [String] {
        var findings: [String] = [], after = Int64.min, count = 0
        while true {
            let (found, last) = try ActStore.successions(after: after, limit: 500, in: db)
            for one in found where one.found?.isErased != true && one.left?.isErased != true && !Undo.holdTheSame(one.found, one.left) && findings.count < 1000 {
                findings.append("\(one.subject) \(one.subjectID)：\(one.who) 办理以前，这一行已经不是上一次操作留下的，是有人直接改过")
            }
            count += found.count
            progress(count)
            guard let last else { return findings }
            after = last
        }
    }
}
