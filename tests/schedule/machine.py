"""A machine with the schedulers' programs: small ones that keep what they are told, as the real ones do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

#: Keeps one crontab in a file: -l lists it, - takes it from stdin, -r removes it.
_CRONTAB = """\
#!/bin/sh
tab="{folder}/crontab.txt"
case "$1" in
  -l) if [ -f "$tab" ]; then cat "$tab"; else echo "no crontab for me" >&2; exit 1; fi ;;
  -r) rm -f "$tab" ;;
  -) cat > "$tab" ;;
esac
"""

#: Follows the units that are enabled by their links, as systemd does, and refuses one that is not there.
_SYSTEMCTL = """\
#!/bin/sh
echo "$*" >> "{folder}/systemctl.txt"
units="$XDG_CONFIG_HOME/systemd/user"
for last in "$@"; do :; done
link="$units/timers.target.wants/$last"
case "$2" in
  enable) [ -f "$units/$last" ] || {{ echo "Unit $last does not exist." >&2; exit 1; }}
    mkdir -p "$units/timers.target.wants"; ln -sf "$units/$last" "$link" ;;
  disable) rm -f "$link" ;;
  is-active) [ -L "$link" ] ;;
esac
"""


#: Knows the agents that were loaded and not unloaded, by their label, as launchd does.
_LAUNCHCTL = """\
#!/bin/sh
loaded="{folder}/loaded.txt"
case "$1" in
  bootstrap) [ -f "$3" ] && [ ! -f "$loaded" ] || exit 5; cat "$3" > "$loaded" ;;
  bootout) [ -f "$loaded" ] || exit 3; rm "$loaded" ;;
  print) [ -f "$loaded" ] ;;
esac
"""

#: Keeps one task as it was handed over, as the Task Scheduler does.
_SCHTASKS = """\
#!/bin/sh
task="{folder}/task.xml"
case "$1" in
  /Create) cat "$5" > "$task" ;;
  /Query) [ -f "$task" ] ;;
  /Delete) rm "$task" ;;
esac
"""

_PROGRAMS = {
    "crontab": _CRONTAB,
    "systemctl": _SYSTEMCTL,
    "launchctl": _LAUNCHCTL,
    "schtasks": _SCHTASKS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where the programs keep what they are told."""

    folder: Path

    @property
    def crontab(self) -> str | None:
        """The crontab, if there is one."""
        path = self.folder / "crontab.txt"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def type_crontab(self, text: str) -> None:
        """Let a person have a crontab of their own."""
        (self.folder / "crontab.txt").write_text(text, encoding="utf-8")

    @property
    def units(self) -> list[str]:
        """What stands in the folder of the user's units."""
        units = self.folder / "config" / "systemd" / "user"
        return sorted(str(path.relative_to(units)) for path in units.rglob("*") if not path.is_dir())


def machine(folder: Path, patch: pytest.MonkeyPatch, *programs: str) -> Machine:
    """Return a machine that has these programs and no other scheduler."""
    bin_folder = folder / "bin"
    bin_folder.mkdir(parents=True)
    for name in programs:
        (bin_folder / name).write_text(_PROGRAMS[name].format(folder=folder), encoding="utf-8")
        (bin_folder / name).chmod(0o755)
    for name in ("sh", "cat", "rm", "ln", "mkdir", "echo"):
        (bin_folder / name).symlink_to(_real(name))
    patch.setenv("PATH", str(bin_folder))
    patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    patch.setenv("XDG_DATA_HOME", str(folder / "data"))
    return Machine(folder=folder)


def _real(name: str) -> Path:
    return next(path for each in os.defpath.split(os.pathsep) if (path := Path(each) / name).exists())
