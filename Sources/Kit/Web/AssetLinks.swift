/// Addresses of the files a browser may keep for ever, by their name in `Public/`; the address changes with the content.
package struct AssetLinks: Sendable {
    private let links: [String: String]
    package init(_ links: [String: String]) { self.links = links }

    package subscript(name: String) -> String { links[name] ?? "/assets/" + name }
}
