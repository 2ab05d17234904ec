"""All writes to a playlist, one function per command; batch.py runs them under the playlist's lock.

A command first checks, then writes, and records its events with `change.record`; if nothing changed, it records
nothing. It returns the body of the answer, or None if the answer has no body.
"""
