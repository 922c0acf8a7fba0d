import Access
import Foundation
import Kit
import Register

/// Codes as they are handed out, on paper or in a workbook: the only places where they stand.
struct SlipSheet: Sendable {
    /// One person's slip.
    struct Line: Sendable {
        let name: String, unit: String
        /// What is typed first: 「人员编号 HX-0001」.
        let typed: String
        let code: HandedCode
        let kind: Slip.Kind
    }

    let lines: [Line]
    /// `https://train.example.cn`.
    let site: String
    let maker: String, unit: String
    let now: Int64

    var address: String { site + "/activate" }
    private var madeOn: String { "\(Clock.day(ofMilliseconds: now))" }
    private func until(_ kind: Slip.Kind) -> String { "\(Clock.day(ofMilliseconds: Slip.expiry(kind, now: now) - 1))" }

    /// What a person types who holds a slip.
    static func typed(_ person: Person) -> String {
        person.code.map { "人员编号 \($0)" } ?? (person.phoneIndex == nil ? "姓名 \(person.name)" : "您登记的手机号")
    }

    /// Which way they are handed out.
    enum Format: String, Sendable, Codable { case pdf, xlsx }

    /// The file to hand out, and the act by which it is. Refusals of `Typesetting`.
    func file(_ format: Format, _ typesetting: Typesetting, by act: Act, also: @escaping @Sendable (Writing) throws -> Void) async throws -> Made {
        let stem = "一次性码 \(lines.count == 1 ? lines[0].name : unit) \(madeOn)"
        switch format {
        case .pdf: return try Made("\(stem).pdf", type: Reply.pdf, try await pdf(typesetting), by: act, also: also)
        case .xlsx: return Made("\(stem).xlsx", type: Reply.xlsx, at: try workbook(), by: act, also: also)
        }
    }

    private func pdf(_ typesetting: Typesetting) async throws -> [UInt8] {
        let data: [String: Any] = [
            "site": site, "address": address, "maker": maker, "unit": unit, "madeOn": madeOn,
            "slips": lines.map { ["name": $0.name, "unit": $0.unit, "typed": $0.typed, "code": $0.code.text, "kind": $0.kind.word, "until": until($0.kind)] },
        ]
        return try await typesetting.pdf("slips.typ", [
            "slips": String(decoding: try JSONSerialization.data(withJSONObject: data), as: UTF8.self),
            "qr": String(decoding: qrCode(address, label: "").bytes, as: UTF8.self),
        ])
    }

    private func workbook() throws -> String {
        let path = Scratch.path("xlsx")
        let titles: [(String, Int)] = [("姓名", 12), ("单位", 32), ("先填", 22), ("一次性码", 18), ("种类", 14), ("有效期至", 14), ("网址", 40), ("怎么用", 60)]
        let table = try TableWriter(to: path, sheet: "一次性码", columns: titles.map { SheetColumn(key: $0.0, title: $0.0, width: $0.1) })
        for line in lines {
            table.add([
                .text(line.name), .text(line.unit), .text(line.typed), .text(line.code.text), .text(line.kind.word), .text(until(line.kind)), .text(address),
                .text("打开网址，先填“\(line.typed)”，再填码，然后\(line.kind == .activation ? "选账号名和密码" : "设新密码")。只能用一次，请勿转给别人。"),
            ])
        }
        try table.finish()
        return path
    }
}
