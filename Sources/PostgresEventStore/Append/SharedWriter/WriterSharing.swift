/// What a process has had to do with others that share its writer.
package struct WriterSharing: Sendable, Hashable {
    /// Whether it writes for the others at the moment.
    package var isLeading = false
    /// Appends of its own that another process has written.
    package var handedOver = 0
    /// Appends that others have handed to it.
    package var takenIn = 0
}
