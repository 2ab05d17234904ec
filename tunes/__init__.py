"""Composes and renders the six short tunes that a new server plays: `python -m tunes`.

For development alone: numpy and ffmpeg are needed here, and nowhere else in the product. What this writes to
`music/demo/` is part of the tree.
"""
