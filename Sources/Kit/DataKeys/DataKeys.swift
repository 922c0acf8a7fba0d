/// What works with the data key: numbers, what accounts prove themselves with, people's own keys, and names in addresses.
package struct DataKeys: Sendable {
    package let numbers: PersonalNumbers
    package let secrets: AccountSecrets
    package let vault: PersonVault
    package let addresses: AddressSeal

    /// `kept`: keys that stay what they are however often the data key is replaced, as `KeptKeyStore` has them.
    init(_ key: KeyFile.Key, kept: [String: [UInt8]] = [:]) {
        numbers = PersonalNumbers(key: key)
        secrets = AccountSecrets(key: key, kept: kept)
        vault = PersonVault(key: key)
        addresses = AddressSeal(key: key)
    }

    /// The keys as they stand in a database.
    package init(_ key: KeyFile.Key, in db: Reading) throws {
        self.init(key, kept: try KeptKeyStore.keys(PersonalNumbers(key: key), in: db))
    }
}
