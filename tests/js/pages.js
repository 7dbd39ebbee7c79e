// @ts-check
/** The scripts of a page of a book, without the page: nothing is on it, and `kept` is what the browser keeps. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const civicquiz = require("./loading.js");

const folder =
	process.env.CIVICQUIZ_STATIC || path.join(__dirname, "..", "..", "src", "civicquiz", "frontend", "static");

/** name -> text, as in localStorage @type {Map<string, string>} */
const kept = new Map();
const storage = {
	getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
	setItem: (/** @type {string} */ name, /** @type {string} */ text) => void kept.set(name, text),
	removeItem: (/** @type {string} */ name) => void kept.delete(name),
};
Object.assign(globalThis, {
	document: { readyState: "complete", currentScript: {}, querySelectorAll: () => [] },
	location: { href: "https://example.org/book/page.html" },
	addEventListener: () => undefined,
});
civicquiz.storage = storage;

/** @param {string} name */
const load = (name) =>
	vm.runInThisContext(fs.readFileSync(path.join(folder, name), "utf-8"), { filename: path.join(folder, name) });
for (const name of ["page.js", "progress.js"]) load(name);

module.exports = { civicquiz, kept, load };
