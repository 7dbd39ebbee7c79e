"""Words that say something about an option or a prompt whatever it is about, by language."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from civicquiz.authoring.markdown import flow

__all__ = ["ABSOLUTE", "ALL_OR_NONE", "COUNTED", "HEDGE", "NEGATIVE", "content_words", "has", "occurrences", "visible"]

#: Words that leave no exception: most statements with one of them are false, and students know it.
ABSOLUTE = {
    "en": "always never only every everyone everybody everything all any anyone anybody anything must no none nobody "
    "nothing nowhere entirely completely totally impossible cannot exactly wholly solely automatically",
    "es": "siempre nunca jamás solo sólo solamente únicamente todo toda todos todas cualquier cualquiera debe deben "
    "ningún ninguna ninguno nadie nada completamente totalmente enteramente imposible exactamente automáticamente",
}
#: Words that leave room: most statements with one of them are true.
HEDGE = {
    "en": "may might can could some sometimes often usually generally mostly many most likely probably perhaps about "
    "almost partly tends typically rarely seldom few several",
    "es": "puede pueden podría podrían algunos algunas algún alguna veces menudo suele suelen generalmente muchos "
    "muchas mayoría probablemente quizá quizás casi aproximadamente parcialmente rara pocos pocas varios varias",
}
#: Words that turn a question around.
NEGATIVE = {
    "en": "not except least never cannot isn't aren't doesn't don't didn't leaves",
    "es": "no excepto salvo menos nunca falta",
}
#: Options that are about the other options.
ALL_OR_NONE = {
    "en": r"\b(all|none|both|neither|some|any) of (the|these|them)\b.*\b(above|below|these|answers|options|choices)?",
    "es": r"\b(todas|todos|ninguna|ninguno) (de )?(las|los|ellas|ellos|estas|estos)?\s*"
    r"(anteriores|respuestas|opciones)\b",
}
#: What says how many options are right.
COUNTED = {
    "en": r"\b(one|two|three|four|five|six|[1-6])\b(?: \w+){0,2} (?:are|is) (?:right|correct|true)\b"
    r"|\b(?:there are|choose|select|pick|mark|find|look for)(?: the)? (two|three|four|five|six|[2-6])\b"
    r"|\b(two|three|four|five|six|[2-6]) (?:of (?:them|the|these)|answers|options|phrases|right|correct|true)\b",
    "es": r"\b(?:son|hay|elige|marca|busca|selecciona)(?: las| los)? (dos|tres|cuatro|cinco|seis|[2-6])\b"
    r"|\b(dos|tres|cuatro|cinco|seis|[2-6]) (?:de (?:ellas|ellos|las|los|estas|estos)|respuestas|opciones|frases"
    r"|correctas)\b",
}
#: Words that carry no content: they may be anywhere.
_SMALL = {
    "en": "a an and are as at be been but by do does for from had has have he her his how if in into is it its of on "
    "or she so than that the their them there these they this those to was were what when where which who whom whose "
    "why will with would you your one two according",
    "es": "a al algo ante como con cual cuál cuáles de del desde dice donde el ella en entre era es esa ese esta este "
    "estos fue ha había hay la las le les lo los más me mi muy ni o otra otro para pero por porque que qué quien quién "
    "se según ser si sin sobre son su sus también te tiene tu un una uno unos y ya",
}


@lru_cache(maxsize=20_000)
def visible(text: str) -> str:
    """The words that a reader sees of some Markdown."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", flow(text))).split())


@cache
def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower().replace("’", "'"))


def _listed(lists: dict[str, str], language: str) -> frozenset[str]:
    """The words of a list in a language; none if the list is not in it."""
    return _words(lists.get(language.partition("-")[0], ""))


def has(lists: dict[str, str], language: str, text: str) -> list[str]:
    """The words of a list that are in a text."""
    known = _listed(lists, language)
    return [word for word in _split(text) if word in known]


def occurrences(patterns: dict[str, str], language: str, text: str) -> list[str]:
    """What a pattern finds in a text; nothing if it is not for that language."""
    pattern = patterns.get(language.partition("-")[0])
    return [found[0] for found in re.finditer(pattern, text, re.IGNORECASE)] if pattern else []


@lru_cache(maxsize=20_000)
def content_words(text: str, language: str) -> frozenset[str]:
    """The words and numbers of a text that say what it is about, without their usual endings."""
    small = _listed(_SMALL, language)
    words = [*(word for word in _split(text) if word not in small), *re.findall(r"\d[\d.,]*", text)]
    return frozenset(map(_stem, _without_accents(words)))


def _without_accents(words: Iterable[str]) -> list[str]:
    return [unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode() or word for word in words]


def _stem(word: str) -> str:
    """A word without the endings of plurals and tenses, so that "laws" is "law"; only for comparing."""
    for ending in ("ings", "ing", "edly", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
