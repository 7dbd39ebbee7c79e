/** The normal form of a text, as civicquiz.authoring.normal_form, character for character. */
civicquiz.normalForm = (() => {
	"use strict";
	// Marks that nobody sees: soft hyphen, joiners, direction marks, byte order mark, operators, variation selectors.
	const INVISIBLE =
		// biome-ignore lint/suspicious/noMisleadingCharacterClass: each of these signs is meant by itself
		/[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164]/g;
	const INVISIBLE_TOO =
		/[\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
	/** @type {[RegExp, string][]} */
	const REPLACED = [
		// biome-ignore lint/suspicious/noControlCharactersInRegex: whatever ends a line is a space
		[/[\t\n\x0b\x0c\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]/g, " "],
		[
			/[`\u00b4\u02b9\u02bb-\u02bd\u02c8\u02ca\u02cb\u0374\u055a\u05f3\u2018-\u201b\u2032\u2035\u2039\u203a\ua78c]/g,
			"'",
		],
		[/[\u00ab\u00bb\u02ba\u02dd\u02ee\u05f4\u201c-\u201f\u2033\u2036\u275d\u275e\u301d-\u301f]/g, '"'],
		[/[\u02d7\u058a\u05be\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u2796\u2e3a\u2e3b\ufe58\ufe63]/g, "-"],
		[/\u2026/g, "..."],
	];
	const FULL_WIDTH = /[\uff01-\uff5e]/g;
	// What is more than a hundred marks on one letter: to sort them takes too long.
	const MANY_MARKS = /(\p{M}{100})\p{M}+/gu;
	/** @param {string} text */
	const composed = (text) => text.replace(MANY_MARKS, "$1").normalize("NFC");

	return (text) => {
		let plain = composed(text).replace(INVISIBLE, "").replace(INVISIBLE_TOO, "");
		plain = plain.replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
		for (const [signs, replacement] of REPLACED) plain = plain.replace(signs, replacement);
		return composed(plain);
	};
})();
