"""How a claim is attributed where a question or a page cites it, in the words of a language."""

from __future__ import annotations

from civicquiz.frontend.words import strings
from civicquiz.model.claims import Claim, Seeds, Source

__all__ = ["attribution", "date_in_words", "later_than", "source_in_words", "statement_in_words"]


def attribution(claim: Claim, language: str) -> str:
    """Who says it, in what role, what kind of statement it is, and as of when."""
    speaker = f"{claim.speaker} ({claim.role})" if claim.role else claim.speaker
    statement, date = statement_in_words(claim.statement, language), date_in_words(claim.as_of, language)
    return f"{speaker[0].upper()}{speaker[1:]}: {statement}, {date}"


def later_than(claim: Claim, seeds: Seeds, language: str) -> str:
    """Says that a claim is about something after the course's cutoff date; empty for any other claim."""
    if claim.period != "since" or seeds.cutoff is None:
        return ""
    return strings(language)["claim_since"].format(date=date_in_words(seeds.cutoff, language))


def source_in_words(source: Source, language: str) -> str:
    """A source in one line: author, title, publisher, citation, and date unless they have it already."""
    parts = [source.author, source.title, source.publisher if source.publisher not in source.title else None]
    text = ". ".join(part.rstrip(".") for part in parts if part)
    date = date_in_words(source.date, language) if source.date else ""
    said = f"{source.title} {source.citation or ''}"
    more = ", ".join(part for part in (source.citation, date if date not in said else "") if part)
    return f"{text} ({more})" if more else text


def statement_in_words(statement: str, language: str) -> str:
    """What kind of statement it is, for a reader: ``reported-fact`` -> ``reported fact``."""
    return strings(language)[f"statement_{statement}"]


def date_in_words(date: str, language: str) -> str:
    """A date of the record for a reader: ``2024-11-06`` -> ``November 6, 2024``; a year stays as it is."""
    words = strings(language)
    year, *rest = date.split("-")
    if not rest:
        return year
    month = words["months"].split()[int(rest[0]) - 1]
    if len(rest) == 1:
        return words["date_month"].format(month=month, year=year)
    return words["date_day"].format(month=month, day=int(rest[1]), year=year)
