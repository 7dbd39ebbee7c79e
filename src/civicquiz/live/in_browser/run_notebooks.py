"""Runs in the Python of a live site: runs every notebook that ``/build/notebooks.json`` lists, and writes down what its
cells show and which errors there are.

Every notebook runs in a copy of ``/build/files``, so that nothing that it writes gets into the site.
"""

import ast
import importlib.util
import json
import os
import shutil
import sys
import traceback

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

#: What is shown by a widget, which needs a kernel.
WIDGET = "application/vnd.jupyter.widget-view+json"
#: What a notebook may show before a kernel runs, best first.
SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain")
COPY = "/tmp/live"


def missing(source):
    """The modules that a cell imports and that are not there, unless it is prepared for that."""
    tree = ast.parse(source)
    prepared = {id(node) for guard in ast.walk(tree) if isinstance(guard, ast.Try) for node in ast.walk(guard)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in prepared:
            continue
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module)
    tops = {name.split(".")[0] for name in found}
    return sorted(name for name in tops if name not in sys.modules and importlib.util.find_spec(name) is None)


def outputs(captured):
    """What a cell has shown, as a notebook stores it."""
    streams = {name: getattr(captured, name) for name in ("stdout", "stderr")}
    shown = [{"output_type": "stream", "name": name, "text": text} for name, text in streams.items() if text]
    for output in captured.outputs:
        bundle = {name: value for name, value in output.data.items() if name in SHOWN}
        if WIDGET in output.data and "text/html" not in bundle:
            continue  # controls that nobody could use yet
        if bundle:
            shown.append({"output_type": "display_data", "data": bundle, "metadata": {}})
    return shown


async def run(notebook):
    """What the cells of a notebook show, and its errors."""
    os.chdir("/")
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree("/build/files", COPY)
    place = os.path.join(COPY, os.path.dirname(notebook["path"]))
    os.makedirs(place, exist_ok=True)
    os.chdir(place)
    sys.path[:] = [os.getcwd(), *(path for path in sys.path if not path.startswith(COPY))]
    known = set(sys.modules)
    shell = InteractiveShell.instance()
    shell.reset(new_session=True)
    cells, errors = [], []
    for number, cell in enumerate(notebook["cells"], start=1):
        source = shell.transform_cell(cell["source"])
        try:
            absent = missing(source)
        except SyntaxError:
            absent = []  # running it says so
        if absent:
            errors.append({"cell": number, "modules": absent})
            cells.append([])
            continue
        with capture_output() as captured:
            result = await shell.run_cell_async(cell["source"], store_history=False, transformed_cell=source)
        error = result.error_before_exec or result.error_in_exec
        if error and not cell["may_fail"]:
            errors.append({"cell": number, "error": traceback.format_exception_only(error)[-1].strip()})
            cells.append([])
            continue
        cells.append([] if error else outputs(captured))
    for name in set(sys.modules) - known:  # the next notebook may have another module of this name next to it
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(COPY):
            del sys.modules[name]
    return {"cells": cells, "errors": errors}


InteractiveShell.colors = "nocolor"
with open("/build/notebooks.json", encoding="utf-8") as file:
    notebooks = json.load(file)
done = {notebook["path"]: await run(notebook) for notebook in notebooks}
with open("/build/outputs.json", "w", encoding="utf-8") as file:
    json.dump(done, file)
