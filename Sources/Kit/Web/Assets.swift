import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// The files of `Public/`, held in memory: a handful, sent to every browser once.
package struct Assets: Sendable {
    private struct Item: Sendable {
        var bytes: ByteBuffer
        var type: String
        var digest: String
    }

    private let items: [String: Item]
    /// Addresses that change with the content.
    package let links: AssetLinks

    /// Reads a folder with its sub-folders. Files of kinds that no page uses are left out.
    package init(folder: String) {
        let types = [
            "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
            "woff2": "font/woff2",
        ]
        var items: [String: Item] = [:]
        for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            guard let type = types[String(name.split(separator: ".").last ?? "")], let data = FileManager.default.contents(atPath: folder + "/" + name)
            else { continue }
            let digest = SHA256.hash(data: data).prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            items[name] = Item(bytes: ByteBuffer(bytes: data), type: type, digest: digest)
        }
        self.items = items
        links = AssetLinks(Dictionary(items.map { ($0.key, "/assets/\($0.key)?v=\($0.value.digest)") }, uniquingKeysWith: { first, _ in first }))
    }

    func response(_ request: Request) throws -> Response {
        guard let item = items[String(request.uri.path.dropFirst("/assets/".count))] else { throw WebProblem.missing }
        let tag = "\"\(item.digest)\""
        // Under the address with the digest the content never changes.
        let isPinned = Fields(encoded: request.uri.query ?? "")["v"] == item.digest
        let headers: HTTPFields = [
            .contentType: item.type, .eTag: tag, .cacheControl: isPinned ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: item.bytes))
    }
}

/// Addresses of the files a browser may keep for ever, by their name in `Public/`; the address changes with the content.
package struct AssetLinks: Sendable {
    private let links: [String: String]
    package init(_ links: [String: String]) { self.links = links }

    package subscript(name: String) -> String { links[name] ?? "/assets/" + name }
}
