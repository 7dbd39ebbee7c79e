// @ts-check
/** When a question is due again, and which questions are. */
"use strict";
const assert = require("node:assert/strict");
const test = require("node:test");
const { review } = require("./pages.js");

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-27T15:00:00Z");
const days = (/** @type {Card} */ card) => Math.round((Date.parse(card.due) - Date.parse(card.last_review)) / DAY);
const first = (/** @type {boolean} */ isRight) => review.reviewed(null, isRight, NOW, "v1");

test("a right answer comes back after some days, a wrong one the next day", () => {
	assert.ok(days(first(true)) > 1);
	assert.equal(days(first(false)), 1);
	assert.equal(first(true).version, "v1");
});

test("a learner who is right each time waits longer each time, up to about a year", () => {
	let card = first(true);
	for (let time = 0; time < 12; time++) {
		const next = review.reviewed(card, true, Date.parse(card.due), "v1");
		assert.ok(days(next) > days(card) || days(next) >= 365);
		assert.ok(days(next) <= 366);
		card = next;
	}
	assert.ok(days(card) >= 365);
	const wrong = review.reviewed(card, false, Date.parse(card.due), "v1");
	assert.ok(days(wrong) < days(card) / 10);
	assert.equal(wrong.lapses, 1);
});

test("a card survives being kept as JSON", () => {
	const card = first(true);
	const kept = JSON.parse(JSON.stringify(card));
	const due = Date.parse(card.due);
	assert.deepEqual(review.reviewed(kept, true, due, "v1"), review.reviewed(card, true, due, "v1"));
});

test("a question is due all day on its day and stays due", () => {
	const card = first(true);
	const due = Date.parse(card.due);
	const morning = new Date(due).setHours(0, 0, 1, 0);
	assert.equal(review.isDue(card, NOW), false);
	assert.equal(review.isDue(card, morning - 2000), false);
	for (const time of [morning, due, due + 100 * DAY]) assert.equal(review.isDue(card, time), true);
});

test("a clock that was set back stops nothing", () => {
	const ahead = review.reviewed(null, true, NOW + 9000 * DAY, "v1");
	assert.equal(review.isDue(ahead, NOW), true); // its time is none that can be waited for
	const next = review.reviewed(ahead, true, NOW, "v1");
	assert.ok(days(next) >= 1);
	assert.ok(Date.parse(next.due) < NOW + 400 * DAY);
	const little = review.reviewed(null, true, NOW + 60_000, "v1"); // by a minute
	assert.equal(review.isDue(little, NOW), false);
	assert.ok(days(review.reviewed(little, false, NOW, "v1")) >= 1);
});

const OPTIONS = [
	{ id: "a", html: "A" },
	{ id: "b", html: "B" },
];
const choice = (/** @type {string} */ id) => ({ id, interaction: "choice", prompt: id, points: 1, options: OPTIONS });
const essay = { id: "essay", interaction: "extended", prompt: "essay", points: 4 };
const KEY = { scoring: { rule: "map", weights: { a: 1 }, full: 1, allOrNothing: true }, answer: ["a"] };

/** A quiz as a list loads it. @param {Record<string, any>} [settings] @param {Record<string, string>} [versions] */
/** As civicquiz.frontend.payload.encoded_key. @param {string} json */
const encoded = (json) =>
	json.replace(/[!-~]/g, (sign) => String.fromCharCode(33 + ((sign.charCodeAt(0) - 33 + 60) % 94)));

function contentOf(settings = {}, versions = { one: "v1", two: "v1", essay: "v1" }) {
	const key = { questions: { one: KEY, two: KEY, essay: { answer: "" } }, claims: {}, translations: {} };
	return {
		quiz: { name: "quiz", questions: [choice("one"), choice("two"), essay], ...settings },
		anchor: "quiz",
		path: "quizzes/quiz",
		key: settings.feedback === "none" ? undefined : encoded(JSON.stringify(key)),
		versions,
	};
}
const EMPTY = { responses: {}, checked: {}, attempts: {}, notes: {}, overall: {} };
/** @param {Record<string, any>} kept @param {any} [content] @param {string} [saved] */
const cardsOf = (kept, content = contentOf(), saved = "2026-11-20T15:00:00Z") =>
	review.cardsOf(content, { ...EMPTY, ...kept }, saved, NOW);

