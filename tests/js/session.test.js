// @ts-check
/** The cases that tests/grading/test_session.py runs in Python, in JavaScript. */
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const { act, restored, verdict } = require("./loading.js").session;

const table = JSON.parse(fs.readFileSync(path.join(__dirname, "..", "session_cases.json"), "utf-8"));
const nothing = { responses: {}, checked: {}, attempts: {}, notes: {}, overall: {} };

for (const { of, name, kept, steps } of table.cases)
	test(`${of}: ${name}`, () => {
		const { quiz, keys } = table.quizzes[of];
		const keyed = { quiz, keyOf: (/** @type {string} */ id) => keys[id] };
		let session = restored(quiz, { ...nothing, ...kept }, table.seed);
		for (const { do: message, told, refusal, ...tables } of steps) {
			const step = message ? act(keyed, session, message) : { session };
			session = step.session;
			const verdicts = quiz.questions.flatMap((/** @type {any} */ { id }) => {
				const outcome = verdict(keyed, session, id);
				return outcome ? [[id, [outcome.status, outcome.score, outcome.settled]]] : [];
			});
			assert.deepEqual(Object.fromEntries(verdicts), told);
			assert.equal(step.refusal, refusal);
			for (const [field, expected] of Object.entries(tables)) assert.deepEqual(session[field], expected);
		}
	});
