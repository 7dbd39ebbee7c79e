/** A field for a short text, as civicquiz.model.interactions.text_entry. */
(() => {
	"use strict";
	const { ownValue, register } = civicquiz;
	const { readText } = civicquiz.shared;
	const { drawField } = civicquiz.numberEntry;
	const { normalized, distance } = civicquiz.textMatching;
	const MAX_CHARACTERS = 200;

	register(
		"text",
		/** @type {Interaction<"text">} */ ({
			typed: "string",
			read: (_, response) => readText(response, MAX_CHARACTERS),
			tokens: (response, _, scoring) => (scoring ? [normalized(response, scoring.ignore)] : []),
			/** As TextRule. */
			share({ accept, ignore, typos, mistakes }, response) {
				const text = normalized(response, ignore);
				const exact = ownValue(accept, text);
				if (exact !== undefined) return exact / 100;
				if (!typos || mistakes.includes(text)) return 0;
				const near = Object.keys(accept).filter((accepted) => {
					const letters = [...accepted];
					return letters.length >= 4 * typos && !/[0-9]/.test(accepted) && distance([...text], letters) <= typos;
				});
				return Math.max(0, ...near.map((accepted) => accept[accepted])) / 100;
			},
			draw: (_, place) => drawField(place, { instruction: "write_text" }),
		}),
	);
})();
