"""A hostile response file neither crashes ``check-answers`` nor writes a line of its log."""

import json
from pathlib import Path

import pytest

from civicquiz.check_answers import AnswersError, check_answers

KEY = Path(__file__).parents[1] / "examples" / "single-choice.yml"


def _file(folder: Path, **content: object) -> Path:
    path = folder / "a.json"
    path.write_text(json.dumps({"schema": 1, "quiz": "single-choice", "responses": {}, **content}))
    return path


def test_version_of_another_type(tmp_path: Path) -> None:
    assert check_answers(_file(tmp_path, content_hash=[1]), KEY).other_version


def test_half_signs_can_be_printed(tmp_path: Path) -> None:
    checked = check_answers(_file(tmp_path, responses={"\ud800": 1}), KEY)
    for details in (True, False):
        "\n".join(checked.report(0.5, details=details)).encode()


def test_name_of_quiz_stays_in_its_line(tmp_path: Path) -> None:
    with pytest.raises(AnswersError) as error:
        check_answers(_file(tmp_path, quiz="x\n::error::y"), KEY)
    assert "\n" not in str(error.value)
