// @ts-check
/** Words of authors and learners that every JavaScript object has as a name. */
"use strict";
const assert = require("node:assert/strict");
const test = require("node:test");
const civicquiz = require("./loading.js");

const NAMES = Object.getOwnPropertyNames(Object.prototype);

test("objectives of any name are summed up", () => {
	const scored = NAMES.map((name, index) => ({ id: `q${index}`, objectives: [name, "constructor"] }));
	const outcomes = Object.fromEntries(scored.map(({ id }) => [id, { score: 1, max: 2 }]));
	const sums = new Map(civicquiz.settings.sumsByObjective(scored, outcomes));
	for (const name of NAMES.filter((name) => name !== "constructor")) assert.deepEqual(sums.get(name), [1, 2]);
	assert.deepEqual(sums.get("constructor"), [NAMES.length + 1, 2 * (NAMES.length + 1)]);
});

test("questions, options, sections and languages of any name are restored and arranged", () => {
	const names = NAMES.filter((name) => name !== "__proto__"); // no id has an underscore
	const options = names.map((id) => ({ id, html: id }));
	const questions = names.map((id) => ({ id, interaction: "choice", prompt: "", points: 1, options, stimulus: id }));
	const quiz = { name: "q", questions, shuffle: ["questions", "options"], seeded: true, strings: {} };
	const empty = { responses: {}, checked: {}, attempts: {}, notes: {}, overall: { language: "constructor" } };
	assert.deepEqual(civicquiz.session.restored(quiz, empty, 7).responses, {});
	const [section] = civicquiz.arrangement.arranged(quiz, 7);
	assert.deepEqual(section.questions.map((/** @type {any} */ { id }) => id).sort(), [...names].sort());
	for (const id of names) {
		assert.equal(
			civicquiz.session.verdict({ quiz, keyOf: () => ({}) }, civicquiz.session.restored(quiz, empty, 7), id),
			null,
		);
		assert.deepEqual(civicquiz.read(questions[0], [id]), [id]);
	}
});
