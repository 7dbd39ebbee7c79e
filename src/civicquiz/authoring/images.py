"""The images and recordings of a quiz: files next to it -> data URIs. A recording is written like an image.

A page shows what the author put into the folder of the quiz, and requests nothing from another host. The type of an
image is decided by its content. Its name has to be one of an image, so that nothing else can be passed off as one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import ParseError, XMLParser

from civicquiz.authoring import recordings
from civicquiz.authoring.markdown import pictures
from civicquiz.authoring.recordings import is_recording
from civicquiz.authoring.validation import MAX_CHARACTERS, Model, all_texts, describe, shown_texts
from civicquiz.authoring.wording import excerpt
from civicquiz.authoring.written_paths import path_mistake
from civicquiz.authoring.yaml_source import YamlPath, YamlSource
from civicquiz.errors import Problem

__all__ = [
    "IMAGE_FILE",
    "MAX_BYTES",
    "MAX_TOTAL_BYTES",
    "has_image_name",
    "image_file",
    "images_of",
    "read_images",
    "used_images",
]

#: The most bytes that one image may have, and all images and recordings of a quiz together.
MAX_BYTES = 200_000
MAX_TOTAL_BYTES = 3_000_000

#: Media type -> the ending that a released copy gives to the name of such an image.
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    **recordings.ENDINGS,
}
#: The path of a file of an image or recording in a released copy.
IMAGE_FILE = rf"^images/[0-9a-f]{{16}}\.({'|'.join(_ENDINGS.values())})$"
_NAMES = re.compile(r"\.(png|jpe?g|gif|webp|svg)$", re.IGNORECASE)

_SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}


class _ImageError(Exception):
    """An image cannot be used: what is wrong with it, and what to do. Never raised out of this module."""


def images_of(
    source: YamlSource,
    model: Model | None,
    folder_of: Callable[[YamlPath], Path],
    others: Mapping[str, str] | None = None,
) -> tuple[dict[str, str], list[Problem]]:
    """The images that the texts of ``source`` name.

    Args:
        source: what the author wrote.
        model: the model that ``source`` was validated into. If it is None, because the source has mistakes, every text
            is searched, so that all problems are reported at once.
        folder_of: path of a text -> the folder that the images in it are relative to.
        others: images of the same quiz in other languages, of which none may have the name of a different one.

    Returns (name -> data URI, a problem for every text that names an unusable image).
    """
    # How deep a file can be is bounded already.
    raw = ((path, text.strip()) for path, text in all_texts(source.value) if len(text) <= MAX_CHARACTERS)
    texts = [(path, text) for path, text in raw if "![" in text]
    if texts and model is not None:
        texts = [(path, text) for path, text, shown in shown_texts(model) if shown.markdown]
    named = [(path, folder_of(path), name) for path, text in texts for name, _ in pictures(text)]
    images: dict[str, str] = {}
    mistakes: dict[tuple[Path, str], tuple[str, str]] = {}
    for folder in dict.fromkeys(folder for _, folder, _ in named):
        names = [name for _, base, name in named if base == folder]
        used = sum(len(image_file(uri)[1]) for uri in images.values())
        found, unusable = read_images(folder, names, getattr(model, "image_files", {}), used=used)
        for name, uri in found.items():
            if ({**(others or {}), **images}).get(name, uri) != uri:
                message = f"the image '{excerpt(name)}' has the same name as a different one in the quiz"
                unusable[name] = (message, _RENAME)
        images |= {name: uri for name, uri in found.items() if name not in unusable}
        mistakes |= {(folder, name): mistake for name, mistake in unusable.items()}
    problems = []
    for path, folder, name in named:
        if (folder, name) in mistakes:
            subject, inner = describe(path, source)
            message, hint = mistakes[folder, name]
            problems.append(source.problem(path, f"{subject}{inner}: {message}", hint))
    return images, problems


_RENAME = "rename one of the two: they are next to different files that the quiz is made of"


def has_image_name(name: str) -> bool:
    """Whether a file has the name of an image or a recording."""
    return _NAMES.search(name) is not None or is_recording(name)


def used_images(model: Model) -> list[str]:
    """The names of the images in the texts of ``model``, each once, in order."""
    texts = (text for _, text, shown in shown_texts(model) if shown.markdown)
    return list(dict.fromkeys(name for text in texts for name, _ in pictures(text)))


def image_file(uri: str) -> tuple[str, bytes]:
    """(path, content) of the file of an image in a released copy; ``uri`` is its data URI. No part of the path comes
    from the author.
    """
    head, _, encoded = uri.partition(",")
    content = base64.b64decode(encoded)
    ending = _ENDINGS[head.removeprefix("data:").removesuffix(";base64")]
    return f"images/{hashlib.sha256(content).hexdigest()[:16]}.{ending}", content


def read_images(
    folder: Path, names: Iterable[str], files: Mapping[str, str] | None = None, *, used: int = 0
) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The images ``names``, which are relative to ``folder``, as are ``files``: name -> path of its file, where that is
    another one. ``used`` is how many bytes the other images of the quiz have.

    Returns (name -> data URI, name -> message and hint for those that cannot be used). Each name is in one of the two.
    """
    images: dict[str, str] = {}
    mistakes: dict[str, tuple[str, str]] = {}
    total = used
    for name in dict.fromkeys(names):
        try:
            path = (files or {}).get(name, name)
            _check_name(path)
            content = _content(folder, path)
            media_type = _media_type(content) if not is_recording(path) else _type_of_recording(content)
            if total + len(content) > MAX_TOTAL_BYTES:
                what = f"makes the images and recordings of the quiz larger than {_kilobytes(MAX_TOTAL_BYTES)} together"
                raise _ImageError(what, "use smaller ones, or fewer")
        except _ImageError as refused:
            what, hint = refused.args
            mistakes[name] = (f"the {'recording' if is_recording(name) else 'image'} '{excerpt(name)}' {what}", hint)
        else:
            total += len(content)
            images[name] = f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
    return images, mistakes


