"""Every write to a playlist, one function a command; batch.py runs them under the playlist's lock.

A command checks first and writes then, records what it did with `change.record`, and records nothing when nothing
changed. It returns the body of the answer (None: there is none).
"""
