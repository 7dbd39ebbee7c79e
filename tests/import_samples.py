"""A small file in each format that can be imported, as text or as an archive."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from openpyxl import Workbook

from civicquiz.exchange.imports import READERS

MOODLE = """\
<?xml version="1.0"?>
<quiz>
<question type="truefalse">
<name><text>Houses</text></name>
<questiontext format="html">
<text><![CDATA[<p>Congress has two houses – the House and the <b>Senate</b>, é.</p>]]></text></questiontext>
<answer fraction="100"><text>true</text></answer>
<answer fraction="0"><text>false</text></answer>
</question>
</quiz>
"""

QTI12 = """\
<?xml version="1.0"?>
<questestinterop><assessment ident="a" title="Houses"><section ident="s">
<item ident="i" title="Houses"><itemmetadata><qtimetadata>
<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>multiple_choice_question</fieldentry></qtimetadatafield>
</qtimetadata></itemmetadata>
<presentation><material><mattext texttype="text/html">Which house – é?</mattext></material>
<response_lid ident="r" rcardinality="Single"><render_choice>
<response_label ident="x"><material><mattext>Senate</mattext></material></response_label>
<response_label ident="y"><material><mattext>Cabinet</mattext></material></response_label>
</render_choice></response_lid></presentation>
<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
<respcondition><conditionvar><varequal respident="r">x</varequal></conditionvar>
<setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing></item>
</section></assessment></questestinterop>
"""

QTI2 = """\
<?xml version="1.0"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q" title="Houses">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
<correctResponse><value>A</value></correctResponse></responseDeclaration>
<itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Which house – é?</prompt>
<simpleChoice identifier="A">Senate</simpleChoice><simpleChoice identifier="B">Cabinet</simpleChoice>
</choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
</assessmentItem>
"""

#: reader -> (ending of the name, content)
TEXTS: dict[str, tuple[str, str]] = {
    "moodle": (".xml", MOODLE),
    "qti12": (".xml", QTI12),
    "qti": (".xml", QTI2),
    "gift": (".gift", "::Houses:: Which house – é? {=Senate ~Cabinet}\n\nCongress has two houses. {T}\n"),
    "aiken": (".txt", "Which house – é?\nA. Senate\nB. Cabinet\nANSWER: A\n"),
    "spreadsheet": (".csv", "question,option A,option B,answer\nWhich house – é?,Senate,Cabinet,A\n"),
    "jupyterquiz": (
        ".json",
        '[{"question": "Which house – é?", "type": "multiple_choice",\n "answers": [{"answer": "Senate", '
        '"correct": true, "feedback": "Yes."}, {"answer": "Cabinet", "correct": false, "feedback": "No."}]}]\n',
    ),
    "nbautoeval": (
        ".yaml",
        "q:\n  type: Quiz\n  questions: [one]\none:\n  type: QuizQuestion\n  question: Which house – é?\n  options:\n"
        "    - {text: Senate, correct: true}\n    - text: Cabinet\n",
    ),
    "text2qti": (".txt", "Quiz title: Houses\n\n1.  Which house – é?\n*a) Senate\nb) Cabinet\n"),
    "rexams": (
        ".Rmd",
        "Question\n========\nWhich house – é?\n\nAnswerlist\n----------\n* Senate\n* Cabinet\n\n"
        "Meta-information\n================\nexname: houses\nextype: schoice\nexsolution: 10\n",
    ),
}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive with these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


#: What a file may have in place of a number: one that is too long or too large, one in other signs, or none.
_ODD_NUMBERS = ("9" * 5_000, "1e308", "nan", "1.2.3", "−5", "²", "-1", "0", "")
_NUMBER = re.compile(r"(?<![\w.&#-])-?\d+(?:\.\d+)?")


def with_odd_numbers(text: str) -> Iterator[str]:
    """A text with one of its numbers, or with all that are the text of an element, in another way."""
    places = [number.span() for number in _NUMBER.finditer(text)]
    for odd in _ODD_NUMBERS:
        yield re.sub(rf"(?<=>){_NUMBER.pattern}(?=<)", odd, text)
        for start, end in places:
            yield text[:start] + odd + text[end:]


def _workbook() -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for row in (("question", "answer"), ("Congress has two houses – é.", "TRUE")):
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


#: reader -> (ending of the name, content), of those that read archives
ARCHIVES: dict[str, tuple[str, bytes]] = {
    "qti12": (".zip", zipped({"g/g.xml": QTI12})),
    "qti": (".zip", zipped({"q.xml": QTI2})),
    "spreadsheet": (".xlsx", _workbook()),
}

#: (reader, ending of the name, content) of every sample
SAMPLES = [(name, ending, text.encode()) for name, (ending, text) in TEXTS.items()]
SAMPLES += [(name, ending, content) for name, (ending, content) in ARCHIVES.items()]

assert set(TEXTS) == set(READERS), "a reader has no sample"