def _kilobytes(size: int) -> str:
    return f"{-(-size // 1000)} kB"


# ---- The file ----

_OUTSIDE = "is not in the folder of the quiz"
_OUTSIDE_HINT = "put it in that folder or a folder inside it, and write the path from there"


def _check_name(name: str) -> None:
    """Refuse a name that is not the path of a file below some folder."""
    if not name:
        raise _ImageError("has no file name", "write it in the parentheses: ![what it shows](poll.png)")
    if mistake := path_mistake(name):
        raise _ImageError(*mistake)
    if name.startswith("/") or ".." in name.split("/"):
        raise _ImageError(_OUTSIDE, _OUTSIDE_HINT)
    if not has_image_name(name):
        hint = "save it under a name that ends in .png, .jpg, .gif, .webp or .svg, or, if it is a sound, in .mp3"
        raise _ImageError("does not have the name of an image or a recording", hint)


def _content(folder: Path, name: str) -> bytes:
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder.resolve(strict=True)):
            raise _ImageError(_OUTSIDE, _OUTSIDE_HINT)  # a symbolic link leads somewhere else
        if not path.is_file():
            raise _ImageError("is not a file", "write the path of a file")
        size, limit = path.stat().st_size, MAX_BYTES
        hint = "save it with fewer pixels, or, if it is a photograph, as JPEG"
        if is_recording(name):
            limit, hint = (
                recordings.MAX_BYTES,
                "cut it, or save it with fewer bits per second (64 kbit/s for speech)",
            )
        if size > limit:
            raise _ImageError(f"is too large: {_kilobytes(size)}, where {_kilobytes(limit)} is the limit", hint)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _ImageError(
            "does not exist", "write its path from the folder of the quiz; upper and lower case matter"
        ) from None
    except (OSError, RuntimeError, ValueError) as error:  # such as no permission, a loop of links, a NUL in the name
        reason = (getattr(error, "strerror", None) or "the path is not valid").lower()
        raise _ImageError(f"cannot be read: {reason}", "check the file") from None


# ---- The type of image ----


def _is_whole_png(content: bytes) -> bool:
    """Whether the last chunk ends a PNG (PNG specification, section 5.3)."""
    position = 8
    while position + 12 <= len(content):
        size, name = int.from_bytes(content[position : position + 4], "big"), content[position + 4 : position + 8]
        position += size + 12
        if name == b"IEND":
            return position == len(content)
    return False


