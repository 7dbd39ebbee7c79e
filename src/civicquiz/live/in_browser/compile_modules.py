"""Runs in the Python of a live site: replaces the source files in the wheels of ``/build``, and in the archive of the
standard library, by compiled ones, if they belong to modules that are needed to show a quiz.

Without that, the browser would compile these modules each time that a lesson is opened. The others stay as they are,
because compiled modules are larger.
"""

import importlib
import os
import py_compile
import re
import sys
import tempfile
import zipfile

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
#: Where modules are: packages, and the standard library.
PLACE = re.compile(r"^.*?/(?:site-packages|python\d+\.zip)/")
#: What ``static/civicquiz-python.mjs`` imports, with everything that this imports.
NEEDED = ("piplite.piplite", "pyodide_kernel", "civicquiz.hosts.widget")
#: Hundreds of languages, of which IPython needs a few; a browser would unpack all of them at each visit.
LANGUAGES = "pygments/lexers/"

for name in NEEDED:
    importlib.import_module(name)
loaded = {PLACE.sub("", getattr(module, "__file__", None) or "") for module in list(sys.modules.values())}


def compiled(source, name):
    """The compiled module."""
    with tempfile.TemporaryDirectory() as folder:
        written, made = os.path.join(folder, "module.py"), os.path.join(folder, "module.pyc")
        with open(written, "wb") as file:
            file.write(source)
        py_compile.compile(written, made, dfile=name, doraise=True, invalidation_mode=UNCHECKED)
        with open(made, "rb") as file:
            return file.read()


for archive in sorted(os.listdir("/build")):
    path = f"/build/{archive}"
    with zipfile.ZipFile(path) as files:
        content = {info: files.read(info) for info in files.infolist() if not info.is_dir()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as files:
        for info, text in content.items():
            name = info.filename
            if name.endswith("/RECORD") or (name.startswith(LANGUAGES) and name not in loaded):
                continue
            if name.endswith(".py") and name in loaded:
                name, text = f"{name}c", compiled(text, name)
            files.writestr(zipfile.ZipInfo(name, info.date_time), text, zipfile.ZIP_DEFLATED, 9)
