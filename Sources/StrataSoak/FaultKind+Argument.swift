public import ArgumentParser
public import FaultInjection

extension FaultKind: ExpressibleByArgument {}
