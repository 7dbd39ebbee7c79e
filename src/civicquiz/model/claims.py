"""Claims and sources: the record in ``seeds/`` that every factual sentence and every key rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, TypeAdapter, ValidationError, model_validator

from civicquiz.authoring.author_problems import author_error
from civicquiz.authoring.validation import Id, Line, Model, Number, problems_of
from civicquiz.authoring.wording import did_you_mean
from civicquiz.authoring.yaml_source import YamlSource, read
from civicquiz.errors import Problem, QuizError, display_path

__all__ = [
    "RECORD",
    "Article",
    "Claim",
    "Figure",
    "Seeds",
    "Source",
    "Statement",
    "citation_problem",
    "cited_ids",
    "load_seeds",
]

_ADD_IT = "add it in seeds/"
#: The file that takes the place of those of a folder where reading YAML takes long; see ``Seeds.record``.
RECORD = "seeds.json"

#: What kind of statement a claim is.
Statement = Literal[
    "law", "ruling", "count", "reported-fact", "estimate", "projection", "plan", "opinion", "poll", "derived"
]

#: A year, a month or a day: ``1798``, ``1798-07``, ``1798-07-06``.
Date = Annotated[Line, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]


class Figure(Model):
    """A number and what it counts."""

    value: Number
    unit: Line = Field(description="write what the number counts, for example 'unit: people per year'")


class Source(Model):
    """A public document, cited as its original."""

    id: Id = Field(description="a short name of letters, digits and hyphens")
    title: Line = Field(description="the document's own title")
    publisher: Line = Field(description="who issued it")
    author: Line | None = None
    date: Date | None = Field(None, description="write '1798', '1798-07' or '1798-07-06', in quotes")
    citation: Line | None = Field(None, description="the legal or bibliographic citation")
    url: Annotated[Line, Field(pattern="^https://")] | None = Field(None, description="the original's own address")


class Claim(Model):
    """One checkable statement in our own words, who makes it, and what kind of statement it is."""

    id: Id = Field(description="a short name of letters, digits and hyphens")
    text: Line = Field(description="the statement, in our own words")
    speaker: Line = Field(description="who says so")
    role: Line | None = Field(None, description="in what role the speaker says it")
    statement: Statement = Field(description="what kind of statement it is")
    as_of: Date = Field(description="the date for which it holds: '1798', '1798-07' or '1798-07-06', in quotes")
    period: Literal["then", "since"] = Field("then", description="write 'since' for what came after the 'cutoff'")
    sources: tuple[Id, ...] = Field((), description="ids of sources in seeds/sources.yml")
    locator: Line | None = Field(None, description="where in the source; if there are several, in the first of them")
    paragraph: StrictInt | None = Field(None, ge=0, description="paragraph of the article; 0 for what is above it")
    figures: tuple[Figure, ...] = ()
    derived_from: tuple[Id, ...] = Field((), description="ids of the claims that it follows from")
    working: Line | None = Field(None, description="how it follows")
    verified: StrictBool = Field(True, description="'false' for what must not be cited")
    reason: Line | None = Field(None, description="why it is not verified")

    @model_validator(mode="after")
    def _rests_on_something(self) -> Claim:
        if not self.verified:
            if not self.reason:
                raise author_error("is not verified, but has no reason", "add 'reason: ...'")
        elif self.statement == "derived":
            if not self.derived_from and not self.sources:
                raise author_error("is derived, but from nothing", "add 'derived_from: [...]'")
        elif not self.sources:
            raise author_error("has no source", "add 'sources: [...]', or 'verified: false' with a reason")
        return self


class Reprint(Model):
    """A later copy of the article."""

    publisher: Line
    date: Date


class Article(Model):
    """The text that a course takes apart, if it is about one: where it comes from."""

    title: Line
    publisher: Line
    published: Date
    dateline: Line | None = None
    source: Id
    reprints: tuple[Reprint, ...] = ()
    notes: tuple[Line, ...] = ()


class SeedFile(Model):
    """One file in ``seeds/``."""

    cutoff: Date | None = Field(
        None, description="the date that the course goes up to: '2024', '2024-11' or '2024-11-30', in quotes"
    )
    article: Article | None = None
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    omissions: tuple[Claim, ...] = Field((), description="what the article does not say")
    cautions: tuple[Claim, ...] = Field((), description="where the article needs care")


class Seeds:
    """The record of a course. Get it with :func:`load_seeds`; it is empty for a quiz outside of any course.

    Attributes:
        claims: every claim, by its id.
        sources: every source, by its id.
        cutoff: the date up to which the course goes, such as ``2024-11``; anything later is labeled as later. None if
            the course names no date.
    """

    def __init__(
        self,
        claims: Mapping[str, Claim] | None = None,
        sources: Mapping[str, Source] | None = None,
        stems: Mapping[str, str] | None = None,
        cutoff: str | None = None,
    ) -> None:
        self.claims: Mapping[str, Claim] = claims or {}
        self.sources: Mapping[str, Source] = sources or {}
        self.cutoff = cutoff
        self._stems = stems or {}

    def record(self) -> bytes:
        """What :func:`load_seeds` reads from the file RECORD."""
        return _RECORD.dump_json(_Record(self.claims, self.sources, self._stems, self.cutoff), exclude_defaults=True)

    @classmethod
    def of_record(cls, record: bytes) -> Seeds:
        """The seeds that wrote a :meth:`record`.

        Raises:
            ValidationError: it is something else.
        """
        read = _RECORD.validate_json(record)
        return cls(read.claims, read.sources, read.stems, read.cutoff)

    def stem_of(self, claim_id: str) -> str | None:
        """The name of the file that contains a claim, without its suffix."""
        return self._stems.get(claim_id)

    def of_file(self, stem: str) -> list[Claim]:
        """The claims of the file ``stem``.yml, in the order of the file."""
        return [claim for claim in self.claims.values() if self._stems.get(claim.id) == stem]

    def sources_of(self, claim: Claim) -> list[Source]:
        """The sources of a claim; for a derived claim, those of the claims that it rests on, without repeats."""
        found: dict[str, Source] = {}
        waiting, seen = [claim.id], set()
        while waiting:
            current = waiting.pop(0)
            if current in seen or current not in self.claims:
                continue
            seen.add(current)
            found |= {name: self.sources[name] for name in self.claims[current].sources}
            waiting.extend(self.claims[current].derived_from)
        return list(found.values())


@dataclass(frozen=True)
class _Record:
    claims: Mapping[str, Claim]
    sources: Mapping[str, Source]
    stems: Mapping[str, str]
    cutoff: str | None = None


_RECORD = TypeAdapter(_Record)
_LISTS = ("claims", "omissions", "cautions")


def load_seeds(folder: str | Path) -> Seeds:
    """Read the claims and sources of a course.

    The files are read once, and again only when one of them changes.

    Args:
        folder: the path of the folder with the files, ``seeds/`` in a course. A folder that does not exist holds no
            claims.

    Returns:
        The claims and sources of all ``*.yml`` files in it; if there are none, those of the file ``seeds.json``, which
        ``civicquiz live`` writes.

    Raises:
        QuizError: lists every problem of every file.
    """
    files = sorted(Path(folder).glob("*.yml"))
    record = Path(folder) / RECORD
    is_record = not files and record.is_file()
    stamps = tuple(
        (str(file.resolve()), file.stat().st_mtime_ns, file.stat().st_size)
        for file in ([record] if is_record else files)
    )
    return _load_record(*stamps) if is_record else _load_seeds(stamps)


@lru_cache(maxsize=8)
def _load_record(stamp: tuple[str, int, int]) -> Seeds:
    record = Path(stamp[0])
    try:
        return Seeds.of_record(record.read_bytes())
    except (OSError, ValidationError):
        hint = "build the live site again, or put the files of the course here"
        raise QuizError([Problem(display_path(record), 1, 1, "not what civicquiz writes here", hint)]) from None


@lru_cache(maxsize=8)
def _load_seeds(stamps: tuple[tuple[str, int, int], ...]) -> Seeds:
    problems: list[Problem] = []
    read_files: list[tuple[YamlSource, SeedFile]] = []
    for path, _, _ in stamps:
        try:
            source = read(path)
            read_files.append((source, SeedFile.model_validate(source.value)))
        except QuizError as error:
            problems += error.problems
        except ValidationError as error:
            problems += problems_of(error, SeedFile, source)
    claims: dict[str, Claim] = {}
    sources: dict[str, Source] = {}
    first_uses: dict[str, str] = {}
    stems: dict[str, str] = {}
    for source, file in read_files:
        for path_, entry in _entries(file):
            if entry.id in first_uses:
                message = f"duplicate id '{entry.id}' (first at {first_uses[entry.id]})"
                problems.append(source.problem((*path_, "id"), message, "give one of the two another id"))
            first_uses.setdefault(entry.id, f"{source.path}:{source.positions[path_].line}")
            if isinstance(entry, Claim):
                stems.setdefault(entry.id, Path(source.path).stem)
                claims.setdefault(entry.id, entry)
            else:
                sources.setdefault(entry.id, entry)
    if len(read_files) == len(stamps):  # otherwise an id may be in a file that could not be read
        for source, file in read_files:
            problems += _dangling(source, file, claims, sources)
        problems += _without_date(read_files)
    if problems:
        raise QuizError(problems)
    cutoff = next((file.cutoff for _, file in read_files if file.cutoff), None)
    return Seeds(claims, sources, stems, cutoff)


def _entries(file: SeedFile) -> Iterator[tuple[tuple[str | int, ...], Claim | Source]]:
    for name in ("sources", *_LISTS):
        for position, entry in enumerate(getattr(file, name)):
            yield (name, position), entry


def _dangling(
    source: YamlSource, file: SeedFile, claims: Mapping[str, Claim], sources: Mapping[str, Source]
) -> Iterator[Problem]:
    """Ids that refer to nothing, and derived claims that rest on something unverified."""
    for path, entry in _entries(file):
        if isinstance(entry, Source):
            continue
        for position, name in enumerate(entry.sources):
            if name not in sources:
                yield source.problem(
                    (*path, "sources", position),
                    f"claim '{entry.id}': there is no source '{name}'",
                    did_you_mean(name, sources, _ADD_IT),
                )
        for position, name in enumerate(entry.derived_from):
            problem = citation_problem(name, claims) if entry.verified else None
            if problem:
                message, hint = problem
                yield source.problem((*path, "derived_from", position), f"claim '{entry.id}': {message}", hint)
    if file.article and file.article.source not in sources:
        yield source.problem(("article", "source"), f"there is no source '{file.article.source}'", "add it")


def _without_date(read_files: Sequence[tuple[YamlSource, SeedFile]]) -> Iterator[Problem]:
    """Two cutoffs, or claims from after a cutoff that nobody named."""
    dated = [source for source, file in read_files if file.cutoff]
    for source in dated[1:]:
        yield source.problem(("cutoff",), f"'cutoff' appears in {dated[0].path} too", "delete one of the two")
    for source, file in read_files if not dated else ():
        for path, entry in _entries(file):
            if isinstance(entry, Claim) and entry.period == "since":
                message = f"claim '{entry.id}': 'since' needs a date to come after"
                yield source.problem((*path, "period"), message, "add 'cutoff: ...' to one of the files in seeds/")


def cited_ids(text: str) -> list[str]:
    """The ids in the text of a citation, separated by spaces and each of them once; the text itself if it is blank."""
    return list(dict.fromkeys(text.split())) or [""]


def citation_problem(claim_id: str, claims: Mapping[str, Claim]) -> tuple[str, str] | None:
    """(message, hint) if ``claim_id`` must not be cited, because it does not exist or is not verified."""
    claim = claims.get(claim_id)
    if claim is None:
        verified = [name for name, known in claims.items() if known.verified]
        return f"there is no claim '{claim_id}'", did_you_mean(claim_id, verified, _ADD_IT)
    if not claim.verified:
        return f"claim '{claim_id}' is not verified and cannot be cited", f"not verified because: {claim.reason}"
    return None
