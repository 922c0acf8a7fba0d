import Foundation
import Logging
import NIOSSL
import ServiceLifecycle
import Synchronization
import UnixSignals

/// A certificate with its key, as two PEM files, and what was last read of them.
package final class Certificate: Sendable {
    private struct Pair {
        var chain: [NIOSSLCertificateSource]
        var key: NIOSSLPrivateKeySource
        var ends: Int64
    }

    private let certificateFile: String
    private let keyFile: String
    private let pair: Mutex<Pair>

    /// Reads both files. Refusals `usage.certificate…`.
    package init(file: String, key: String) throws(Refusal) {
        certificateFile = file
        keyFile = key
        pair = Mutex(try Certificate.read(file, key))
    }

    /// Reads the files again, for the connections that come; on a refusal the former pair stays.
    package func reload() throws(Refusal) {
        let read = try Certificate.read(certificateFile, keyFile)
        pair.withLock { $0 = read }
    }

    /// When it ends, milliseconds since 1970-01-01 UTC.
    package var ends: Int64 { pair.withLock { $0.ends } }

    private static func read(_ file: String, _ key: String) throws(Refusal) -> Pair {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(file), let leaf = chain.first else {
            throw Refusal("usage.certificate", "读不出证书 \(file)。请确认文件存在、可读，内容是 PEM 格式，本站证书在前、中间证书在后。")
        }
        guard let privateKey = try? NIOSSLPrivateKey(file: key, format: .pem) else {
            throw Refusal("usage.certificateKey", "读不出证书的私钥 \(key)。请确认文件存在、可读，内容是没有口令的 PEM 格式。")
        }
        let pair = Pair(
            chain: chain.map { .certificate($0) }, key: .privateKey(privateKey), ends: Int64(leaf.notValidAfter) * 1000)
        do {
            // Only a context tells whether the two belong together.
            _ = try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: pair.chain, privateKey: pair.key))
        } catch {
            throw Refusal("usage.certificateKey", "证书 \(file) 与私钥 \(key) 不是一对。请核对两个文件。")
        }
        return pair
    }

    /// TLS 1.2 and later with forward secrecy; each connection gets the pair that was read last.
    var tls: TLSConfiguration {
        let first = pair.withLock { $0 }
        var tls = TLSConfiguration.makeServerConfiguration(certificateChain: first.chain, privateKey: first.key)
        tls.minimumTLSVersion = .tlsv12
        tls.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
        tls.sslContextCallback = { [self] _, promise in
            let now = pair.withLock { $0 }
            var given = NIOSSLContextConfigurationOverride()
            given.certificateChain = now.chain
            given.privateKey = now.key
            promise.succeed(given)
        }
        return tls
    }
}

/// Reads the certificate again whenever the process is told so by SIGHUP, as `systemctl reload` does.
struct CertificateWatch: Service {
    let certificate: Certificate?
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            guard let certificate else {
                logger.notice("nothing to reload: no certificate")
                continue
            }
            do {
                try certificate.reload()
                logger.notice("certificate reloaded")
            } catch {
                logger.error("certificate not reloaded, the former one stays", metadata: ["reason": "\(error.sentence)"])
            }
        }
    }
}
