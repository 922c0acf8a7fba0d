import Kit

/// 要来的文件.
enum MadeFilePages {
    private static let crumb = Page.Crumb("要来的文件", "/files")

    static func list(_ files: [MadeFile], word: (String) -> String, now: Int64) -> Page {
        Page(
            "要来的文件", subtitle: "导出的表格、打印的文件；只有您自己看得到，过期自动删除",
            body: files.isEmpty
                ? emptyState("还没有要过文件", "在各个页面点“导出”或“制作”以后，做好的文件会列在这里，离开页面也不会丢。")
                : panel("最近要的", plainTable(["时间", "文件", "种类", "现在"], files.map { file in
                    [
                        "\(Clock.minute(ofMilliseconds: file.askedMilliseconds))", "<a href=\"\(file.link)\">\(title(file, word(file.kind)))</a>", "\(word(file.kind))",
                        "\(standing(file, now: now))",
                    ]
                })))
    }

    private static func title(_ file: MadeFile, _ word: String) -> String { file.order?.title ?? word }

    private static func standing(_ file: MadeFile, now: Int64) -> String {
        switch file.state {
        case .making: "正在制作"
        case .ready where now >= file.expiresMilliseconds: "已过期"
        case .ready: "可以下载，到 \(Clock.minute(ofMilliseconds: file.expiresMilliseconds))"
        case .failed: "没有做出来"
        case .withdrawn: "已作废"
        }
    }

    // MARK: One

    static func one(_ file: MadeFile, _ kind: MadeFileKind, _ progress: JobProgress?, now: Int64) -> Page {
        let body: HTML = switch file.state {
        case .making: making(file, kind, progress, now: now)
        case .ready where file.isKept(now: now): ready(file)
        case .ready: notice(.hint, "这份文件只保存 \(kind.keptHours) 小时，已经过期；还需要的，请重新要一份。")
        case .failed: notice(.problem, "没有做出来。\(file.outcome?.refusal)")
        case .withdrawn: notice(.hint, "这份文件做好以前或以后，有人的档案依法删除了，这一份已作废；还需要的，请重新要一份。")
        }
        let back = file.order.flatMap { Reply.localPath($0.back) } ?? "/"
        return Page(
            title(file, kind.word), subtitle: "\(kind.word)，\(Clock.minute(ofMilliseconds: file.askedMilliseconds)) 要的", crumbs: [crumb],
            body: body + "<div class=\"actions\">\(linkButton("返回", back, icon: .back))</div>")
    }

    private static func making(_ file: MadeFile, _ kind: MadeFileKind, _ progress: JobProgress?, now: Int64) -> HTML {
        panel("正在制作", padded("""
            \(bar(file, progress, now: now))\
            <p class="hint">做好后自动下载。离开本页也会继续，做好的文件在<a href="/files">要来的文件</a>里保存 \(kind.keptHours) 小时。<a href="\(file.link)">刷新</a></p>\
            <noscript><meta http-equiv="refresh" content="2"></noscript>
            """))
    }

    /// The piece that renews itself while a file is made; then it leads to the page that has it.
    static func bar(_ file: MadeFile, _ progress: JobProgress?, now: Int64) -> HTML {
        let done = progress?.done ?? 0, total = max(progress?.total ?? 0, done)
        let left = progress?.secondsLeft(now: now).map { "约剩 \(Numbers.count($0)) 秒" } ?? ""
        return progressBar(done: done, total: total, unit: "行", note: left, refresh: file.progressLink)
    }

    /// The first time it is on its way already; without scripts too.
    private static func ready(_ file: MadeFile) -> HTML {
        let start: HTML = file.isFetched ? "" : "<meta http-equiv=\"refresh\" content=\"\("0; url=" + file.contentLink)\">"
        let said: HTML = file.isFetched ? "已做好，下载过了；还可以再下载。" : "已做好，正在下载。没有开始的，请点“下载”。"
        let bytes = file.outcome?.bytes ?? 0
        return start + answerBox(said, mark: .met, action: linkButton("下载", file.contentLink, .primary, icon: .download)) + panel("文件", padded(facts([
            ("名称", "\(file.outcome?.name)"), ("大小", "\(bytes < 1 << 20 ? "\((bytes + 1023) >> 10) KB" : "\(bytes >> 20) MB")"),
            ("保存到", "\(Clock.minute(ofMilliseconds: file.expiresMilliseconds))，以后自动删除"),
        ])))
    }
}
