// @ts-check
/**
 * Grades for tests/js/test_same_in_both_languages.py: one JSON request in a line, one JSON answer in a line.
 *
 *   {"question", "key", "response", "about", "quiz", "seed"}  ->  {"outcome": outcome or null} or {"error": code}
 *   {"text"}                                          ->  {"number": number or null}
 *   {"plain": texts}                                  ->  {"plain": their normal forms}
 *   {"readings": text, "style", "units"}              ->  {"readings": numbers}
 *   {"number", "style"}                               ->  {"shown": the number as people write it}
 *   {"written"}                                       ->  {"text": the number as JavaScript writes it}
 *   {"score"}                                         ->  {"shown": text}
 *   {"session", "quiz", "keys", "message"}  ->  {"session", "touched", "refusal", "told": outcome of each question}
 *   {"restore", "quiz", "keys", "seed"}               ->  the same, of a session that was kept
 *   {"arrange", "seed"}                               ->  {"sections": the question ids of each,
 *                                                           "options": the ids of each list of options, by question}
 */
"use strict";
const readline = require("node:readline");
const civicquiz = require("./loading.js");

/** @param {any} request */
function step({ quiz, keys, session, message, restore, seed }) {
	const keyed = { quiz, keyOf: (/** @type {string} */ id) => keys[id] };
	const { act, restored, verdict } = civicquiz.session;
	const done = restore ? { session: restored(quiz, restore, seed), touched: [] } : act(keyed, session, message);
	const told = quiz.questions.flatMap((/** @type {any} */ { id }) => {
		const outcome = verdict(keyed, done.session, id);
		return outcome ? [[id, outcome]] : [];
	});
	return { ...done, told: Object.fromEntries(told) };
}

/** @param {any} request */
function answer(request) {
	if ("plain" in request) return { plain: request.plain.map(civicquiz.normalForm) };
	if ("readings" in request)
		return { readings: civicquiz.numberEntry.readings(request.readings, request.style, request.units) };
	if ("text" in request) return { number: civicquiz.numberEntry.parseNumber(request.text) };
	if ("number" in request) return { shown: civicquiz.numberEntry.written(request.number, request.style) };
	if ("written" in request) return { text: String(request.written) };
	if ("score" in request) return { shown: civicquiz.elements.scoreText(request.score) };
	if ("arrange" in request) {
		const sections = civicquiz.arrangement.arranged(request.arrange, request.seed);
		const ids = (/** @type {any[]} */ things) => things.map(({ id }) => id);
		const lists = (/** @type {any} */ { options, targets }) => [options, targets].filter(Boolean).map(ids);
		return {
			sections: sections.map((/** @type {any} */ { questions }) => ids(questions)),
			options: Object.fromEntries(
				sections.flatMap((/** @type {any} */ { questions }) =>
					questions.map((/** @type {any} */ question) => [question.id, lists(question)]),
				),
			),
		};
	}
	try {
		if ("session" in request || "restore" in request) return step(request);
		const { question, key, response, about, quiz, seed } = request;
		const own = question.variants
			? civicquiz.arrangement.withOwnNumbers(question, key, seed, response)
			: { question, key };
		return { outcome: civicquiz.grade(own.question, own.key, response, about, quiz) };
	} catch (error) {
		if (error instanceof civicquiz.Malformed) return { error: /** @type {any} */ (error).code };
		return { crash: String(/** @type {Error} */ (error).stack) };
	}
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
	process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
});
