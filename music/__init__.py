"""Music files: scan, tags, identity, covers, loudness, upload and streaming.

This is a room beside the domain. It writes the library through `playlist.library` and knows the domain only by its
public modules; the domain knows nothing of files.
"""