def _is_whole_gif(content: bytes) -> bool:
    """Whether the trailer ends a GIF (GIF89a specification, sections 18 to 27)."""

    def after_table(position: int, flags: int) -> int:
        return position + (3 << (flags & 7) + 1 if flags & 0x80 else 0)

    if len(content) < 13:
        return False
    position = after_table(13, content[10])
    while position < len(content) - 1:
        if content[position] == 0x2C and position + 10 < len(content):
            position = after_table(position + 10, content[position + 9]) + 1
        elif content[position] == 0x21:
            position += 2
        else:
            return False
        while position < len(content) and content[position]:  # blocks, each with its size
            position += content[position] + 1
        position += 1
    return content[position:] == b";"


def _is_whole_jpeg(content: bytes) -> bool:
    """Whether a JPEG ends with its last marker (ITU-T T.81, annex B)."""
    return content.endswith(b"\xff\xd9")


def _is_whole_webp(content: bytes) -> bool:
    """Whether a WebP is as long as it says (RFC 9649, section 2.4)."""
    return int.from_bytes(content[4:8], "little") + 8 == len(content)


_IS_WHOLE = {
    "image/png": _is_whole_png,
    "image/jpeg": _is_whole_jpeg,
    "image/gif": _is_whole_gif,
    "image/webp": _is_whole_webp,
}


def _type_of_recording(content: bytes) -> str:
    """The media type of a recording."""
    media_type = recordings.media_type(content)
    if media_type is None:
        what = "is not a recording that browsers can play"
        raise _ImageError(what, "what counts is its content, not its name: save a sound as MP3, and a video as MP4")
    return media_type


def _media_type(content: bytes) -> str:
    """The media type of an image."""
    for media_type, signature in _SIGNATURES.items():
        if signature.match(content):
            if not _IS_WHOLE[media_type](content):
                what = f"is not a whole {media_type[6:].upper()} image: it is cut off, or something follows it"
                raise _ImageError(what, "save it again with a program for images")
            return media_type
    try:
        parser = XMLParser(target=_Svg())
        parser.feed(content)
        parser.close()
    except (ParseError, ValueError, LookupError):  # the latter two for an encoding that does not exist
        what = "is not a PNG, JPEG, GIF, WebP or well-formed SVG image"
        raise _ImageError(what, "what counts is its content, not its name: save it as PNG, for example") from None
    return "image/svg+xml"


#: Anything that fetches a resource, in a style or in an attribute for a paint or a filter; ``url(#name)`` does not.
_FETCHES = re.compile(r"(?:url|src)\(\s*+['\"]?+(?!#)|image(?:-set)?\(|@import", re.IGNORECASE)

_INSIDE = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp);)")


class _Svg:
    """Target of an XML parser: refuses anything that is not an SVG picture, or is more than a picture.

    An image element runs no scripts in a picture and fetches nothing for it. If the file is opened by itself, a browser
    does both.
    """

    def __init__(self) -> None:
        self._root = True
        self._open_styles = 0
        self._style = ""

    def doctype(self, *_: object) -> None:
        self._refuse("a DOCTYPE")  # the only place where entities can be made

    def pi(self, target: str, _: object = None) -> None:
        if target == "xml-stylesheet":
            self._refuse("a reference to another file")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._root and tag != "{http://www.w3.org/2000/svg}svg":
            raise ValueError(tag)
        self._root = False
        name = _local(tag)
        if name == "script":
            self._refuse("a script")
        if name == "foreignobject" or tag.startswith("{http://www.w3.org/1999/xhtml}"):
            self._refuse("HTML")
        self._open_styles += name == "style"
        for key, value in attributes.items():
            self._attribute(_local(key), value)

    def _attribute(self, name: str, value: str) -> None:
        if name.startswith("on"):
            self._refuse(f"a script ('{excerpt(name)}')")
        refers = name in ("href", "src") and not _INSIDE.match(value)
        changes = name == "attributename" and value.strip().lower().endswith("href")
        if refers or changes or name == "base" or name == "ping" or _FETCHES.search(value) or "\\" in value:
            self._refuse("a reference to another file")

    def data(self, text: str) -> None:
        if self._open_styles:
            self._style += text

    def end(self, tag: str) -> None:
        self._open_styles -= _local(tag) == "style"

    def close(self) -> None:
        if _FETCHES.search(self._style) or "\\" in self._style:  # a backslash could hide part of a name
            self._refuse("a reference to another file")

    @staticmethod
    def _refuse(what: str) -> None:
        raise _ImageError(f"is an SVG with {what}, which is not allowed", "delete that part, or save the image as PNG")


def _local(name: str) -> str:
    """A name without its namespace, in lower case."""
    return name.rpartition("}")[2].lower()
