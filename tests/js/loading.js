// @ts-check
/** The scripts as a page loads them: classic ones that leave one global behind. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

// An installed package is tested where one is named.
const folder =
	process.env.CIVICQUIZ_STATIC || path.join(__dirname, "..", "..", "src", "civicquiz", "frontend", "static");

/** All that needs no page to be loaded, in the order of civicquiz.frontend.front_end. */
const ALL = [
	"grading.js",
	"quiz.js",
	"arrangement.js",
	...[
		"normal_form",
		"interaction",
		"text_matching",
		"choice",
		"ordering",
		"matching",
		"number_entry",
		"computed_number",
		"text_entry",
		"inline_gaps",
		"scale",
		"extended_text",
	].map((name) => `interactions/${name}.js`),
	"settings.js",
	"paging.js",
	"citations.js",
	"languages.js",
	"session.js",
];
const names = process.env.CIVICQUIZ_SCRIPTS ? process.env.CIVICQUIZ_SCRIPTS.split(" ") : ALL;

for (const name of names) {
	const file = path.join(folder, name);
	vm.runInThisContext(fs.readFileSync(file, "utf-8"), { filename: file });
}

module.exports = /** @type {any} */ (globalThis).civicquiz;
