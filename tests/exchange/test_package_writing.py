"""Packages for other programs: zip files with a manifest's files in order, and pictures as files."""

from __future__ import annotations

import io
import zipfile

from civicquiz.authoring import markdown
from civicquiz.exchange.package_writing import PackagedPictures, zip_bytes

PNG = "data:image/png;base64,iVBORw0KGgo="


def test_the_same_files_give_the_same_bytes_in_the_order_given() -> None:
    files: dict[str, bytes | str] = {"imsmanifest.xml": "<manifest>é</manifest>", "a/b.bin": b"\x00\x01"}
    made = zip_bytes(files)
    assert made == zip_bytes(files)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["imsmanifest.xml", "a/b.bin"]
        assert archive.read("imsmanifest.xml").decode() == "<manifest>é</manifest>"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pictures_that_html_shows_become_files_with_names_made_of_their_content() -> None:
    pictures = PackagedPictures({"one.png": PNG, "unused.png": PNG.replace("go=", "gp=")}, "$BASE$/")
    html = markdown.render("![a map](one.png)", pictures.images)
    assert pictures.used_in("a map") == ()
    (used,) = pictures.used_in(html + html)
    assert pictures.files == {}
    assert html != pictures.placed(html)
    ((path, content),) = pictures.files.items()
    assert path == used
    assert f'src="$BASE$/{path}"' in pictures.placed(html)
    assert path.startswith("images/")
    assert path.endswith(".png")
    assert content == b"\x89PNG\r\n\x1a\n"
    flat = PackagedPictures({"one.png": PNG}, in_folder=False)
    assert f'src="{path.removeprefix("images/")}"' in flat.placed(html)
    assert flat.files == {path.removeprefix("images/"): content}
