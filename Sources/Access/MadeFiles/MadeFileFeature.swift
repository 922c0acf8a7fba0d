import Kit

extension Feature {
    /// 要来的文件: what one asked for, while it is made and until it goes.
    package static let madeFiles = Feature(
        rights: [
            RightsRow("GET", "/files", .signedIn, "自己要的文件"),
            RightsRow("GET", "/files/:file", .signedIn, "自己要的一份文件"),
            RightsRow("GET", "/files/:file/progress", .signedIn, "制作的进度"),
            RightsRow("GET", "/files/:file/content", .signedIn, "下载自己要的文件"),
        ],
        acts: [
            ("file.ask", "要求制作文件"),
            ("file.made", "做好文件"),
            ("file.failed", "文件没有做出来"),
            ("file.fetch", "下载做好的文件"),
            ("export.list", "导出列出的名单"),
            ("file.forget", "清理过期的文件"),
        ],
        jobs: MadeFileWork.jobs, erasing: Erasing(forget: { _, db in try MadeFileStore.withdrawAll(in: db) }),
        rekeyed: [MadeFileStore.rekeyed, MadeFileStore.rekeyedParts],
        keeping: KeptRows.Exceptions(tables: [
            "made_file_part": "ciphertext that names its file and part; what is not as it was sealed is refused when it is read",
        ])
    ) { doors, house in
        MadeFileRoutes.add(to: doors.signedIn, house)
    }
}
