// @ts-check
/** How far a learner is in a quiz, by what is kept of it. */
"use strict";
const assert = require("node:assert/strict");
const test = require("node:test");
const civicquiz = require("./pages.js");

const OPTIONS = [
	{ id: "a", html: "A" },
	{ id: "b", html: "B" },
];
const choice = (/** @type {string} */ id, points = 1) => ({
	id,
	interaction: "choice",
	prompt: id,
	points,
	options: OPTIONS,
});
const essay = { id: "essay", interaction: "extended", prompt: "essay", points: 4 };
const CHOICE_KEY = { scoring: { rule: "map", weights: { a: 1 }, full: 1, allOrNothing: true }, answer: ["a"] };
const KEYS = /** @type {Record<string, any>} */ ({ essay: { answer: "" } });

/** @param {Record<string, any>} [quiz] @param {Record<string, any>} [session] */
function progressOf(quiz = {}, session = {}) {
	const questions = [choice("one"), choice("two", 2)];
	const keyed = { quiz: { questions, ...quiz }, keyOf: (/** @type {string} */ id) => KEYS[id] || CHOICE_KEY };
	const empty = { responses: {}, checked: {}, attempts: {}, notes: {}, overall: {} };
	const { missed, ...progress } = civicquiz.progress.progressOf(keyed, { ...empty, ...session });
	return { ...progress, missed: missed.map((/** @type {Question} */ { id }) => id) };
}

const [RIGHT, WRONG] = [["a"], ["b"]];
/** @type {[string, Record<string, any>, Record<string, any>, Record<string, any>][]} */
const CASES = [
	["nothing is kept", {}, {}, { state: "open", answered: 0, count: 2, missed: [] }],
	[
		"an answer that was not checked counts, and nothing is said about it",
		{},
		{ responses: { one: WRONG } },
		{ state: "begun", answered: 1, count: 2, missed: [] },
	],
	[
		"a wrong answer that was checked can be tried again",
		{},
		{ responses: { one: WRONG }, checked: { one: false } },
		{ state: "begun", answered: 1, count: 2, missed: ["one"] },
	],
	[
		"a wrong answer with its attempts used up cannot",
		{ attempts: 2 },
		{ responses: { one: WRONG, two: WRONG }, checked: { one: true, two: false }, attempts: { one: 2, two: 1 } },
		{ state: "done", answered: 2, count: 2, score: 0, max: 3, missed: ["two"] },
	],
	[
		"all questions were checked",
		{},
		{ responses: { one: RIGHT, two: RIGHT }, checked: { one: true, two: true } },
		{ state: "done", answered: 2, count: 2, score: 3, max: 3, missed: [] },
	],
	[
		"what a person has to score is answered, and has no part in the score",
		{ questions: [choice("one"), essay] },
		{ responses: { one: RIGHT, essay: "text" }, checked: { one: true, essay: true } },
		{ state: "done", answered: 2, count: 2, score: 1, max: 1, missed: [] },
	],
	[
		"nothing is told of a quiz with feedback at the end before its end",
		{ feedback: "at-end" },
		{ responses: { one: WRONG, two: RIGHT } },
		{ state: "begun", answered: 2, count: 2, missed: [] },
	],
	[
		"at its end, what is unanswered is missed",
		{ feedback: "at-end" },
		{ responses: { one: RIGHT }, checked: { one: true, two: true }, overall: { finished: true } },
		{ state: "done", answered: 1, count: 2, score: 1, max: 3, missed: ["two"] },
	],
	[
		"nothing is ever told of a quiz without feedback",
		{ feedback: "none" },
		{ responses: { one: WRONG, two: RIGHT }, checked: { one: true } },
		{ state: "done", answered: 2, count: 2, missed: [] },
	],
	[
		"a quiz without feedback that was finished early is finished",
		{ feedback: "none" },
		{ responses: { one: WRONG }, overall: { finished: true } },
		{ state: "done", answered: 1, count: 2, missed: [] },
	],
	[
		"only the questions that a learner gets count",
		{ pick: 1 },
		{ responses: { one: RIGHT, two: RIGHT }, checked: { one: true, two: true }, overall: { seed: 5 } },
		{ state: "done", answered: 1, count: 1, score: 2, max: 2, missed: [] },
	],
];
for (const [name, quiz, session, expected] of CASES)
	test(name, () => assert.deepEqual(progressOf({ ...quiz, shuffle: [] }, session), expected));

test("answers of a file fill in what has no answer here, and the seed goes with the answers", () => {
	const { filled } = civicquiz.progress;
	const file = {
		...{ schema: 1, quiz: "quiz", content_hash: "0", saved: "then" },
		responses: { one: WRONG, two: RIGHT },
		checked: { one: true, two: true },
		attempts: { one: 3, two: 1 },
		marks: { one: { flag: true }, two: { hint: true } },
		session: { seed: 7, language: "es" },
		reviews: { one: { reps: 3 }, two: { reps: 4 } },
	};
	const { schema, quiz, content_hash: hash, ...whole } = file;
	assert.deepEqual(filled({}, file), whole);
	assert.deepEqual(filled({ session: { seed: 1 } }, file).session, whole.session);
	const here = { saved: "now", responses: { one: RIGHT }, checked: { one: false }, session: { seed: 1 } };
	assert.deepEqual(filled(here, file), {
		saved: "now",
		responses: { one: RIGHT, two: RIGHT },
		checked: { one: false, two: true },
		attempts: { two: 1 },
		marks: { two: { hint: true } },
		session: { seed: 1 },
		reviews: { two: { reps: 4 } },
	});
	for (const damaged of [{}, { responses: null }, { responses: [], checked: 3, session: null }])
		assert.deepEqual(filled(here, damaged).responses, { one: RIGHT });
});

test("a long prompt is shortened between two words, and one long word within it", () => {
	const { shortened } = civicquiz.progress;
	assert.equal(shortened("  Which\nlaw? "), "Which law?");
	assert.match(shortened("word ".repeat(40)), /^(word )+word…$/);
	assert.match(shortened("w".repeat(400)), /^w{90}…$/);
});

test("a question has its address on the page of the quiz, or on the page that has it", () => {
	const listed = { page: "../a.html", elsewhere: { q2: "../b.html" } };
	const addressOf = (/** @type {string} */ id) => civicquiz.progress.addressOf(listed, { anchor: "quiz" }, id);
	assert.equal(addressOf("q1"), "../a.html#quiz-q1");
	assert.equal(addressOf("q2"), "../b.html#quiz-q2");
});
