"""XSPF and JSPF."""

from __future__ import annotations

import json

from tests.music.players import GOOD, LOST, RECORDING, Player


def _jspf(*tracks: object, **playlist: object) -> bytes:
    return json.dumps({"playlist": {**playlist, "track": tracks}}).encode()


TREES: dict[str, Player] = {
    "VLC, xspf with its extension": Player(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<playlist xmlns="http://xspf.org/ns/0/" '
        b'xmlns:vlc="http://www.videolan.org/vlc/playlist/ns/0/" version="1"><title>Playlist</title><trackList>'
        b"<track><location>file:///D:/Feeling%20Good.mp3</location><title>Feeling Good</title>"
        b"<creator>Nina Simone</creator><album>I Put a Spell on You</album><duration>177293</duration>"
        b'<extension application="http://www.videolan.org/vlc/playlist/0"><vlc:id>0</vlc:id></extension></track>'
        b'</trackList><extension application="http://www.videolan.org/vlc/playlist/0"><vlc:item tid="0"/></extension>'
        b"</playlist>",
        [(GOOD, "Feeling Good", "I Put a Spell on You", 177_293, "file:///D:/Feeling%20Good.mp3")],
        ["good"],
    ),
    "Clementine, xspf with an empty album and a relative location": Player(
        b'<?xml version="1.0" encoding="UTF-8"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
        b"<location>../Feeling%20Good.ogg</location><title>Feeling Good</title><creator>Nina Simone</creator><album/>"
        b"<duration>177000</duration><trackNum>4</trackNum></track></trackList></playlist>",
        [(GOOD, "Feeling Good", "", 177_000, "../Feeling%20Good.ogg")],
        ["good"],
    ),
    "Strawberry, xspf with covers": Player(
        '<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/">\n<trackList>\n'
        "<track>\n<location>file:///home/anna/Mot%C3%B6rhead/Ace%20of%20Spades.mp3</location>\n"
        "<title>Ace of Spades</title>\n<creator>Motörhead</creator>\n<image>file:///tmp/1.jpg</image>\n"
        "<duration>174000</duration>\n</track>\n</trackList>\n</playlist>\n".encode(),
        [(LOST, "Ace of Spades", "", 174_000, "file:///home/anna/Mot%C3%B6rhead/Ace%20of%20Spades.mp3")],
        ["ace"],
    ),
    "Audacious, xspf with remarks of its own": Player(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/">\n'
        b"<title>Now Playing</title><trackList><track><location>file:///m/Muse/Feeling%20Good.ogg</location>"
        b"<title>Feeling Good</title><creator>Muse</creator><annotation>2001 - best</annotation>"
        b'<trackNum>10</trackNum><duration>199000</duration><meta rel="year">2001</meta>'
        b'<meta rel="codec">Vorbis</meta></track></trackList></playlist>',
        [("Muse", "Feeling Good", "", 199_000, "file:///m/Muse/Feeling%20Good.ogg")],
        ["muse"],
    ),
    "Rhythmbox, xspf of locations and titles": Player(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/">\n'
        b"<trackList><track><location>file:///m/Daft%20Punk/Get%20Lucky.mp3</location><title>Get Lucky</title>"
        b"</track></trackList></playlist>",
        [("", "Get Lucky", "", None, "file:///m/Daft%20Punk/Get%20Lucky.mp3")],
        ["lucky"],
    ),
    "Quod Libet, xspf in two lines": Player(
        b'<playlist version="1" xmlns="http://xspf.org/ns/0/"><title>Night</title>\n<trackList><track>'
        b"<location>file:///m/Muse/Origin%20of%20Symmetry/10%20-%20Feeling%20Good.mp3</location></track>"
        b"</trackList></playlist>",
        [("", "", "", None, "file:///m/Muse/Origin%20of%20Symmetry/10%20-%20Feeling%20Good.mp3")],
        ["muse"],
    ),
    "older players, xspf of version 0 in Latin-1": Player(
        '<?xml version="1.0" encoding="iso-8859-1"?>\n<playlist version="0"><trackList><track>'
        "<title>Ace of Spades</title><creator>Motörhead</creator></track></trackList></playlist>".encode("latin-1"),
        [(LOST, "Ace of Spades", "", None, "")],
        ["ace"],
    ),
    "JSPF, as its page shows it": Player(
        _jspf(
            {"location": ["http://a.example/1.ogg"], "title": "Feeling Good", "creator": GOOD, "duration": 177293},
            title="Night",
        ),
        [(GOOD, "Feeling Good", "", 177_293, "http://a.example/1.ogg")],
        ["good"],
    ),
    "ListenBrainz, identifiers in a list beside its extensions": Player(
        _jspf(
            {
                "title": "Feelin' Good",
                "creator": "Simone, Nina",
                "album": "I Put a Spell on You",
                "identifier": [f"https://musicbrainz.org/recording/{RECORDING}"],
                "extension": {"https://musicbrainz.org/doc/jspf#track": {"additional_metadata": {"artists": []}}},
            },
            creator="anna",
            identifier="https://listenbrainz.org/playlist/0198c1f0-0000-4000-8000-000000000000",
            extension={"https://musicbrainz.org/doc/jspf#playlist": {"public": True}},
        ),
        [("Simone, Nina", "Feelin' Good", "I Put a Spell on You", None, "")],
        ["good"],
    ),
    "ListenBrainz, an identifier as text": Player(
        _jspf({"title": "", "creator": "", "identifier": f"https://musicbrainz.org/recording/{RECORDING}"}),
        [("", "", "", None, "")],
        ["good"],
    ),
}
