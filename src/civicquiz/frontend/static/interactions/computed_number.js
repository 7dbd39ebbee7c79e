/**
 * A field for a number that is computed from the learner's own numbers, as
 * civicquiz.model.interactions.computed_number.
 */
(() => {
	"use strict";
	const { Malformed, ownValue, register } = civicquiz;
	const { element, format } = civicquiz.elements;
	const { readMapping } = civicquiz.shared;
	const { rank } = civicquiz.arrangement;
	const { intervalShare, drawField, readNumber } = civicquiz.numberEntry;

	/** What the table of answers calls the numbers of a response.
	 * @param {Shown<"calculated">} question @param {Record<string, string>} numbers */
	const variantKey = ({ variants }, numbers) =>
		Object.keys(variants[0])
			.map((name) => numbers[name])
			.join(" ");

	/** HTML with the learner's own numbers in place of their {names}.
	 * @param {Shown<"calculated">} question @param {string} html */
	const fill = ({ variant }, html) => html.replace(/\{(\w+)\}/g, (all, name) => ownValue(variant || {}, name) || all);

	register(
		"calculated",
		/** @type {Interaction<"calculated">} */ ({
			typed: "object",
			individual(question, seed) {
				const { variants, prompt, hint } = question;
				const own = { ...question, variant: variants[rank(seed, question.id) % variants.length] };
				return { ...own, prompt: fill(own, prompt), ...(hint ? { hint: fill(own, hint) } : {}) };
			},
			fill,
			read(question, response) {
				const { variants } = question;
				const texts = readMapping(response, ["answer", ...Object.keys(variants[0])]);
				if (!texts || !Object.hasOwn(texts, "answer")) return null;
				texts.answer = readNumber(texts.answer, question.numbers, question.unit);
				const isTheirs = (/** @type {Record<string, string>} */ variant) =>
					Object.entries(variant).every(([name, number]) => texts[name] === number);
				if (!variants.some(isTheirs)) throw new Malformed("not_readable");
				return texts;
			},
			/** As VariantsRule. */
			share({ answers }, response, question) {
				const [low, high] = answers[variantKey(question, response)];
				return intervalShare({ low, high }, response.answer);
			},
			answer(key, response, question) {
				const numbers = response || question.variant;
				return (numbers && ownValue(key.answers || {}, variantKey(question, numbers))) || "";
			},
			draw(question, place) {
				const { unit, decimals, variant } = question;
				const field = drawField(place, { unit, inputMode: "decimal", instruction: "write_number" });
				const rounding = format(place.strings, decimals ? "round_to" : "round_whole", { decimals });
				field.element.prepend(element("p", { className: "cq-instruction", textContent: rounding }));
				return {
					...field,
					current: () => ({ answer: field.current(), ...variant }),
					show: (response, outcome) => field.show(response?.answer, outcome),
				};
			},
		}),
	);
})();
