// @ts-check
/** The scripts of a page of a book, without the page: nothing is on it, and nothing is kept. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const civicquiz = require("./loading.js");

const folder =
	process.env.CIVICQUIZ_STATIC || path.join(__dirname, "..", "..", "src", "civicquiz", "frontend", "static");

Object.assign(globalThis, {
	document: { readyState: "complete", currentScript: {}, querySelectorAll: () => [] },
	location: { href: "https://example.org/book/page.html" },
	addEventListener: () => undefined,
});

/** @param {string} name */
function load(name) {
	const filename = path.join(folder, name);
	vm.runInThisContext(fs.readFileSync(filename, "utf-8"), { filename });
}
for (const name of ["page.js", "progress.js", "ts-fsrs-5.4.2/index.umd.js", "review.js"]) load(name);

module.exports = civicquiz;
