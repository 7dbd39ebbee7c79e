"""Print what other jobs of a workflow need to know of the packages in dist/, as outputs of a step."""

import hashlib
import json
from pathlib import Path

import nox

import civicquiz

root = Path(__file__).parent.parent
packages = sorted((root / "dist").iterdir())
sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in packages)
print(f"version={civicquiz.__version__}")
print(f"pythons={json.dumps(nox.project.python_versions(nox.project.load_toml(root / 'pyproject.toml')))}")
print(f"checksums={json.dumps(sums)}")
