"""The REST face: HTTP in, one call into the domain, JSON out. Nothing below this package knows HTTP."""
