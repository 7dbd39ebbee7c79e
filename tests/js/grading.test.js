// @ts-check
/** The cases that tests/grading/test_grade.py runs in Python, in JavaScript. */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const BEFORE = new Set(Object.getOwnPropertyNames(globalThis));
const civicquiz = require("./loading.js");

const table = JSON.parse(fs.readFileSync(path.join(__dirname, "..", "grading_cases.json"), "utf-8"));

for (const { of, name, response, expect } of table.cases)
	test(`${of}: ${name}`, () => {
		const { question, key } = table.questions[of];
		const grade = () => civicquiz.grade(question, key, response);
		if (expect === "error") return assert.throws(grade, { name: "Error", code: /^not_|^only_/ });
		const outcome = grade();
		if (expect.status === "unanswered") {
			const finished = civicquiz.grade(question, key, response, { settled: true });
			assert.deepEqual({ status: finished.status, score: finished.score }, expect);
			return assert.equal(outcome, null);
		}
		assert.deepEqual({ status: outcome.status, score: outcome.score }, expect);
		assert.equal(outcome.max, question.points);
		assert.equal(outcome.settled, ["correct", "needs-review", "unscored"].includes(expect.status));
		return undefined;
	});

test("a revealed outcome tells the answer and keeps the score", () => {
	const { question, key } = table.questions.multiple;
	const outcome = civicquiz.grade(question, key, ["war-of-1812"], { settled: true });
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

test("a settled question without a response is told as unanswered", () => {
	const { question, key } = table.questions.single;
	const outcome = civicquiz.grade(question, key, null, { settled: true });
	assert.deepEqual(
		[outcome.status, outcome.score, outcome.max, outcome.answer],
		["unanswered", 0, question.points, key.answer],
	);
});

test("further attempts and the hint cost what the quiz says, and never more than there is", () => {
	const { question, key } = table.questions.single;
	const quiz = { attempts: 4, attemptPenalty: 0.25, hintPenalty: 0.5 };
	const score = (/** @type {any} */ about) =>
		civicquiz.grade(question, key, key.answer, about, quiz).score / question.points;
	assert.deepEqual(
		[score({}), score({ attempts: 2 }), score({ hint: true }), score({ attempts: 4, hint: true })],
		[1, 0.75, 0.5, 0],
	);
});

test("the last attempt settles a question", () => {
	const { question, key } = table.questions.single;
	const told = [1, 2].map((attempts) => civicquiz.grade(question, key, ["1812"], { attempts }, { attempts: 2 }));
	assert.deepEqual(
		told.map(({ settled, attempt }) => [settled, attempt]),
		[
			[false, 1],
			[true, 2],
		],
	);
});

test("a missing response has no outcome", () => {
	const { question, key } = table.questions.single;
	assert.equal(civicquiz.grade(question, key, undefined), null);
});

test("the scripts leave one global behind and need no page to be loaded", () => {
	assert.equal(typeof civicquiz.render, "function");
	const isOurs = (/** @type {string} */ name) => !name.startsWith("__") && !BEFORE.has(name);
	assert.deepEqual(Object.getOwnPropertyNames(globalThis).filter(isOurs), ["civicquiz"]);
});
