// @ts-check
/** quiz.js as a page loads it: a classic script that leaves one global behind. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const file = path.join(__dirname, "..", "..", "src", "civicquiz", "static", "quiz.js");
vm.runInThisContext(fs.readFileSync(file, "utf-8"), { filename: file });

module.exports = /** @type {any} */ (globalThis).civicquiz;