const [RIGHT, WRONG] = [["a"], ["b"]];
const CHECKED = { responses: { one: RIGHT, two: WRONG }, checked: { one: true, two: false } };

test("what was checked in a quiz is scheduled from when it was saved", () => {
	const cards = cardsOf(CHECKED);
	assert.deepEqual(Object.keys(cards), ["one", "two"]);
	assert.ok(days(cards.one) > 1);
	assert.equal(days(cards.two), 1);
	assert.equal(cards.one.last_review, "2026-11-20T15:00:00.000Z");
	for (const saved of ["", "soon", "2040-01-01T00:00:00Z"])
		assert.equal(cardsOf(CHECKED, contentOf(), saved).one.last_review, new Date(NOW).toISOString());
});

test("right only at the second attempt was wrong", () => {
	assert.equal(days(cardsOf({ ...CHECKED, attempts: { one: 2 } }).one), 1);
});

/** @type {[string, Record<string, any>, any][]} */
const NOTHING = [
	["nothing was checked", { responses: { one: RIGHT } }, contentOf()],
	["nothing was answered", { checked: { one: true } }, contentOf({ feedback: "at-end" })],
	["a person has to score it", { responses: { essay: "text" }, checked: { essay: true } }, contentOf()],
	["nothing is told of the quiz", CHECKED, contentOf({ feedback: "none" })],
	["the answer no longer fits", { responses: { one: ["gone"] }, checked: { one: true } }, contentOf()],
	["the question is gone", { responses: { gone: RIGHT }, checked: { gone: true } }, contentOf()],
];
for (const [why, kept, content] of NOTHING)
	test(`nothing is scheduled where ${why}`, () => assert.deepEqual(cardsOf(kept, content), {}));

test("a card is kept as long as its question and an answer to it are there", () => {
	const card = { ...review.reviewed(first(true), true, NOW, "v1"), reps: 7 };
	const reviews = { one: card, gone: card };
	assert.deepEqual(cardsOf({ ...CHECKED, reviews }).one, card);
	assert.equal("gone" in cardsOf({ ...CHECKED, reviews }), false);
	assert.deepEqual(cardsOf({ responses: { one: RIGHT }, reviews }), { one: card }); // it is being tried again
	assert.deepEqual(cardsOf({ reviews }), {}); // the answers were cleared
});

test("a card of another version of a question, and a damaged one, begin anew", () => {
	const card = { ...first(true), reps: 7 };
	assert.equal(cardsOf({ ...CHECKED, reviews: { one: card } }, contentOf({}, { one: "v2" })).one.reps, 1);
	const { due, ...without } = card;
	for (const damaged of [
		null,
		7,
		[],
		without,
		{ ...card, due: 7 },
		{ ...card, due: "soon" },
		{ ...card, stability: "x" },
		{ ...card, stability: 0 },
		{ ...card, difficulty: null },
		{ ...card, version: undefined },
	])
		assert.equal(cardsOf({ ...CHECKED, reviews: { one: damaged } }).one.reps, 1, JSON.stringify(damaged));
});

test("a question alone has none of the settings of its quiz, but its text, its order and its languages", () => {
	const quiz = {
		...contentOf().quiz,
		title: "A quiz",
		language: "en",
		strings: {},
		feedback: "at-end",
		attempts: 1,
		timeLimit: 5,
		certainty: "marks",
		layout: "one",
		pick: 1,
		shuffle: ["questions", "options"],
		sections: [{ questions: ["one"] }],
		languages: ["en", "es"],
		stimuli: { text: { html: "<p>text</p>" } },
		translations: { es: { title: "Una prueba", language: "es", questions: [choice("one"), choice("two")] } },
	};
	quiz.questions = [choice("one"), { ...choice("two"), stimulus: "text" }];
	const shown = review.alone(quiz, "two");
	assert.deepEqual(
		shown.questions.map(({ id }) => id),
		["two"],
	);
	assert.deepEqual(shown.shuffle, ["options"]);
	assert.equal(shown.hasSettings, true);
	assert.equal(review.alone(quiz, "one").hasSettings, false);
	assert.deepEqual(shown.languages, ["en", "es"]);
	assert.equal(shown.translations?.es.title, "Una prueba");
	assert.equal(shown.translations?.es.questions?.length, 1);
	for (const name of ["feedback", "attempts", "timeLimit", "certainty", "layout", "pick", "sections"])
		assert.equal(name in shown, false, name);
});
