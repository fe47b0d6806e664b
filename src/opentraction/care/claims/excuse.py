"""When words of a claim are none: denied, asked, or named as wrong in the same sentence.

Meant to err towards flagging: a text that quotes a claim can say so with a mark (see `readers`), a promise cannot
be unsaid.
"""

from __future__ import annotations

import re
from typing import Final

_END: Final = re.compile(r"[.!?][\"')]*(?= |\n|$)|\n")
# "not only cures", "no doubt it heals", "do not wait to be cured", "cannot deny": no denials.
_HOLLOW: Final = (
    r"(?! (?:only|just|merely|simply|surprisingly?|doubt|question|wonder|secret|coincidence|to mention|deny|wait|miss|"
    r"delay|settle|suffer|hesitate|live|worry|give up|fails?|help but|take our)\b)"
)
# "We ask whether it cures" is none; "whether old or young, it cures you" is one.
_ASKING: Final = (
    r"(?:(?:asks?|asked|asking|knows?|known|unknown|decides?|decided|see|sees|seen|sure|unsure|clear|unclear|open|learn|"
    r"learns|tells?|told|tests?|tested|stud(?:y|ies|ied)|compared?|doubts?|doubtful|judges?|checks?|checked|say|says|"
    r"find out|depends? on|question(?: is)?|matter of)(?: \w+){0,2})"
)
_DENIAL: Final = re.compile(
    r"(?<![a-z0-9])(?:"
    rf"(?<!why )(?:not|never|cannot|can ?not|[a-z]+n't){_HOLLOW}"
    r"|no (?:such|one|body|trial|trials|study|studies|proof|evidence|clinic|clinician|doctor|treatment|therapy|table|"
    r"device|machine|page|text|claim|promise|guarantee|basis|data|reason|article|word|cure|miracle|known cure|good)"
    r"|nobody|none|neither|nor|hardly|unlikely|far from|without (?:any )?(?:promise|claim|proof|saying)"
    r"|(?<!never )(?<!not )fail(?:s|ed)? to|instead of saying|rather than"
    r"|ceased to|stop(?:s|ped)? (?:saying|adverts?|advertising)"
    r"|(?:flag|block|refuse|reject|forbid|ban|correct)(?:s|ed|ds?)?|wrong to (?:say|claim)"
    r"|careful with|beware of|wary of"
    r"|(?:un(?:proven|supported|substantiated)|false|misleading|deceptive|empty) (?:claims?|promises?|adverts?|words?)"
    r"|ningun[oa]?|nadie|nunca|jamas|no (?:es|se|puede|pueden|promet\w+|cura|garantiz\w+|decimos|esta)"
    rf"|myths?|is it|{_ASKING} whether"
    r")(?![a-z0-9'])"
)
# A denial reaches no further than its own clause.
_CLAUSE: Final = re.compile(r"[;:]|, | - | but | yet | although | though | because | so | and | while | which | until ")
_SAYING: Final = re.compile(
    r"(?:say|says|said|write|writes|claim|claims|promise|promises|words?|such as|like|use|advertise):$"
)
_LISTED: Final = re.compile(r"\b(?:or|nor)\b")
_AFTER: Final = re.compile(
    r"^[\"']?,? ?(?:(?:(?:claims?|words?|promises?|adverts?|labels?|promise) )?(?:is|are|was|were|has been|have been|"
    r"would be|were all) (?:never |not |a |an )?(?:true|so|possible|real|what |something we|shown|proven|known|"
    r"the same|"
    r"supported|promised|false|wrong|untrue|misleading|unproven|unsupported|unsubstantiated|nonsense|myth|banned|"
    r"forbidden|blocked|flagged|refused|corrected)|(?:does|do|did) not (?:exist|hold)|(?:is|are)n't (?:true|so)"
    r"|[^.;!?\n]{0,60}? (?:is|are|was|were) not (?:shown|known|proven|established|supported|true))"
)
_QUESTION: Final = re.compile(
    r"^[^a-z0-9]*(?:is|are|does|do|did|can|could|will|would|has|have|should|what|how|why|who|which)"
    r" (?!you\b|ready|tired|not\b)"
)
_HEADING: Final = re.compile(r"^[^a-z0-9]*whether (?!you\b)(?!.* or )[^,;:.!]*$")
_REJECTED: Final = re.compile(
    r"\b(?:wrong|false|untrue|misleading|deceptive|unsupported|unproven|unsubstantiated|unfounded|not true|must not|"
    r"never|do not say|don't say|banned|blocked|flag(?:s|ged)?|sanctioned|corrected|no basis|no proof|dangerous)\b"
)


_ATTRIBUTED: Final = re.compile(
    r"\barticles?(?: \d+)?(?: for patients)?(?: \"[^\"]+\")? (?:says?|claims?|tells?|promises?|names?|lists?)\b"
)
_REFUTED: Final = re.compile(r"^ ?(?:no |that is |this is |we say|we do not|nobody|not |it is not|wrong|untrue|false)")


def sentence(text: str, start: int, stop: int) -> tuple[int, int]:
    """Where the sentence around a stretch of folded text begins and ends."""
    begin = 0
    for match in _END.finditer(text, max(0, start - 1000), start):
        begin = match.end()
    after = _END.search(text, stop)
    return begin, after.end() if after else len(text)


def excused(text: str, start: int, stop: int, unless: tuple[re.Pattern[str], ...]) -> bool:
    """Whether the words at [start, stop) of a folded text are denied, asked, rejected or excepted by their rule."""
    begin, end = sentence(text, start, stop)
    whole, before, after = text[begin:end], text[begin:start], text[stop:end]
    return (
        any(pattern.search(whole) for pattern in unless)
        or _denied(before, text[start:stop])
        or _AFTER.match(after) is not None
        or (whole.rstrip("\"') \n").endswith("?") and _QUESTION.match(whole) is not None)
        or _HEADING.match(whole) is not None
        or (_ATTRIBUTED.search(before) is not None and _REFUTED.match(text[end : end + 40]) is not None)
        or (_between_quotes(before, after) and _REJECTED.search(before + " " + after) is not None)
    )


def _denied(before: str, words: str) -> bool:
    """Whether a denial stands before the words, in their own clause."""
    for match in reversed(list(_DENIAL.finditer(before))):
        between = before[match.end() :]
        if not _CLAUSE.search(f"{between} ") or _only_lists(between, words):
            return True
    return False


def _only_lists(between: str, words: str) -> bool:
    """`never say: cure, miracle or guaranteed`: short items with commas, an "or" among them or after a saying verb."""
    head, colon, items = between.rpartition(":")
    if colon and (not _SAYING.search(f"{head}:") or _CLAUSE.search(f"{head} ")):
        return False
    plain = re.sub(r", ", " , ", items)
    parts = [part.split() for part in plain.split(" , ")]
    if any(len(part) > 4 for part in parts) or _CLAUSE.search(f"{items.replace(', ', ' ')} "):
        return False
    return bool(colon) or len(parts) == 1 or bool(_LISTED.search(items + " " + words))


def _between_quotes(before: str, after: str) -> bool:
    """Whether a quotation is open where the words stand and is closed after them."""
    return (before.count('"') % 2 == 1 and '"' in after) or bool(
        re.search(r"(?:^|[ (])'[^']*$", before) and re.match(r"[^']*'(?:[ ,.;:!?)]|$)", after)
    )
