// @ts-check
/** What certainty earns on a page. */
"use strict";
const assert = require("node:assert/strict");
const test = require("node:test");
const { settings } = require("./loading.js");

test("no answer earns nothing for certainty, also to a question without points", () => {
	for (const max of [0, 1, 2.5])
		for (const level of [1, 2, 3])
			assert.equal(settings.certaintyMark({ status: "unanswered", score: 0, max }, level), 0);
});

test("an answer earns by how sure the student was", () => {
	assert.equal(settings.certaintyMark({ status: "correct", score: 2, max: 2 }, 3), 3);
	assert.equal(settings.certaintyMark({ status: "partly", score: 1, max: 2 }, 2), 1);
	assert.equal(settings.certaintyMark({ status: "incorrect", score: 0, max: 2 }, 3), -6);
});
