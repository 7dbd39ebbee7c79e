"""Runs in the Python of a live site: replaces the source files in the wheels of ``/build`` by compiled ones, if they
belong to modules that are needed to show a quiz.

Without that, the browser would compile these modules each time that a lesson is opened. The others stay as they are,
because compiled modules are larger.
"""

import importlib
import os
import py_compile
import sys
import tempfile
import zipfile

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
SITE = "/site-packages/"
#: What the kernel and the first cell with a quiz import, with everything that this imports.
NEEDED = (
    "IPython.core.completer",
    "IPython.core.interactiveshell",
    "IPython.core.shellapp",
    "civicquiz.hosts.widget",
    "jedi",
    "micropip",
    "piplite.piplite",
)
#: The kernel imports the rest of it at its start; it cannot run here.
KERNEL = "pyodide_kernel/"

for name in NEEDED:
    importlib.import_module(name)
loaded = {
    file.partition(SITE)[2]
    for module in list(sys.modules.values())
    if SITE in (file := getattr(module, "__file__", None) or "")
}


def compiled(source, name):
    """The compiled module."""
    with tempfile.TemporaryDirectory() as folder:
        written, made = os.path.join(folder, "module.py"), os.path.join(folder, "module.pyc")
        with open(written, "wb") as file:
            file.write(source)
        py_compile.compile(written, made, dfile=name, doraise=True, invalidation_mode=UNCHECKED)
        with open(made, "rb") as file:
            return file.read()


for wheel in sorted(os.listdir("/build")):
    path = f"/build/{wheel}"
    with zipfile.ZipFile(path) as files:
        content = {info: files.read(info) for info in files.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as files:
        for info, text in content.items():
            name = info.filename
            if name.endswith("/RECORD"):
                continue
            if name.endswith(".py") and (name in loaded or name.startswith(KERNEL)):
                name, text = f"{name}c", compiled(text, name)
            files.writestr(zipfile.ZipInfo(name, info.date_time), text, zipfile.ZIP_DEFLATED, 9)
