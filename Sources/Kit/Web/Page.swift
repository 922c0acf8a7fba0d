/// What a feature says about its page; the frame (menu, brand, account) is put around it by whoever sends it.
package struct Page: Sendable {
    /// A step of the way to this page: the place in the organisation tree, then the page's own parents.
    package struct Crumb: Sendable {
        package var name: String
        package var link: String?
        package init(_ name: String, _ link: String? = nil) {
            self.name = name
            self.link = link
        }
    }

    /// Title of the window and heading of the page.
    package var title: String
    /// One line below the heading.
    package var subtitle: HTML?
    package var crumbs: [Crumb]
    /// Where another unit can be chosen for this page; shown behind the breadcrumb, always at the same spot.
    package var unitSwitch: String?
    /// Key of the menu entry that is current.
    package var menu: String
    /// Buttons to the right of the heading.
    package var actions: HTML?
    package var body: HTML
    package var status: Int

    package init(
        _ title: String, subtitle: HTML? = nil, menu: String = "", crumbs: [Crumb] = [], unitSwitch: String? = nil,
        actions: HTML? = nil, status: Int = 200, body: HTML
    ) {
        self.title = title
        self.subtitle = subtitle
        self.menu = menu
        self.crumbs = crumbs
        self.unitSwitch = unitSwitch
        self.actions = actions
        self.status = status
        self.body = body
    }
}

/// The secret that a form carries so that no other site can submit it. Every form that posts has one.
package struct FormToken: Sendable {
    package static let field = "_token"
    package let value: String
    package init(_ value: String) { self.value = value }
}

/// Path and query of the page that is being shown, to make links that change a part of it.
package struct PageAddress: Sendable, Hashable {
    package var path: String
    package var query: Fields

    package init(_ path: String, _ query: Fields = Fields()) {
        self.path = path
        self.query = query
    }

    /// The same page with a query value replaced, or removed with nil.
    package func with(_ name: String, _ value: String?) -> PageAddress {
        var changed = self
        changed.query[name] = value
        return changed
    }

    package var link: String {
        let encoded = query.encoded
        return encoded.isEmpty ? path : path + "?" + encoded
    }
}
