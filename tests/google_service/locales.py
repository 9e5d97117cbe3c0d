"""How a spreadsheet's locale reads and writes numbers and dates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """The marks and the order of a language and country."""

    decimal: str = "."
    group: str = ","
    #: "mdy", "dmy" or "ymd"
    order: str = "mdy"
    date_pattern: str = "M/d/yyyy"
    true: str = "TRUE"
    false: str = "FALSE"
    currency: str = "$"


_DMY_COMMA = {"decimal": ",", "group": ".", "order": "dmy", "date_pattern": "dd/mm/yyyy", "currency": "€"}
_LOCALES = {
    "en_US": Locale(),
    "en_GB": Locale(order="dmy", date_pattern="dd/mm/yyyy", currency="£"),
    "es_ES": Locale(**_DMY_COMMA, true="VERDADERO", false="FALSO"),
    "ca_ES": Locale(**_DMY_COMMA, true="CERT", false="FALS"),
    "it_IT": Locale(**_DMY_COMMA, true="VERO", false="FALSO"),
    "pt_BR": Locale(**{**_DMY_COMMA, "currency": "R$"}, true="VERDADEIRO", false="FALSO"),
    "fr_FR": Locale(**{**_DMY_COMMA, "group": "\u202f"}, true="VRAI", false="FAUX"),
    "de_DE": Locale(**{**_DMY_COMMA, "date_pattern": "dd.mm.yyyy"}, true="WAHR", false="FALSCH"),
    "es_MX": Locale(order="dmy", date_pattern="dd/mm/yyyy"),
    "zh_CN": Locale(order="ymd", date_pattern="yyyy-mm-dd", currency="¥"),
}
_LANGUAGES = {"es": "es_ES", "ca": "ca_ES", "it": "it_IT", "pt": "pt_BR", "fr": "fr_FR", "de": "de_DE"}


def locale_of(name: str) -> Locale:
    """Return the marks of a locale such as es_ES; of its language where the country is not known."""
    if name in _LOCALES:
        return _LOCALES[name]
    return _LOCALES[_LANGUAGES.get(name.partition("_")[0], "en_US")]
