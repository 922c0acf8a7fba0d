import Access

extension Feature {
    /// Styles, scripts and icons, which the web layer itself serves.
    package static let assets = Feature(rights: [RightsRow("GET", "/assets/**", .open, "样式、脚本、图标")])
}
