"""XSPF, the XML Shareable Playlist Format, version 1 (https://xspf.org/spec)."""

from __future__ import annotations

from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from music.exchange.entry import (
    MAX_ENTRIES,
    Entry,
    TooMany,
    Unreadable,
    Written,
    as_address,
    recording_address,
    recording_in,
    shown,
)

NAMESPACE = "http://xspf.org/ns/0/"
#: Elements inside one another. Players write seven at most, for folders in their extensions a few more.
_MAX_DEPTH = 64


def write(playlist: Written) -> bytes:
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(_named("playlist"), version="1")
    _child(root, "title", playlist.title)
    tracks = ElementTree.SubElement(root, _named("trackList"))
    for song in playlist.songs:
        track = ElementTree.SubElement(tracks, _named("track"))
        _child(track, "location", as_address(song.location))
        if song.recording is not None:
            _child(track, "identifier", recording_address(song.recording))
        _child(track, "title", song.title)
        _child(track, "creator", song.artist)
        if song.album:
            _child(track, "album", song.album)
        _child(track, "duration", str(song.duration_ms))
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def read(body: bytes) -> list[Entry]:
    """The entries of a file. Raises Unreadable: no XML, or XML with a document type, of which no player writes one."""
    tracks = _Tracks()
    parser = DefusedXMLParser(target=tracks, forbid_dtd=True)
    try:
        parser.feed(body)
        parser.close()
    except DefusedXmlException:
        raise Unreadable("The playlist declares a document type or entities, which are not read.") from None
    except (ElementTree.ParseError, LookupError, ValueError):  # also an encoding that does not exist
        raise Unreadable("The playlist is no well-formed XML.") from None
    return [_entry(number, fields) for number, fields in enumerate(tracks.fields, start=1)]


class _Tracks:
    """Hears what the parser reads, and keeps the fields of the tracks alone: there may be a million other elements."""

    def __init__(self) -> None:
        #: Of each track, the names of its fields and their texts.
        self.fields: list[list[tuple[str, str]]] = []
        self._around: list[str] = []
        self._texts: list[str] = []

    def start(self, tag: str, _: object) -> None:
        name = _local(tag)
        if not self._around and name != "playlist":
            raise Unreadable("The XML is no playlist: of those in XML, XSPF is read.")
        if len(self._around) == _MAX_DEPTH:
            raise Unreadable("The elements of the playlist are nested too deep.")
        if name == "track":
            if len(self.fields) == MAX_ENTRIES:
                raise TooMany
            self.fields.append([])
        self._around.append(name)
        self._texts.clear()

    def data(self, text: str) -> None:
        self._texts.append(text)

    def end(self, _: str) -> None:
        name = self._around.pop()
        if self._around and self._around[-1] == "track":
            self.fields[-1].append((name, shown("".join(self._texts))))
        self._texts.clear()


def _entry(number: int, fields: list[tuple[str, str]]) -> Entry:
    texts: dict[str, str] = {}
    recording = None
    for name, text in fields:
        texts.setdefault(name, text)
        if name == "identifier":
            recording = recording or recording_in(text)
    duration = texts.get("duration", "")
    return Entry(
        line=number,
        title=texts.get("title", ""),
        artist=texts.get("creator", ""),
        album=texts.get("album", ""),
        duration_ms=int(duration) if duration.isascii() and duration.isdigit() and len(duration) < 10 else None,
        location=texts.get("location", ""),
        recording=recording,
    )


def _named(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _child(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, _named(name)).text = shown(text)


def _local(tag: str) -> str:
    """The name without its namespace, which version 0 and some players leave out."""
    return tag.rpartition("}")[2]
