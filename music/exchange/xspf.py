"""XSPF, the XML Shareable Playlist Format, version 1 (https://xspf.org/spec)."""

from __future__ import annotations

from xml.etree import ElementTree  # for writing, and as the type of what defusedxml reads

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

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
    try:
        root: ElementTree.Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("The playlist declares a document type or entities, which are not read.") from None
    except (ElementTree.ParseError, LookupError, ValueError):  # also an encoding that does not exist
        raise Unreadable("The playlist is no well-formed XML.") from None
    tracks = [element for element in root.iter() if _local(element) == "track"]
    if len(tracks) > MAX_ENTRIES:
        raise TooMany
    return [_entry(number, track) for number, track in enumerate(tracks, start=1)]


def _entry(number: int, track: ElementTree.Element) -> Entry:
    texts: dict[str, str] = {}
    recording = None
    for element in track:
        name, text = _local(element), shown(element.text)
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


def _local(element: ElementTree.Element) -> str:
    """The name without its namespace, which version 0 and some players leave out."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
