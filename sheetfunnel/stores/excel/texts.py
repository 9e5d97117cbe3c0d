"""The texts of an XML part, read as it is unpacked: what its elements say, and what their attributes say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from sheetfunnel.stores.excel.xml_spans import parser
from sheetfunnel.values import value

#: Elements whose text is one, in however many pieces its formats cut it.
_WHOLE: Final = frozenset({"si", "c", "comment", "threadedComment", "definedName", "p"})
#: Elements within them whose texts stand apart: a formula and its value.
_APART: Final = frozenset({"f", "v"})


@value
class Found:
    """A text: the element that says it, with its attributes; ``index`` counts shared texts from 0."""

    element: str
    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    index: int = -1


class TextWatch:
    """Listens to expat reading a part, and gathers its texts."""

    def __init__(self) -> None:
        self._parser = parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._whole = 0
        self._index = -1
        self._ready: list[Found] = []

    def read(self, piece: bytes) -> list[Found]:
        """Read on, and return the texts that ended; no bytes mean the end of the part.

        Raises:
            ExpatError: it is not well-formed.

        """
        self._parser.Parse(piece, not piece)
        ready, self._ready = self._ready, []
        return ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self._whole += local in _WHOLE
        self._index += local == "si"
        self._open.append((local, attributes, []))
        if local != "c":  # its attributes are an address, a style and a type
            self._ready += [
                Found(element=local, text=text, attributes=attributes) for text in attributes.values() if text
            ]

    def _text(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _end(self, _name: str) -> None:
        local, attributes, texts = self._open.pop()
        self._whole -= local in _WHOLE
        text = "".join(texts)
        if self._whole and self._open:
            self._open[-1][2].append(f"{text}\n" if local in _APART else text)
        elif text and not text.isspace():
            self._ready.append(Found(element=local, text=text, attributes=attributes, index=self._index))
