import CMinizip
import Foundation

/// A zip file read part by part; one part can be open at a time.
final class ZipArchive {
    struct Entry {
        let name: String
        let packedBytes: UInt64
        let bytes: UInt64
        let isEncrypted: Bool
        fileprivate var position: unz64_file_pos
    }

    let file: unzFile
    private(set) var entries: [Entry] = []
    private var byName: [String: Int] = [:]
    private var open: Entry?
    private var inflated: UInt64 = 0
    private var limit: UInt64 = 0

    init(path: String) throws {
        guard let file = unzOpen64(path) else { throw Refusal.brokenWorkbook("压缩包不完整") }
        var about = stat()
        let size = stat(path, &about) == 0 ? UInt64(clamping: about.st_size) : 0
        self.file = file
        var info = unz_global_info64()
        guard unzGetGlobalInfo64(file, &info) == UNZ_OK, info.number_entry > 0 else { throw Refusal.brokenWorkbook("压缩包不完整") }
        guard info.number_entry <= Limits.zipEntries else { throw Refusal.suspicious("压缩包内文件过多") }
        var status = unzGoToFirstFile(file)
        var packed: UInt64 = 0
        while status == UNZ_OK {
            var entry = unz_file_info64(), name = [CChar](repeating: 0, count: 1025), position = unz64_file_pos()
            guard unzGetCurrentFileInfo64(file, &entry, &name, 1024, nil, 0, nil, 0) == UNZ_OK,
                unzGetFilePos64(file, &position) == UNZ_OK, entry.size_filename <= 1024
            else { throw Refusal.brokenWorkbook("压缩包目录有误") }
            let text = name.withUnsafeBufferPointer { String(decoding: UnsafeRawBufferPointer($0).prefix(Int(entry.size_filename)), as: UTF8.self) }
            // The first of two parts of one name counts, as in the programs that write workbooks.
            let key = ZipArchive.key(text)
            if byName[key] == nil {
                byName[key] = entries.count
                entries.append(
                    Entry(
                        name: text, packedBytes: UInt64(clamping: entry.compressed_size), bytes: UInt64(clamping: entry.uncompressed_size),
                        isEncrypted: entry.flag & 1 != 0, position: position))
            }
            // Parts that lie over one another make much of little.
            let (sum, isOver) = packed.addingReportingOverflow(UInt64(clamping: entry.compressed_size))
            guard !isOver, sum <= size else { throw Refusal.suspicious("压缩包内的部件重叠") }
            packed = sum
            status = unzGoToNextFile(file)
        }
        guard status == UNZ_END_OF_LIST_OF_FILE else { throw Refusal.brokenWorkbook("压缩包目录有误") }
        guard !entries.contains(where: \.isEncrypted) else {
            throw Refusal("file.encrypted", "文件设有打开密码，无法读取；请去掉密码另存后再传")
        }
    }

    deinit { unzClose(file) }

    private static func key(_ name: String) -> String {
        let name = name.replacing("\\", with: "/").lowercased()
        return name.hasPrefix("/") ? String(name.dropFirst()) : name
    }

    /// The part of this name, whatever its capitals and slashes.
    subscript(name: String) -> Entry? { byName[ZipArchive.key(name)].map { entries[$0] } }

    /// Moves minizip to the part, for copying it raw.
    func select(_ entry: Entry) throws {
        var position = entry.position
        guard unzGoToFilePos64(file, &position) == UNZ_OK else { throw Refusal.brokenWorkbook("压缩包不完整") }
    }

    /// Opens a part for reading; `limit` is how many bytes it may inflate to.
    func open(_ entry: Entry, limit: UInt64) throws {
        try select(entry)
        guard entry.bytes <= limit else { throw Refusal.tooLarge("展开后超过 \(limit >> 20) MB") }
        let status = unzOpenCurrentFile(file)
        guard status != UNZ_INTERNALERROR else { throw Refusal.memory }
        guard status == UNZ_OK else { throw Refusal.brokenWorkbook("压缩包内的部件打不开") }
        open = entry
        inflated = 0
        self.limit = limit
    }

    /// What zlib says where there is no memory: `Z_MEM_ERROR`.
    private static let noMemory: Int32 = -4

    /// Fills the buffer with the next bytes; 0 at the end, where the checksum has been verified.
    func read(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let entry = open else { return 0 }
        let count = unzReadCurrentFile(file, buffer.baseAddress, UInt32(clamping: buffer.count))
        guard count != Self.noMemory else { throw Refusal.memory }
        guard count >= 0 else { throw Refusal.brokenWorkbook("压缩数据有误") }
        if count == 0 {
            open = nil
            guard unzCloseCurrentFile(file) == UNZ_OK, inflated == entry.bytes else { throw Refusal.brokenWorkbook("压缩数据不完整") }
            return 0
        }
        inflated += UInt64(clamping: count)
        guard inflated <= limit, inflated <= entry.bytes else { throw Refusal.suspicious("压缩包内容与目录不符") }
        guard inflated < Limits.ratioFrom || inflated / max(1, entry.packedBytes) < Limits.ratio else {
            throw Refusal.suspicious("压缩比过大")
        }
        return Int(count)
    }

    /// The whole of a small part.
    func contents(_ entry: Entry, limit: UInt64 = Limits.smallPartBytes) throws -> [UInt8] {
        try open(entry, limit: limit)
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read($0) }
            if count == 0 { return all }
            all.append(contentsOf: buffer.prefix(count))
        }
    }

    /// Runs a part through an XML handler.
    func parse(_ entry: Entry, limit: UInt64 = Limits.smallPartBytes, with handler: XMLHandler) throws {
        let pump = try XMLPump(handler)
        try open(entry, limit: limit)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read($0) }
            try buffer.withUnsafeBufferPointer { try pump.feed(UnsafeBufferPointer(rebasing: $0[0..<count]), isLast: count == 0) }
            if count == 0 { return }
        }
    }
}
