import Access
import Kit

extension Feature {
    /// 导入导出: workbooks in and out.
    package static let exchange = Feature(
        "导入导出",
        rights: [
            RightsRow("GET", "/exchange", .right(.seeing, .anywhere), "导入导出"),
            RightsRow("POST", "/exchange/exports", .right(.seeing, .anywhere), "导出权限内的单位"),
            RightsRow("GET", "/exchange/templates/:kind", .right(.keeping, .anywhere), "下载导入表"),
            RightsRow("POST", "/exchange/imports", .right(.keeping, .anywhere), "上传导入表"),
            RightsRow("GET", "/exchange/imports/:job", .right(.keeping, .ownImport), "自己上传的导入"),
            RightsRow("GET", "/exchange/imports/:job/progress", .right(.keeping, .ownImport), "导入的进度"),
            RightsRow("POST", "/exchange/imports/:job/marked", .right(.keeping, .ownImport), "要标注了错误的导入表"),
            RightsRow("POST", "/exchange/imports/:job/apply", .right(.keeping, .ownImport), "确认导入"),
        ],
        menu: [
            MenuItem("exchange", "导入导出", "/exchange", .exchange, in: .doing, 20, where: { $0.scope.isAnywhere(.seeing) }),
        ],
        tasks: [
            TaskSource(40, lookedUp: { signedIn, _, db in try ImportJobStore.waiting(of: signedIn.account.id, now: signedIn.now, from: db).map(\.task) }),
        ],
        acts: [
            ("import.upload", "上传待导入的文件"),
            ("import.confirm", "确认导入"),
            ("import.judging", "检查待导入的文件"),
            ("import.judged", "检查完待导入的文件"),
            ("import.applying", "开始导入"),
            ("import.done", "导入完成"),
            ("import.failed", "导入未成"),
            ("import.interrupted", "导入中断"),
        ],
        ranges: [RangeCheck("import_job", "导入", ["effective_day": Day.numbers])],
        jobs: ImportWork.jobs, erasing: Erasing(forget: { _, db in try ImportJobStore.forgetOld(in: db) }),
        rekeyed: [ImportJobStore.rekeyedReports, ImportJobStore.rekeyedMarks, ImportJobStore.rekeyedFiles],
        keeping: KeptRows.Exceptions(tables: [
            "import_file": "ciphertext that names its job and part; what is not as it was sealed is refused when it is read",
        ]),
        brings: [MadeFileKind.export, MadeFileKind.marked]
    ) { doors, house in
        ExchangeRoutes.add(to: doors.signedIn, house)
    }
}
