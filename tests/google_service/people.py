"""Who has an account, and what each may do with a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from tests.google_service.shapes import Object


class Role(IntEnum):
    """What a permission allows; each includes those before it."""

    READER = 1
    COMMENTER = 2
    WRITER = 3
    OWNER = 4


ROLES = {"reader": Role.READER, "commenter": Role.COMMENTER, "writer": Role.WRITER, "owner": Role.OWNER}


@dataclass(slots=True, kw_only=True)
class DriveFile:
    """A file of the Drive: what it says of itself, and who may do what."""

    id: str
    name: str
    mime_type: str
    created: str
    modified: str
    version: int = 1
    trashed: bool = False
    parents: tuple[str, ...] = ()
    #: By the permission's id: type, role, emailAddress.
    permissions: dict[str, Object] = field(default_factory=dict)

    def role_of(self, email: str) -> Role | None:
        """Return what a person may do; None if the file is not shared with them."""
        held = [
            ROLES[permission["role"]]
            for permission in self.permissions.values()
            if permission["type"] == "anyone" or permission.get("emailAddress", "").lower() == email.lower()
        ]
        return max(held, default=None)

    @property
    def owner(self) -> str:
        owners = [one["emailAddress"] for one in self.permissions.values() if one["role"] == "owner"]
        return owners[0] if owners else ""
