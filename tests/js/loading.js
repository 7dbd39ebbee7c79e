// @ts-check
/** The scripts as a page loads them: classic ones that leave one global behind. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

// An installed package is tested where one is named.
const folder =
  process.env.CIVICQUIZ_STATIC || path.join(__dirname, "..", "..", "src", "civicquiz", "frontend", "static");

for (const name of ["quiz.js", "interactions.js", "settings.js", "session.js"]) {
  const file = path.join(folder, name);
  vm.runInThisContext(fs.readFileSync(file, "utf-8"), { filename: file });
}

module.exports = /** @type {any} */ (globalThis).civicquiz;
