"""What the program says about a workbook, as codes and parameters.

Sentences live in the catalogues under ``templates/locales`` (message id ``say.<code>``), so that the
same remark can be said in the language of each workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TypeAlias

from sheetfunnel.values import Named, value


class Code(StrEnum):
    """Every sentence that the program can say; the parameters stand behind each."""

    # What to do next, from the first condition that does not hold (funnel)
    DO_WRITE_NEED = "do_write_need"
    DO_REACH_INFLUENCE = "do_reach_influence"
    DO_CONFIRM_FIT = "do_confirm_fit"
    DO_IDENTIFY = "do_identify"  # roles, count: of them
    DO_COVER = "do_cover"  # names
    DO_SETTLE = "do_settle"  # points
    DO_AGREE_DATE = "do_agree_date"
    DO_TOO_FAR = "do_too_far"
    DO_NEW_DATE = "do_new_date"
    DO_CLOSE = "do_close"
    DO_OWN = "do_own"  # step
    DO_OWN_OVERDUE = "do_own_overdue"  # step
    DO_LET_GO = "do_let_go"

    # Why a row stands where it stands (funnel)
    WHY_ENDED = "why_ended"  # outcome
    WHY_REASON = "why_reason"  # reason
    WHY_UNIVERSE = "why_universe"
    WHY_NOT_CONTACTED = "why_not_contacted"
    WHY_NOT_CONFIRMED = "why_not_confirmed"
    WHY_NEITHER = "why_neither"
    WHY_IN = "why_in"
    WHY_BEST_FEW = "why_best_few"  # on
    WHY_UNKNOWN_ROLES = "why_unknown_roles"  # roles, count: of them
    WHY_NOT_COVERED = "why_not_covered"  # people: tuple of PERSON_IN_ROLES
    WHY_NOBODY_DECIDES = "why_nobody_decides"
    PERSON_IN_ROLES = "person_in_roles"  # name, roles
    WHY_OPEN_POINTS = "why_open_points"
    WHY_NO_DATE = "why_no_date"
    WHY_DATE_PAST = "why_date_past"  # on
    WHY_TOO_FAR = "why_too_far"  # on
    WHY_NO_COACH = "why_no_coach"
    WHY_COACH_NOT_COVERED = "why_coach_not_covered"  # names
    WHY_YOURS = "why_yours"  # stage, evidence, because: a remark
    WHY_CLEAR_MY_STAGE = "why_clear_my_stage"  # evidence
    WHY_CLOSES_ON = "why_closes_on"  # on
    WHY_NOT_BEST_FEW = "why_not_best_few"  # missing: a remark
    WHY_ONLY_THE_DATE = "why_only_the_date"  # missing: a remark
    WHY_FIT = "why_fit"  # letter, score
    WHY_FIT_UNKNOWN = "why_fit_unknown"
    WHY_MUST_FAILED = "why_must_failed"  # criterion
    WHY_ASK_ABOUT = "why_ask_about"  # criterion
    WHY_LET_GO = "why_let_go"  # score, line
    WHY_PAUSED = "why_paused"  # until
    WHY_AND = "why_and"  # first, then: remarks
    FIT_STRONGEST = "fit_strongest"  # criterion, count: points
    FIT_WEAKEST = "fit_weakest"  # criterion, count: points

    # Criteria of the ideal client, normal cycles, hours (funnel)
    CRITERION_WEIGHT = "criterion_weight"
    CRITERION_NO_COLUMN = "criterion_no_column"
    CRITERION_IDEAL_EMPTY = "criterion_ideal_empty"
    CRITERION_IDEAL_DATE = "criterion_ideal_date"
    CRITERION_IDEAL_UNREADABLE = "criterion_ideal_unreadable"
    TRAIT_UNREADABLE = "trait_unreadable"  # shown, criterion
    CYCLE_AGREEMENTS = "cycle_agreements"  # count
    CYCLE_AGREEMENTS_AND_TYPED = "cycle_agreements_and_typed"  # count, typed
    CYCLE_TYPED = "cycle_typed"
    CYCLE_ASSUMED = "cycle_assumed"
    LEFT_OUT_NO_FIRST_CONTACT = "left_out_no_first_contact"  # count
    LEFT_OUT_NOT_YET_BEGUN = "left_out_not_yet_begun"  # count
    LEFT_OUT_NO_CLOSING_DATE = "left_out_no_closing_date"  # count
    LEFT_OUT_CLOSED_BEFORE_BEGUN = "left_out_closed_before_begun"  # count
    HOURS_OWN_SHARES = "hours_own_shares"
    HOURS_EXPLORING = "hours_exploring"  # count: hours
    HOURS_UNKNOWN = "hours_unknown"
    HOURS_NO_OWNER = "hours_no_owner"

    # What closed sales say of the ideal client (funnel)
    LEARN_TOO_FEW = "learn_too_few"  # count, needed, each
    LEARN_NOTHING_WRITTEN = "learn_nothing_written"
    LEARN_NO_PATTERN = "learn_no_pattern"  # count
    CRITERION_EVIDENCE = "criterion_evidence"  # have, count: best clients; others_have, others
    COLUMN_FILLED_AFTER = "column_filled_after"  # column
    COLUMN_FILLED_BY_OUTCOME = "column_filled_by_outcome"  # column
    COLUMN_TELLS_OUTCOME = "column_tells_outcome"  # column

    # What is ahead, and what stands in its way (funnel)
    FORECAST_TOO_LITTLE = "forecast_too_little"  # count, won, needed, needed_won
    FORECAST_WEAK = "forecast_weak"  # count: agreements
    FORECAST_TRIED = "forecast_tried"  # count: forecasts, error: per cent, held
    FORECAST_SCORE = "forecast_score"  # count: forecasts, error: per cent, held
    DIP_SEEN = "dip_seen"  # first, last, amount: the median, target, missing
    DIP_FILL = "dip_fill"  # count: new objectives a week
    DIP_RAISE_EXPLORING = "dip_raise_exploring"  # count: points of the week's share
    DIP_TOO_NEAR = "dip_too_near"
    DRY_TOP = "dry_top"  # count: objectives Above, needed, days
    JAMMED_MIDDLE = "jammed_middle"  # count: of them, all, names
    PREMATURE_BY_HAND = "premature_by_hand"  # names
    PREMATURE_MOVED = "premature_moved"  # names
    REMEDY_EXPLORE = "remedy_explore"  # count: objectives Above
    REMEDY_DECIDE = "remedy_decide"
    REMEDY_EVIDENCE = "remedy_evidence"
    REMEDY_ASK_DATE = "remedy_ask_date"
    AND_MORE = "and_more"  # count

    # Cells and rows that could not be read (workbook)
    NOT_A_DATE = "not_a_date"  # shown
    AMBIGUOUS_DATE = "ambiguous_date"  # shown, day_first, month_first
    NOT_A_NUMBER = "not_a_number"  # shown
    IMPOSSIBLE_DATE = "impossible_date"  # shown
    AMBIGUOUS_NUMBER = "ambiguous_number"  # shown, point, comma
    OTHER_CURRENCY = "other_currency"  # shown, currency
    NOT_YES_OR_NO = "not_yes_or_no"  # shown
    NOT_A_RATING = "not_a_rating"  # shown
    NOT_AN_OUTCOME = "not_an_outcome"  # shown
    NOT_A_STAGE = "not_a_stage"  # shown

    # Rows, Settings and the program's own cells (workbook)
    CELLS_NOT_READ = "cells_not_read"  # count
    CELL_ERROR = "cell_error"  # shown
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    NO_CLIENT = "no_client"
    SAME_KEY = "same_key"  # rows
    SAME_ID = "same_id"  # rows, shown
    NO_OWNER = "no_owner"  # count
    OWNER_NOT_LISTED = "owner_not_listed"  # name
    SERVICE_NOT_LISTED = "service_not_listed"  # name
    TYPED_OVER_RESULT = "typed_over_result"  # column
    LOOK_UP_GONE = "look_up_gone"  # column
    HISTORY_BLOCKED = "history_blocked"
    TABLE_BLOCKED = "table_blocked"  # count
    CRITERION_COLUMN = "criterion_column"  # name, column
    SETTING_PERCENT = "setting_percent"  # setting
    SETTING_FLOOR = "setting_floor"  # setting
    SHARES_NOT_100 = "shares_not_100"  # name
    CYCLE_NOT_DAYS = "cycle_not_days"  # name

    # Tables of other people (tables, adopt)
    GUESSED_ENCODING = "guessed_encoding"
    RAGGED_ROWS = "ragged_rows"  # count, first
    SAME_TARGET = "same_target"  # heading
    RESULT_COLUMN = "result_column"
    NO_SUCH_COLUMN = "no_such_column"
    LEFT_BLANK = "left_blank"  # shown, count

    # What a store has to say about its file
    STALE_LOCK = "stale_lock"  # program, owner, since
    CONFLICT_COPY = "conflict_copy"  # names: of the first, count, file
    HARD_LINK = "hard_link"  # file, count: of its other names
    HISTORY_KEPT = "history_kept"


class Own(Named):
    """The words of a row that a remark may leave room for."""

    NAME = "name"  # of a person whose needs are not known to be met
    GUIDES = "guides"
    CLOSE = "close"
    PAUSED_UNTIL = "paused_until"
    POINTS = "points"
    STEP = "step"
    REASON = "reason"
    LETTER = "letter"
    SCORE = "score"


@value
class Blank:
    """The room that a remark leaves for a row's own word; ``at`` tells several names apart.

    So one remark is said of all rows that stand alike, and only the words are put in for each.
    """

    own: Own
    at: int = 0


Param: TypeAlias = "str | int | Decimal | date | Enum | Remark | Blank | tuple[Param, ...]"


@value
class Remark:
    """One sentence, in no language yet: its code and what it speaks of."""

    code: Code
    params: Mapping[str, Param] = field(default_factory=dict)


def remark(code: Code, **params: Param) -> Remark:
    """Return the remark with these parameters."""
    return Remark(code=code, params=params)


def filled(said: Remark, word: Callable[[Blank], Param]) -> Remark:
    """Return a remark with a row's own words where it leaves room for them."""
    return Remark(code=said.code, params={key: _filled(param, word) for key, param in said.params.items()})


def _filled(param: Param, word: Callable[[Blank], Param]) -> Param:
    if isinstance(param, Blank):
        return word(param)
    if isinstance(param, Remark):
        return filled(param, word)
    return tuple([_filled(each, word) for each in param]) if isinstance(param, tuple) else param


@value
class Finding:
    """Something a person should look at: where it is, what is there, what to do.

    ``tab`` is the title of the tab, ``row`` and ``column`` count from 1 (0: the whole row, or the tab).
    """

    remark: Remark
    tab: str
    row: int = 0
    column: int = 0
    shown: str = ""
