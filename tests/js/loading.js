// @ts-check
/** The scripts as a page loads them: classic ones that leave one global behind. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

for (const name of ["quiz.js", "interactions.js"]) {
  const file = path.join(__dirname, "..", "..", "src", "civicquiz", "static", name);
  vm.runInThisContext(fs.readFileSync(file, "utf-8"), { filename: file });
}

module.exports = /** @type {any} */ (globalThis).civicquiz;
