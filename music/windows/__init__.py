"""Pieces of a song that decode by themselves, cut from an index of its frames.

A format is a module with `index(source) -> Index`, which reads the file once, and whose `cut` reads only what it sends.
None of them decodes anything, and none knows Django. Sample 0 is the first one that browsers give of the whole file:
what encoders put in front is left out of the count.
"""
