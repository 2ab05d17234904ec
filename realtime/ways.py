"""A way to listen, as channels and operations of the AsyncAPI document."""

from __future__ import annotations

from msgspec import Struct


class Way(Struct, frozen=True):
    """One way to listen, at two addresses: for any room, and for `main`.

    `sends` and `receives` are the names of the server's frames.
    """

    key: str
    title: str
    server: str
    addresses: tuple[str, str]
    description: str
    sends: list[str]
    receives: list[str]

    def channels(self) -> dict[str, object]:
        """Key → channel."""
        of_any, of_main = self.addresses
        slug = {"slug": {"description": "The room's slug.", "default": "main"}}
        return {
            self.key: {**self._channel(of_any, self.description), "parameters": slug},
            f"{self.key}Main": self._channel(of_main, f"{self.description} For the playlist `main`."),
        }

    def _channel(self, address: str, description: str) -> dict[str, object]:
        return {
            "address": address,
            "description": description,
            "servers": [{"$ref": f"#/servers/{self.server}"}],
            "tags": [{"name": self.key}],
            "messages": {
                name: {"$ref": f"#/components/messages/{name}"} for name in dict.fromkeys([*self.sends, *self.receives])
            },
        }

    def operations(self) -> dict[str, object]:
        """Key → operation, of what the server sends and receives."""
        found: dict[str, object] = {}
        for suffix in ("", "Main"):
            for action, names in (("send", self.sends), ("receive", self.receives)):
                if names:
                    found[f"{action}{self.title}{suffix}"] = self._operation(action, f"{self.key}{suffix}", names)
        return found

    def _operation(self, action: str, channel: str, names: list[str]) -> dict[str, object]:
        return {
            "action": action,
            "summary": f"What the server {action}s",
            "description": self.description,
            "tags": [{"name": self.key}],
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
        }
