import Access
import App
import ArgumentParser

struct RightsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rights", abstract: "列出权限表：每个地址、每种角色各能到哪里",
        discussion: "本单位及下级：授权所在的单位和它下面的单位 · 任意：不分单位 · 本人：只限自己的 · 根单位：授权在最上级单位时 · —：不能")

    @Option(help: "输出格式") var format = PlainFormat.table

    private struct Answer: Encodable { let method: String, path: String, what: String, reach: [String: String] }

    func run() throws {
        switch format {
        case .json:
            try Talk.say(json: Features.all.rights.map { row in
                Answer(
                    method: row.method, path: row.path, what: row.what,
                    reach: Dictionary(Role.allCases.map { ($0.rawValue, row.need.reach(of: $0)) }, uniquingKeysWith: { first, _ in first }))
            })
        case .table:
            Talk.say((["方法", "地址", "内容"] + Role.allCases.map(\.word)).joined(separator: "\t"))
            for row in Features.all.rights {
                Talk.say(([row.method, row.path, row.what] + Role.allCases.map { row.need.reach(of: $0) }).joined(separator: "\t"))
            }
        }
    }
}
