"""Takes one file out of a multipart/form-data body (RFC 7578) while it comes in. Knows no Django and no disk."""

from __future__ import annotations

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from playlist.errors import DomainError, invalid

#: What a form may hold beside its file.
_REST_BYTES = 64 * 1024
_BOUNDARY_BYTES = 200


class FileInForm:
    """The file in one field of a form. Everything raises DomainError for a body that is no such form."""

    def __init__(self, content_type: str, field: str) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= _BOUNDARY_BYTES:
            raise DomainError("UNSUPPORTED_MEDIA_TYPE", "Send a form: multipart/form-data, with the file in it.")
        #: As the other side calls the file; None until it comes.
        self.name: bytes | None = None
        self._field = field
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_end": self._ends,
            },
        )
        self._headers: dict[bytes, bytes] = {}
        self._header = [b"", b""]
        self._is_file = False
        self._rest_bytes = 0
        self._found: list[bytes] = []
        self._is_whole = False

    def feed(self, data: bytes) -> bytes:
        """The bytes of the file among these of the body."""
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise DomainError("MALFORMED", f"This is no multipart/form-data: {error}.") from None
        if self._rest_bytes > _REST_BYTES:
            raise DomainError("TOO_LARGE", f"Only the field {self._field} may be large.")
        found, self._found = b"".join(self._found), []
        return found

    def finish(self) -> None:
        """Say that nothing more comes."""
        if not self._is_whole:
            raise DomainError("MALFORMED", "The form ends before its last boundary.")
        if self.name is None:
            raise invalid(self._field, "is needed, as a file")

    # ── What the parser meets ────────────────────────────────────────────────────────────────────────────────────────

    def _part_begins(self) -> None:
        self._headers, self._is_file = {}, False

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def _header_ends(self) -> None:
        name, value = self._header
        self._headers[name.lower()] = value
        self._header = [b"", b""]

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        if options.get(b"name") == self._field.encode() and b"filename" in options:
            if self.name is not None:
                raise invalid(self._field, "is there twice")
            self.name, self._is_file = options[b"filename"], True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._found.append(data[start:end])
        else:
            self._rest_bytes += end - start

    def _ends(self) -> None:
        self._is_whole = True
