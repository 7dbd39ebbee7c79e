/** A text that a person reads, as civicquiz.model.interactions.extended_text. */
(() => {
	"use strict";
	const { register } = civicquiz;
	const { element, format } = civicquiz.elements;
	const { readText } = civicquiz.shared;
	const MAX_CHARACTERS = 20000;

	/** The words for the number of words, with the guidance that the author gave.
	 * @param {number} min @param {number} max */
	function guidance(min, max) {
		if (min && max) return "words_between";
		if (min) return "words_from";
		return max ? "words_to" : "words";
	}

	register(
		"extended",
		/** @type {Interaction<"extended">} */ ({
			typed: "string",
			needsReview: true,
			read: (_, response) => readText(response, MAX_CHARACTERS),
			draw({ minWords: min = 0, maxWords: max = 0 }, { strings, id, changed }) {
				const count = element("p", { id: `${id}-count`, className: "cq-instruction" });
				const printed = element("p", { className: "cq-printed", "aria-hidden": "true" }); // paper cuts a box off
				const showCount = () => {
					printed.textContent = box.value;
					const number = (box.value.match(/\S+/g) || []).length;
					count.textContent = format(strings, guidance(min, max), { number, min, max });
				};
				const box = element("textarea", {
					id,
					rows: 6,
					className: "cq-number",
					"aria-describedby": count.id,
					oninput() {
						showCount();
						changed();
					},
				});
				const label = element("label", { htmlFor: id, className: "cq-hidden", textContent: strings.your_answer });
				return {
					element: element("div", {}, label, box, printed, count),
					instruction: "write_answer",
					current: () => box.value,
					show(response, outcome) {
						if (box.value !== (response || "")) box.value = response || "";
						box.readOnly = Boolean(outcome);
						showCount();
					},
					focus: () => box.focus(),
				};
			},
		}),
	);
})();
