/** Text matching: normalization and edit distance, exactly as civicquiz.model.interactions.text_matching. */
civicquiz.textMatching = (() => {
	"use strict";
	const { normalForm } = civicquiz;
	const JOINING = /[-/]/g;
	const PUNCTUATION = /[!-#%-*,.:;?@\\[-\]_{}\u00a1\u00a7\u00b6\u00b7\u00bf\u2016\u2017\u2020-\u2027\u2030-\u205e]/g;

	/** A text without what is to be ignored. @param {string} text @param {string[]} ignore */
	function normalized(text, ignore) {
		let result = normalForm(text);
		if (ignore.includes("diacritics"))
			result = result
				.normalize("NFD")
				.replace(/[\u0300-\u036f]/g, "")
				.normalize("NFC");
		if (ignore.includes("case")) result = result.toLowerCase();
		if (ignore.includes("punctuation")) result = result.replace(JOINING, " ").replace(PUNCTUATION, "");
		if (ignore.includes("space")) result = result.replace(/ +/g, " ").replace(/^ | $/g, "");
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
