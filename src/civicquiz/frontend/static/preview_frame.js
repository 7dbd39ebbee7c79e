/** In the frame of the preview: answers stay with the page around it, as long as that is open. */
(() => {
	"use strict";
	/** for a frame that was opened by itself @type {Map<string, string>} */
	const kept = new Map();
	civicquiz.storage = parent.civicquizAnswers || {
		getItem: (name) => kept.get(name) ?? null,
		setItem: (name, text) => void kept.set(name, text),
		removeItem: (name) => void kept.delete(name),
	};
})();
