"""For nbgrader: an assignment with a student's answers in its folder is not handed out.

``nbgrader generate_assignment`` copies all that is next to a notebook to the learners, also the answer file of a
teacher who has tried the quiz there. In ``nbgrader_config.py``::

    c.GenerateAssignment.preprocessors.insert(0, "civicquiz.hosts.nbgrader.refuse_answers")
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["refuse_answers"]


def refuse_answers(notebook: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A preprocessor of nbgrader: the notebook and the resources as they are.

    Raises:
        RuntimeError: there are answers in the folder of the notebook. nbgrader then hands out nothing.
    """
    folder = Path(resources["metadata"]["path"])
    found = sorted(path.name for path in folder.glob("*.responses.json*"))
    if found:
        raise RuntimeError(f"{', '.join(found)} would be handed out with the notebook: move it out of this folder")
    return notebook, resources
