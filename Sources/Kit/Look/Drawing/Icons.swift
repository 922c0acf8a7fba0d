/// The set of icons: simple strokes on a 24 grid, drawn for Yugong.
package enum Icon: String, CaseIterable, Sendable {
    case home, bars, calendar, cap, laptop, books, tree, people, personCheck, inbox, exchange, report
    case search, download, upload, print, plus, bell, warning, info, lock, gear, menu, close, next, down, back, scan, person, ask, columns, leave

    fileprivate var strokes: HTML {
        switch self {
        case .home: "<path d=\"M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6\"/>"
        case .bars: "<path d=\"M4 20V11h4v9zM10 20V4h4v16zM16 20v-6h4v6z\"/>"
        case .calendar: "<path d=\"M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8M8 15h3\"/>"
        case .cap: "<path d=\"M2.5 9.5L12 5l9.5 4.5L12 14zM6.5 11.5V16c3 3 8 3 11 0v-4.5M21.5 9.5V15\"/>"
        case .laptop: "<path d=\"M5 5h14v10H5zM2.5 19h19\"/>"
        case .books: "<path d=\"M4 4h5v16H4zM9 4h4v16H9zM14 6l4-1 3 14.2-4 .9zM5.5 8h2\"/>"
        case .tree: "<path d=\"M9 3.5h6v5H9zM3 15.5h6v5H3zM15 15.5h6v5h-6zM12 8.5V12M6 15.5V12h12v3.5\"/>"
        case .people: "<circle cx=\"9\" cy=\"8\" r=\"3.5\"/><path d=\"M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.800a3.5 3.5 0 0 1 0 6.400M18 14.300c2.3.8 3.5 2.8 3.5 5.7\"/>"
        case .personCheck: "<circle cx=\"10\" cy=\"8\" r=\"3.5\"/><path d=\"M3.5 20c0-4 3-6 6.5-6 1.5 0 2.8.3 3.9 1M14.5 18l2.2 2.200L21 16\"/>"
        case .person: "<circle cx=\"12\" cy=\"8\" r=\"4\"/><path d=\"M4.5 20.500c0-4.5 3.5-6.5 7.5-6.500s7.5 2 7.5 6.5\"/>"
        case .inbox: "<path d=\"M4 4.500h16v15H4zM4 14h4.500l1.5 2.500h4l1.5-2.500H20\"/>"
        case .exchange: "<path d=\"M6 3.500h8l4 4v13H6zM14 3.500v4h4M2.5 14h9M8.5 11l3 3-3 3\"/>"
        case .report: "<path d=\"M6 5h12v16H6zM9.5 3h5v4h-5zM9 12h6M9 16h4\"/>"
        case .search: "<circle cx=\"10.5\" cy=\"10.5\" r=\"6\"/><path d=\"M15 15l5.5 5.5\"/>"
        case .download: "<path d=\"M12 4v11M7.5 11l4.5 4.5 4.5-4.500M4 20h16\"/>"
        case .upload: "<path d=\"M12 16V5M7.5 9L12 4.5 16.5 9M4 20h16\"/>"
        case .print: "<path d=\"M7 8V3.500h10V8M7 17H4V8h16v9h-3M7 14h10v6.500H7z\"/>"
        case .plus: "<path d=\"M12 5v14M5 12h14\"/>"
        case .bell: "<path d=\"M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 20.500h4M12 5V3\"/>"
        case .warning: "<path d=\"M12 4L2.5 20h19zM12 10v5M12 17.300v.4\"/>"
        case .info: "<circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M12 11v6M12 7.300v.4\"/>"
        case .lock: "<path d=\"M5 11h14v9.500H5zM8 11V8a4 4 0 0 1 8 0v3M12 15v2\"/>"
        case .gear: "<circle cx=\"12\" cy=\"12\" r=\"3\"/><circle cx=\"12\" cy=\"12\" r=\"6.5\"/><path d=\"M12 2.500v3M12 18.500v3M2.5 12h3M18.5 12h3M5.3 5.300l2.1 2.100M16.6 16.600l2.1 2.100M18.7 5.300l-2.1 2.100M7.4 16.600l-2.1 2.1\"/>"
        case .menu: "<path d=\"M4 6.500h16M4 12h16M4 17.500h16\"/>"
        case .close: "<path d=\"M6 6l12 12M18 6L6 18\"/>"
        case .next: "<path d=\"M9 5l7 7-7 7\"/>"
        case .down: "<path d=\"M5 9l7 7 7-7\"/>"
        case .back: "<path d=\"M15 5l-7 7 7 7\"/>"
        case .scan: "<path d=\"M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M3 12h18\"/>"
        case .ask: "<path d=\"M4 4.500h16v12h-8l-5 4v-4H4zM10 8.500c.5-1.5 4-1.3 3.8.7-.2 1.3-1.8 1.3-1.8 2.600M12 13.800v.3\"/>"
        case .columns: "<path d=\"M4 5h16v14H4zM9.3 5v14M14.7 5v14\"/>"
        case .leave: "<path d=\"M13 4H5v16h8M9.5 12H21M17.5 8.500L21 12l-3.5 3.5\"/>"
        }
    }
}

/// An icon beside a word; it says nothing of its own to a screen reader.
package func icon(_ icon: Icon) -> HTML {
    "<svg class=\"icon\" viewBox=\"0 0 24 24\" width=\"16\" height=\"16\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.75\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">\(icon.strokes)</svg>"
}
