// @ts-check
/**
 * Grades for tests/js/test_same_in_both_languages.py: one JSON request in a line, one JSON answer in a line.
 *
 *   {"question", "key", "response", "about", "quiz"}  ->  {"outcome": outcome or null} or {"error": message}
 *   {"text"}                                          ->  {"number": number or null}
 *   {"written"}                                       ->  {"text": the number as JavaScript writes it}
 *   {"score"}                                         ->  {"shown": text}
 *   {"arrange", "seed"}                               ->  {"sections": the question ids of each}
 */
"use strict";
const readline = require("node:readline");
const civicquiz = require("./loading.js");

/** @param {any} request */
function answer(request) {
  if ("text" in request) return { number: civicquiz.parseNumber(request.text) };
  if ("written" in request) return { text: String(request.written) };
  if ("score" in request) return { shown: civicquiz.kit.shown(request.score) };
  if ("arrange" in request) {
    const sections = civicquiz.arranged(request.arrange, request.seed);
    return { sections: sections.map((/** @type {any} */ { questions }) => questions.map((/** @type {any} */ { id }) => id)) };
  }
  try {
    return { outcome: civicquiz.grade(request.question, request.key, request.response, request.about, request.quiz) };
  } catch (error) {
    // Only what quiz.js throws on purpose is a refusal; anything else is a bug in it.
    const message = /** @type {Error} */ (error).message;
    return Object.getPrototypeOf(error) === TypeError.prototype && !/undefined|not a function|properties of/.test(message)
      ? { error: message }
      : { crash: String(/** @type {Error} */ (error).stack) };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
});
