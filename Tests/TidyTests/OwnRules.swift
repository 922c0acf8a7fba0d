extension StyleRule {
    // MARK: What is one's own

    static let own: [StyleRule] = [
        StyleRule(
            "What is one's own is asked of the one function that knows merged files.",
            instead: "Ask signedIn.isOwn(file, in: db), or hold GrantStore.files of both against each other.",
            bad: [
                ["Sources/People/Objections/ObjectionRoutes.swift": "let isOwn = signedIn.account.personID == person.id"],
                ["Sources/Access/Views/FileViewLog.swift": "guard signedIn.account.personID != person else { return }"],
                ["Sources/Accounts/SlipUse/SlipEntrance.swift": "bearers.allSatisfy { $0 == account.personID }"],
            ],
            good: [
                ["Sources/App/Today/TodayRoutes.swift": "let hasFile = signedIn.account.personID != nil, isLearner = account.personID == nil"],
                ["Sources/Ledger/HourEntry/HourEntry.swift": "entries.filter { $0.personID == entry.personID }"],
            ],
            inFilesWhere: { $0.area != nil }
        ) { file in
            matches("\\baccount\\.personID\\s*(?:==|!=)\\s*(?!nil\\b)\\S+|\\S+\\s*(?:==|!=)\\s*(?:\\w+\\.)*account\\.personID\\b", in: file.swift.code)
        },
    ]
}
