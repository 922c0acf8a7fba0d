import CExpat
import Foundation

typealias XMLText = UnsafePointer<CChar>

/// The attributes of an element, found by their names without prefix.
struct XMLAttributes {
    let list: UnsafeMutablePointer<UnsafePointer<XML_Char>?>

    @inline(__always)
    subscript(_ name: StaticString) -> XMLText? {
        var at = 0
        while let key = list[at] {
            if local(key).isName(name) { return list[at + 1] }
            at += 2
        }
        return nil
    }

    func string(_ name: StaticString) -> String? { self[name].map { String(cString: $0) } }
    func int(_ name: StaticString) -> Int? { self[name].flatMap { Int(String(cString: $0)) } }
    func flag(_ name: StaticString) -> Bool? { self[name].map { $0.isName("1") || $0.isName("true") || $0.isName("on") } }
}

/// The name without its prefix: workbooks differ in prefixes and namespaces, not in names.
@inline(__always)
func local(_ name: XMLText) -> XMLText {
    var at = name
    while at.pointee != 0 {
        if at.pointee == 58 { return at + 1 }
        at += 1
    }
    return name
}

extension UnsafePointer<CChar> {
    @inline(__always)
    func isName(_ name: StaticString) -> Bool {
        UnsafeRawPointer(name.utf8Start).withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1) { strcmp(self, $0) == 0 }
    }
}

/// Receives the events of an XML part; names come without prefix.
class XMLHandler {
    /// Set while parsing: where the current event stands in the part.
    fileprivate(set) var parser: XML_Parser?
    /// First byte of the current event, and how many bytes it has.
    var eventIndex: Int { parser.map { Int(XML_GetCurrentByteIndex($0)) } ?? 0 }
    var eventLength: Int { parser.map { Int(XML_GetCurrentByteCount($0)) } ?? 0 }

    func start(_ name: XMLText, _ attributes: XMLAttributes) throws {}
    func end(_ name: XMLText) throws {}
    func characters(_ bytes: UnsafeBufferPointer<UInt8>) throws {}
}

/// Feeds bytes to expat. Document types, and with them every entity trick, are refused.
final class XMLPump {
    private let parser: XML_Parser
    private let handler: XMLHandler
    private var failure: (any Error)?
    private var fed = 0
    /// Pieces that wait, and how much of what was fed is not yet read: a token that has not ended.
    private var waiting: [UInt8] = [], unread = 0

    init(_ handler: XMLHandler) throws {
        guard let parser = XML_ParserCreate(nil) else { throw Refusal.memory }
        self.parser = parser
        self.handler = handler
        handler.parser = parser
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { me, name, attributes in
                guard let me, let name, let attributes else { return }
                Unmanaged<XMLPump>.fromOpaque(me)._withUnsafeGuaranteedRef { pump in
                    pump.attempt { try $0.start(local(name), XMLAttributes(list: attributes)) }
                }
            },
            { me, name in
                guard let me, let name else { return }
                Unmanaged<XMLPump>.fromOpaque(me)._withUnsafeGuaranteedRef { pump in pump.attempt { try $0.end(local(name)) } }
            })
        XML_SetCharacterDataHandler(parser) { me, text, count in
            guard let me, let text else { return }
            Unmanaged<XMLPump>.fromOpaque(me)._withUnsafeGuaranteedRef { pump in
                text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { bytes in
                    pump.attempt { try $0.characters(UnsafeBufferPointer(start: bytes, count: Int(count))) }
                }
            }
        }
        XML_SetStartDoctypeDeclHandler(parser) { me, _, _, _, _ in
            guard let me else { return }
            Unmanaged<XMLPump>.fromOpaque(me)._withUnsafeGuaranteedRef { pump in
                pump.attempt { _ in throw Refusal.suspicious("含有文档类型声明") }
            }
        }
    }

    deinit {
        handler.parser = nil
        XML_ParserFree(parser)
    }

    @inline(__always)
    private func attempt(_ body: (XMLHandler) throws -> Void) {
        guard failure == nil else { return }
        do { try body(handler) } catch {
            failure = error
            XML_StopParser(parser, 0)
        }
    }

    /// expat looks through an unfinished token anew with each piece: pieces are gathered until there is as much again.
    func feed(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws {
        if waiting.isEmpty, isLast || bytes.count >= unread { return try parse(bytes, isLast: isLast) }
        waiting.append(contentsOf: bytes)
        guard isLast || waiting.count >= unread else { return }
        defer { waiting.removeAll() }
        try waiting.withUnsafeBufferPointer { try parse($0, isLast: isLast) }
    }

    private func parse(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws {
        let status = bytes.withMemoryRebound(to: CChar.self) { XML_Parse(parser, $0.baseAddress, Int32(clamping: $0.count), isLast ? 1 : 0) }
        if let failure { throw failure }
        if status != XML_STATUS_OK, XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY { throw Refusal.memory }
        guard status == XML_STATUS_OK else { throw Refusal.brokenWorkbook("第 \(XML_GetCurrentLineNumber(parser)) 行附近的标记有误") }
        fed += bytes.count
        unread = fed - max(0, Int(XML_GetCurrentByteIndex(parser)))
        if !isLast, unread > Limits.token { throw Refusal.suspicious("单个标记过长") }
    }
}
