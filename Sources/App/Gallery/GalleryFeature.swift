import Access
import Kit

extension Feature {
    /// The shared components on one page, in development.
    package static let gallery = Feature(
        rights: [
            RightsRow("GET", "/gallery", .signedIn, "界面组件，仅开发环境", isDevelopment: true),
            RightsRow("POST", "/gallery", .signedIn, "界面组件，仅开发环境", isDevelopment: true),
        ]
    ) { doors, house in
        if doors.isDevelopment { GalleryRoutes.add(to: doors.signedIn) }
    }
}
