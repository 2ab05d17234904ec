"""The REST face: each view parses, calls one function and returns its answer."""
