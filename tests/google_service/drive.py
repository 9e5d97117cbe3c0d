"""Drive v3 as far as spreadsheets need it: files, permissions, a listing, an export."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.google_service.errors import Refusal
from tests.google_service.masks import masked, parse_mask
from tests.google_service.people import ROLES, DriveFile, Role
from tests.google_service.ranges import Box
from tests.google_service.shapes import Object
from tests.google_service.state import blank
from tests.google_service.values import Rendering, values_of

if TYPE_CHECKING:
    from tests.google_service.call import Call
    from tests.google_service.service import Service

SHEET = "application/vnd.google-apps.spreadsheet"
_SHORT = ("kind", "id", "name", "mimeType")


def not_found(file_id: str) -> Refusal:
    return Refusal(404, f"File not found: {file_id}.", drive_reason="notFound")


def _file(service: Service, call: Call, role: Role) -> DriveFile:
    file_id = call.path["fileId"]
    found = service.files.get(file_id)
    held = None if found is None else found.role_of(call.user)
    if found is None or held is None:
        raise not_found(file_id)
    if held < role:
        raise Refusal(
            403,
            "The user does not have sufficient permissions for this file.",
            drive_reason="insufficientFilePermissions",
        )
    return found


def described(file: DriveFile, call: Call) -> Object:
    """Return a File: the few fields that come by themselves, or those that are asked for."""
    full: Object = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime_type,
        "createdTime": file.created,
        "modifiedTime": file.modified,
        "version": str(file.version),
        "trashed": file.trashed,
        "parents": list(file.parents) or ["root"],
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{file.id}/edit",
        "owners": [{"kind": "drive#user", "emailAddress": file.owner, "me": file.owner == call.user}],
        "ownedByMe": file.owner == call.user,
        "shared": len(file.permissions) > 1,
        "permissions": [_permission(one) for one in file.permissions.values()],
        "capabilities": {
            "canEdit": (file.role_of(call.user) or 0) >= Role.WRITER,
            "canShare": _may_share(file, call),
        },
    }
    fields = call.query.get("fields")
    result = masked(full, parse_mask(fields)) if fields else {name: full[name] for name in _SHORT}
    return result if isinstance(result, dict) else {}


def _may_share(file: DriveFile, call: Call) -> bool:
    return (file.role_of(call.user) or 0) >= Role.WRITER


def get(service: Service, call: Call) -> Object:
    return described(_file(service, call, Role.READER), call)


def listing(service: Service, call: Call) -> Object:
    seen = [file for file in service.files.values() if file.role_of(call.user) is not None]
    found = [file for file in reversed(seen) if _fits(file, call.query.get("q", ""))]
    inner = {"fields": "*"} if "fields" in call.query else {}
    answer: Object = {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": [described(file, call.with_query(inner)) for file in found],
    }
    fields = call.query.get("fields")
    result = masked(answer, parse_mask(fields)) if fields else answer
    return result if isinstance(result, dict) else {}


def _fits(file: DriveFile, query: str) -> bool:
    """Read the few kinds of a search query: mimeType, name, trashed, joined by `and`."""
    for part in re.split(r"\s+and\s+", query) if query else ():
        match = re.fullmatch(
            r"(\w+)\s*(=|!=|contains)\s*(?:\"(.*)\"|'(.*)'|(true|false))", part.strip(), re.DOTALL
        )
        if match is None:
            raise Refusal(400, f"Invalid Value: {part}", drive_reason="invalid")
        name, mark, *texts = match.groups()
        sought = next(text for text in texts if text is not None).replace("\\'", "'")
        actual = {"mimeType": file.mime_type, "name": file.name, "trashed": str(file.trashed).lower()}.get(
            name, ""
        )
        holds = sought in actual if mark == "contains" else (actual == sought) == (mark == "=")
        if not holds:
            return False
    return True


def create(service: Service, call: Call) -> Object:
    service.refuse_storage(call.user)
    body = call.body
    mime_type = body.get("mimeType") or "application/octet-stream"
    file = service.add_file(body.get("name") or "Untitled", mime_type, owner=call.user)
    file.parents = tuple(body.get("parents") or ())
    if mime_type == SHEET:
        service.spreadsheets[file.id] = blank(file.id, file.name)
        service.spreadsheets[file.id].owner = call.user
    return described(file, call)


def copy(service: Service, call: Call) -> Object:
    source = _file(service, call, Role.READER)
    service.refuse_storage(call.user)
    name = call.body.get("name") or f"Copy of {source.name}"
    file = service.add_file(name, source.mime_type, owner=call.user)
    if source.id in service.spreadsheets:
        twin = service.spreadsheets[source.id].clone()
        twin.id, twin.title, twin.owner = file.id, name, call.user
        service.spreadsheets[file.id] = twin
    return described(file, call)


def update(service: Service, call: Call) -> Object:
    file = _file(service, call, Role.WRITER)
    if call.body.get("name"):
        file.name = call.body["name"]
        if file.id in service.spreadsheets:
            changed = service.spreadsheets[file.id].clone()
            changed.title = file.name
            service.spreadsheets[file.id] = changed
    if call.body.get("trashed") is not None:
        file.trashed = call.body["trashed"]
    service.touch(file.id)
    return described(file, call)


def delete(service: Service, call: Call) -> None:
    file = _file(service, call, Role.OWNER)
    del service.files[file.id]
    service.spreadsheets.pop(file.id, None)


def export(service: Service, call: Call) -> str:
    """Return the first tab as CSV."""
    file = _file(service, call, Role.READER)
    if call.query.get("mimeType") != "text/csv" or file.id not in service.spreadsheets:
        raise Refusal(400, "The requested conversion is not supported.", drive_reason="badRequest")
    spreadsheet = service.spreadsheets[file.id]
    first = spreadsheet.sheets[0]
    rows = values_of(
        spreadsheet, first, first.clipped(Box()), rendering=Rendering(), today=service.today(spreadsheet)
    )
    target = io.StringIO()
    lines = rows.get("values", [])
    width = max(map(len, lines), default=0)
    csv.writer(target, lineterminator="\r\n").writerows(line + [""] * (width - len(line)) for line in lines)
    return target.getvalue().removesuffix("\r\n")


def comments(service: Service, call: Call) -> Object:
    _file(service, call, Role.READER)
    answer: Object = {"kind": "drive#commentList", "comments": []}
    fields = call.query.get("fields")
    result = masked(answer, parse_mask(fields)) if fields else answer
    return result if isinstance(result, dict) else {}


def _permission(permission: Object) -> Object:
    return {"kind": "drive#permission", **permission}


def _shown_permission(permission: Object, call: Call) -> Object:
    fields = call.query.get("fields")
    full = _permission(permission)
    result = (
        masked(full, parse_mask(fields)) if fields else {n: full[n] for n in ("kind", "id", "type", "role")}
    )
    return result if isinstance(result, dict) else {}


def permissions(service: Service, call: Call) -> Object:
    file = _file(service, call, Role.READER)
    fields = call.query.get("fields")
    entries = [_permission(one) for one in file.permissions.values()]
    if not fields:
        short = [{n: one[n] for n in ("kind", "id", "type", "role")} for one in entries]
        return {"kind": "drive#permissionList", "permissions": short}
    result = masked({"kind": "drive#permissionList", "permissions": entries}, parse_mask(fields))
    return result if isinstance(result, dict) else {}


def permission(service: Service, call: Call) -> Object:
    return _shown_permission(_held(_file(service, call, Role.READER), call), call)


def _held(file: DriveFile, call: Call) -> Object:
    found = file.permissions.get(call.path["permissionId"])
    if found is None:
        raise Refusal(404, f"Permission not found: {call.path['permissionId']}.", drive_reason="notFound")
    return found


def share(service: Service, call: Call) -> Object:
    file = _file(service, call, Role.WRITER)
    kind, role = call.body.get("type"), call.body.get("role")
    if role not in ROLES or kind not in ("user", "group", "domain", "anyone"):
        raise Refusal(400, "The permission type and role fields are required.", drive_reason="required")
    if role == "owner":
        raise Refusal(403, "Ownership cannot be given here.", drive_reason="forbidden")
    email = call.body.get("emailAddress")
    if kind in ("user", "group") and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email or ""):
        raise Refusal(
            400, f"The specified emailAddress is invalid or not applicable: {email}", drive_reason="invalid"
        )
    entry = service.grant(file, role, email if kind in ("user", "group") else None)
    return _shown_permission(entry, call)


def change_permission(service: Service, call: Call) -> Object:
    file = _file(service, call, Role.WRITER)
    held = _held(file, call)
    changed = {**held, "role": call.body.get("role") or held["role"]}
    file.permissions[held["id"]] = changed
    return _shown_permission(changed, call)


def unshare(service: Service, call: Call) -> None:
    file = _file(service, call, Role.WRITER)
    held = _held(file, call)
    if held["role"] == "owner":
        raise Refusal(403, "The owner of a file cannot be removed.", drive_reason="cannotRemoveOwner")
    del file.permissions[held["id"]]


def about(service: Service, call: Call) -> Object:
    """Say who calls, and how much storage they have: a service account none."""
    fields = call.query.get("fields")
    if not fields:
        raise Refusal(400, "The 'fields' parameter is required for this method.", drive_reason="required")
    limit = "0" if call.user in service.tokens.robots else str(15 * 2**30)
    user = {"kind": "drive#user", "emailAddress": call.user, "me": True}
    full = {"kind": "drive#about", "user": user, "storageQuota": {"limit": limit, "usage": "0"}}
    result = masked(full, parse_mask(fields))
    return result if isinstance(result, dict) else {}


def new_file_id() -> str:
    """Return an id of the length and letters of the service's."""
    return "1" + secrets.token_urlsafe(33)[:43]


METHODS: dict[str, Callable[[Service, Call], Object | str | None]] = {
    "drive.about.get": about,
    "drive.files.get": get,
    "drive.files.list": listing,
    "drive.files.create": create,
    "drive.files.copy": copy,
    "drive.files.update": update,
    "drive.files.delete": delete,
    "drive.files.export": export,
    "drive.comments.list": comments,
    "drive.permissions.list": permissions,
    "drive.permissions.get": permission,
    "drive.permissions.create": share,
    "drive.permissions.update": change_permission,
    "drive.permissions.delete": unshare,
}
