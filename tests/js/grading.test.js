// @ts-check
/** The cases that tests/test_grading.py runs in Python, in JavaScript. */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const civicquiz = require("./loading.js");

const table = JSON.parse(fs.readFileSync(path.join(__dirname, "..", "grading_cases.json"), "utf-8"));

for (const { of, name, response, expect } of table.cases)
  test(`${of}: ${name}`, () => {
    const { question, key } = table.questions[of];
    const grade = () => civicquiz.grade(question, key, response);
    if (expect === "error") return assert.throws(grade, { name: "TypeError", message: /response|option|number|target|stands twice/ });
    const outcome = grade();
    if (expect.status === "unanswered") return assert.equal(outcome, null);
    assert.deepEqual({ status: outcome.status, score: outcome.score }, expect);
    assert.equal(outcome.max, question.points);
    assert.equal(outcome.settled, ["correct", "needs-review"].includes(expect.status));
    return undefined;
  });

test("a revealed outcome tells the answer and keeps the score", () => {
  const { question, key } = table.questions.multiple;
  const outcome = civicquiz.grade(question, key, ["war-of-1812"], true);
  assert.deepEqual([outcome.status, outcome.score, outcome.settled], ["partly", 1, true]);
  assert.deepEqual(outcome.answer, ["war-of-1812", "world-war-i", "world-war-ii"]);
});

test("an outcome that is not settled tells neither answer nor explanation", () => {
  const { question, key } = table.questions.single;
  const outcome = civicquiz.grade(question, key, ["1812"]);
  assert.equal(outcome.settled, false);
  assert.equal("answer" in outcome, false);
  assert.equal("explanation" in outcome, false);
  assert.deepEqual(outcome.feedback, [{ id: "1812", html: key.feedback["1812"] }]);
});

test("a missing response is no outcome", () => {
  const { question, key } = table.questions.single;
  assert.equal(civicquiz.grade(question, key, undefined), null);
});

test("quiz.js leaves one global behind and needs no page to be loaded", () => {
  assert.deepEqual(Object.keys(civicquiz).sort(), ["at", "grade", "interactions", "kit", "parseNumber", "parts", "render", "rules"]);
});
