"""Zip files as other programs import them: the same files give the same bytes, and pictures are files of it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from civicquiz.authoring.images import image_file

__all__ = ["PackagedPictures", "file_in_zip", "zip_bytes"]

#: The first date that a zip file can have: that of an export must not be in it.
_DATE = (1980, 1, 1, 0, 0, 0)
#: How hard to compress: more takes longer, and makes such files hardly smaller.
_LEVEL = 1
#: What stands for a picture in HTML until it is known where its file will be. No text can have that in quotes.
_PLACE = re.compile(r'src="data:(?:image|audio|video)/@@(\d+)@@"')


def zip_bytes(files: Mapping[str, bytes | str]) -> bytes:
    """A zip file with ``files``, path -> content, in this order. Texts are written in UTF-8."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, compresslevel=_LEVEL)
    return stream.getvalue()


def file_in_zip(content: bytes, path: str, most: int = 10_000) -> bytes:
    """The start of a file in a zip, at most ``most`` bytes; nothing if there is no such file, or it is not a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(path) as file:
            return file.read(most)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return b""


class PackagedPictures:
    """The images and recordings of a quiz as files of a package.

    Attributes:
        images: name of an image -> what stands for it in HTML, for ``AskedQuestion.images``.
        files: path -> content of those that HTML shows so far.
    """

    def __init__(self, uris: Mapping[str, str], prefix: str = "", *, in_folder: bool = True) -> None:
        """``uris`` is ``Quiz.images``. ``prefix`` goes before the path of a file where HTML refers to it. The files
        are in a folder, unless the package has none.
        """
        self.images: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self._prefix = prefix
        self._found = [image_file(uri) for uri in uris.values()]
        if not in_folder:
            self._found = [(path.rpartition("/")[2], content) for path, content in self._found]
        for number, (name, uri) in enumerate(uris.items()):
            self.images[name] = f"{uri.partition('/')[0]}/@@{number}@@"

    def used_in(self, html: str) -> tuple[str, ...]:
        """The paths of the files that HTML shows, before it is ``placed``."""
        return tuple(dict.fromkeys(self._found[int(number)][0] for number in _PLACE.findall(html)))

    def placed(self, html: str) -> str:
        """HTML with the paths of its pictures, whose files are in the package from now on."""
        return _PLACE.sub(self._source, html) if self._found else html

    def _source(self, found: re.Match[str]) -> str:
        path, content = self._found[int(found[1])]
        self.files[path] = content
        return f'src="{self._prefix}{path}"'
