internal import Glibc

/// Finds out whether a port is free before anything is started or made, so that nothing has to be undone.
enum PortCheck {
    /// - Throws: ``PortInUse``.
    static func require(free port: Int, host: String, option: String) throws(PortInUse) {
        guard port != 0, host == "127.0.0.1" || host == "0.0.0.0" || host == "localhost" else { return }
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var reuse: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = host == "0.0.0.0" ? 0 : in_addr_t(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 || errno != EADDRINUSE else { throw PortInUse(port: port, option: option) }
    }
}

struct PortInUse: Error, CustomStringConvertible {
    let port: Int
    let option: String
    var description: String { "Port \(port) is in use. Nothing was started; choose another one with \(option)." }
}
