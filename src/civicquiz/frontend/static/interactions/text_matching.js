/** Text matching: normalization and edit distance, as civicquiz.model.interactions.text_matching, character for character. */
civicquiz.textMatching = (() => {
	"use strict";
	const SPACE = /[ \t\r\n\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000\ufeff]+/g;
	const JOINING = /[-/\u2010-\u2015\u2212]/g;
	const PUNCTUATION = /[!-#%-*,.:;?@\\[-\]_{}\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u2016-\u2027\u2030-\u205e]/g;

	/** A text without what is to be ignored. @param {string} text @param {string[]} ignore */
	function normalized(text, ignore) {
		let result = text.normalize("NFC");
		if (ignore.includes("diacritics"))
			result = result
				.normalize("NFD")
				.replace(/[\u0300-\u036f]/g, "")
				.normalize("NFC");
		if (ignore.includes("case")) result = result.toLowerCase();
		if (ignore.includes("punctuation")) result = result.replace(JOINING, " ").replace(PUNCTUATION, "");
		if (ignore.includes("space")) result = result.replace(SPACE, " ").replace(/^ +| +$/g, "");
		return result;
	}

	/** The restricted Damerau-Levenshtein distance (optimal string alignment) between two lists of characters.
	 * @param {string[]} first @param {string[]} second */
	function distance(first, second) {
		/** @type {number[]} */
		let before = [];
		let row = [...Array(second.length + 1).keys()];
		first.forEach((letter, i) => {
			const [last, above] = [before, row];
			row = [i + 1];
			second.forEach((other, j) => {
				let best = Math.min(above[j + 1] + 1, row[j] + 1, above[j] + (letter === other ? 0 : 1));
				if (i && j && letter === second[j - 1] && first[i - 1] === other) best = Math.min(best, last[j - 1] + 1);
				row.push(best);
			});
			before = above;
		});
		return row[second.length];
	}

	return { normalized, distance };
})();
