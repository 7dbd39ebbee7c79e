// @ts-check
/** What the list of a quiz with one question at a time says of each question. */
"use strict";
const assert = require("node:assert/strict");
const test = require("node:test");
const { paging } = require("./loading.js");

const STRINGS = {
	correct: "Correct",
	incorrect: "Not correct",
	flagged: "flagged",
	summary_answered: "answered",
	summary_open: "open",
	summary_unreadable: "unreadable",
};
const NUMBER = { id: "n", interaction: "number", prompt: "", points: 1 };
const CHOICE = { id: "c", interaction: "choice", prompt: "", points: 1, options: [{ id: "a", html: "a" }] };
/** @param {any} question @param {any} known */
const stateOf = (question, known) =>
	paging.stateOf(question, { isAnswered: false, isFlagged: false, ...known }, STRINGS);

test("a question without a response is open, and one with half a response is open too", () => {
	for (const response of [undefined, null, ""])
		assert.deepEqual(stateOf(NUMBER, { response }), { name: "open", words: "open" });
	assert.deepEqual(stateOf(CHOICE, { response: [] }), { name: "open", words: "open" });
});

test("what was typed and can't be read is told apart from what is open or answered", () => {
	for (const response of ["seven", "1 2 x", 7])
		assert.deepEqual(stateOf(NUMBER, { response }), { name: "unreadable", words: "unreadable" });
	assert.equal(stateOf(NUMBER, { response: "7", isAnswered: true }).name, "answered");
	assert.equal(stateOf(CHOICE, { response: ["gone"] }).name, "unreadable");
});

test("an outcome counts more than the response, and a flag is added to all of them", () => {
	for (const status of /** @type {const} */ (["correct", "incorrect"])) {
		const known = { response: "x", outcome: { status }, isFlagged: true };
		assert.deepEqual(stateOf(NUMBER, known), { name: status, words: `${STRINGS[status]}, flagged` });
	}
	assert.equal(stateOf(NUMBER, { isFlagged: true }).words, "open, flagged");
});
