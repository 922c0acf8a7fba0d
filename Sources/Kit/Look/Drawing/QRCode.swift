import CQRencode

/// A text as a QR code (SVG), black on white in dark mode too, with the quiet zone that readers need.
/// Empty where the text is too long for one. `label` says to a screen reader what it is.
package func qrCode(_ text: String, label: String) -> HTML {
    guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return "" }
    defer { QRcode_free(code) }
    let width = Int(code.pointee.width), quiet = 4
    var path = ""
    for y in 0..<width {
        var x = 0
        while x < width {
            let start = x
            while x < width, code.pointee.data[y * width + x] & 1 == 1 { x += 1 }
            if x > start { path += "M\(start + quiet) \(y + quiet)h\(x - start)v1h-\(x - start)z" }
            x += 1
        }
    }
    let side = width + 2 * quiet
    return """
        <svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" width="\(side * 5)" height="\(side * 5)" shape-rendering="crispEdges" role="img" aria-label="\(label)">\
        <rect width="\(side)" height="\(side)" fill="#fff"/><path d="\(path)" fill="#000"/></svg>
        """
}
