/// How long processes that share a writer wait for each other.
///
/// On a machine that is busy enough even followers of a leader that is well come to write by themselves; tests that
/// count on following wait longer.
package struct WriterPatience: Sendable {
    /// How long a leader may take to appear that has just taken the lock.
    package var appearing = Duration.milliseconds(500)
    /// How long a leader may be silent that owes an answer. It tries to write what was handed to it for no longer.
    package var answering = Duration.seconds(2)

    package init() {}
}
