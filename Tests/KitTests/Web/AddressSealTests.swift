import TestBench
import Testing

@testable import Kit

@Suite("Names in addresses", .ownThreads)
struct AddressSealTests {
    let key = KeyFile.Key.random()

    @Test("What may be a name stands in an address as ciphertext, is read back as it was, and has one address", arguments: ["刘芳", "liufang~1234567", "a", "~", "~~~", "张&三=四 五"])
    func sealed(name: String) {
        let seal = AddressSeal(key: key)
        for query in ["q", "who", "after"] {
            let address = AddressSeal.$current.withValue(seal) { PageAddress("/people", Fields([("unit", "7"), (query, name)])).link }
            #expect(address.hasPrefix("/people?unit=7&\(query)=~") && !address.contains(Fields.encode(name) + "&") && !address.hasSuffix("=" + Fields.encode(name)))
            let read = AddressSeal(key: key).opened(Fields(encoded: address.drop { $0 != "?" }.dropFirst()))
            #expect(read[query] == name && read["unit"] == "7")
            #expect(AddressSeal.$current.withValue(seal) { PageAddress("/people", read).link } == address)
        }
    }

    @Test("Under another key, cut or changed it is nobody; what was typed by hand stays as it is; other values are left alone")
    func foreign() {
        let seal = AddressSeal(key: key), sealed = seal.sealed("q", "刘芳")
        #expect(AddressSeal(key: .random()).opened(Fields([("q", sealed)]))["q"] == "")
        #expect(seal.opened(Fields([("q", String(sealed.dropLast()))]))["q"] == "")
        #expect(seal.opened(Fields([("q", "刘芳")]))["q"] == "刘芳")
        #expect(seal.opened(Fields([("sort", sealed)]))["sort"] == sealed)
        #expect(seal.sealed("sort", "name") == "name" && seal.sealed("q", "") == "")
    }
}
