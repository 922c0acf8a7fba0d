import Kit

/// What the page after an act says first.
enum TellingPages {
    /// What was done, where it is taken back, and the approval that one came from.
    static func told(_ deed: String, undo: String?, waiting: Int64?) -> HTML {
        notice(.done, """
            已办好：\(deed)。\(undo.map { " <a class=\"door\" href=\"\($0)\">撤回</a>" as HTML })\
            \(waiting.map { " <a class=\"door\" href=\"/approvals/\($0)\">回到刚才的待办</a>" as HTML })
            """)
    }
}
