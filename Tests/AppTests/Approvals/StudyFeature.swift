import Access
import App
@testable import Approvals
import Foundation
import Kit
import Register
import TestBench

/// A kind of approval that stands nowhere but in the tests: a degree that somebody wants to read for, decided in three steps.
enum Study {
    static let key = Approval.Key(rawValue: "study")

    /// Its steps, as an operator would add them to a folder of the own.
    static let steps = """
        study:
          steps:
            - { role: leader, at: own, within: 5, remind: [2, 0] }
            - together:
                - { role: personnelOfficer, at: above }
                - { role: finance, at: above }
            - { role: leader, at: root }
        """

    /// The same with three of them beside each other.
    static let threeBeside = steps.replacing("        - { role: finance, at: above }", with: "        - { role: finance, at: above }\n        - { role: leader, at: above }")

    /// A folder that holds them.
    static func folder(_ steps: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try steps.write(to: folder.appending(path: "approvals.yaml"), atomically: true, encoding: .utf8)
        return folder.path
    }

    /// Where the program's own files are.
    static let home = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardizedFileURL.path

    /// The program with this kind beside its own, on each engine.
    static func onBothEngines(steps: String = steps, _ body: (App) async throws -> Void) async throws {
        let features = FeatureSet(Features.all.all + [.study])
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let key = NSTemporaryDirectory() + "/\(UUID().uuidString).key", folder = try folder(steps)
                defer { for path in [key, folder] { try? FileManager.default.removeItem(atPath: path) } }
                try await body(App(
                    database: database, databaseURL: url, settings: Settings(home: home, keyFile: key, policyFolders: [folder]), passwords: .least, features: features))
            }
        }
    }

    static func content(_ person: Int64, school: String, cost: String) -> RowImage {
        RowImage(["person_id": .int(person), "school": .text(school), "cost": .text(cost)])
    }

    static let kind = ApprovalKind(
        key, "学历教育", isTogether: true,
        acts: [.ask: "study.ask", .consent: "study.consent", .return: "study.return", .decline: "study.decline", .withdraw: "study.withdraw", .takeBack: "undo"],
        matter: { approval, db in "\(try RosterStore.living(approval.subjectID, in: db)?.name ?? "")读学历的申请" },
        lines: { approvals, eye, db in
            let people = try RosterStore.people(approvals.map(\.subjectID), in: db)
            return approvals.map { approval in
                let name = people[approval.subjectID]?.name ?? ""
                return ApprovalLine(
                    title: "\(name) 读学历", asks: "\(name)申请到\(approval.content.text("school") ?? "")读学历", asker: eye.scope.name(approval.organizationID), person: approval.subjectID)
            }
        },
        shown: { approval, _, _, _ in StudyPages.shown(approval) },
        parts: { approval, _, _ in
            [ApprovalPart("school", "学校", approval.content.text("school") ?? ""), ApprovalPart("cost", "费用", approval.content.text("cost") ?? "")]
        },
        consented: { approval, _, db in try MessageStore.send(to: .person(approval.subjectID), kind: "study.begun", "可以去\(approval.content.text("school") ?? "")报到了。", in: db) },
        amended: { approval, form, _, _ in
            guard !form.text("school").isEmpty else { throw Refusal("form.school", "学校没有填；请填写") }
            return content(approval.subjectID, school: form.text("school"), cost: form.text("cost"))
        },
        forgotten: { approval in content(approval.subjectID, school: "", cost: "") })
}

enum StudyPages {
    static func shown(_ approval: Approval) -> ApprovalShown {
        ApprovalShown(
            answer: "学历教育：\(approval.state.word)。",
            forms: [
                .consent: ApprovalShown.Form("同意"), .return: ApprovalShown.Form("退回修改"), .decline: ApprovalShown.Form("不同意"), .withdraw: ApprovalShown.Form("撤销申请"),
                .takeBack: ApprovalShown.Form("撤回决定"),
                .ask: ApprovalShown.Form("改好再提") { filled in
                    textField("school", "学校", value: filled.text("school", approval.content.text("school") ?? ""), notes: filled.notes("school"))
                        + textField("cost", "费用", value: filled.text("cost", approval.content.text("cost") ?? ""))
                },
            ])
    }
}

extension Feature {
    static let study = Feature(
        "学历教育",
        rights: [RightsRow("POST", "/people/:person/study", .right(.keeping, .person), "申请读学历")],
        acts: [
            ("study.ask", "申请读学历"), ("study.consent", "同意读学历"), ("study.return", "退回读学历的申请"), ("study.decline", "不同意读学历"), ("study.withdraw", "撤销读学历的申请"),
        ],
        erasing: .approvals(Study.kind, goes: "里面写的学校和费用"), brings: [Study.kind]
    ) { doors, house in
        doors.signedIn.post("/people/:person/study") { form, request, signedIn in
            let id = try request.id("person")
            let asked = try await house.database.write(signedIn.act("study.ask", why: form.why())) { db in
                let file = try PersonFile.seen(id, signedIn, for: .keeping, in: db)
                guard let home = file.posts.home(on: signedIn.today) else { throw WebProblem.missing }
                return try Deciding.ask(
                    Study.key, about: id, from: home.organizationID, decider: home.organizationID, Study.content(id, school: form.text("school"), cost: form.text("cost")), house,
                    by: ApprovalEye(signedIn, house, in: db), in: db)
            }
            return .redirect(asked.link)
        }
    }
}
