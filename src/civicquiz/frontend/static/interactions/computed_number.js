/**
 * A field for a number that is computed from the learner's own numbers, as
 * civicquiz.model.interactions.computed_number.
 */
civicquiz.computedNumber = (() => {
	"use strict";
	const { Malformed, ownValue, register } = civicquiz;
	const { readMapping } = civicquiz.shared;
	const { intervalShare, intervalTokens, drawNumber, readNumber } = civicquiz.numberEntry;

	/** @type {Civicquiz["computedNumber"]["setName"]} */
	const setName = ({ variables }, numbers) => variables.map((name) => numbers[name]).join(" ");

	/** @type {Civicquiz["computedNumber"]["requireVariant"]} */
	function requireVariant(variants, response) {
		const isTheirs = (/** @type {Texts} */ variant) =>
			Object.entries(variant).every(([name, number]) => response[name] === number);
		if (!variants.some(isTheirs)) throw new Malformed("not_readable");
	}

	/** The rule for the numbers of a response, as VariantsRule.of_set.
	 * @param {VariantsRule} rule @param {Texts} response */
	function ruleFor(rule, response) {
		const name = setName(rule, response);
		const [low, high] = rule.answers[name];
		return { low, high, mistakes: ownValue(rule.mistakes || {}, name) };
	}

	register(
		"calculated",
		/** @type {Interaction<"calculated">} */ ({
			typed: "object",
			read(question, response) {
				const { variants } = question;
				const texts = readMapping(response, ["answer", ...Object.keys(variants[0])]);
				if (!texts || !Object.hasOwn(texts, "answer")) return null;
				texts.answer = readNumber(texts.answer, question.numbers, question);
				requireVariant(variants, texts);
				return texts;
			},
			tokens: (response, _, scoring) => (scoring ? intervalTokens(ruleFor(scoring, response), response.answer) : []),
			/** As VariantsRule. */
			share: (scoring, response) => intervalShare(ruleFor(scoring, response), response.answer),
			answer(key, response, question) {
				const numbers = response || question.variant;
				const rule = /** @type {VariantsRule} */ (key.scoring);
				return (numbers && ownValue(key.answers || {}, setName(rule, numbers))) || "";
			},
			draw(question, place) {
				const field = drawNumber(question, place);
				return {
					...field,
					current: () => ({ answer: field.current(), ...question.variant }),
					show: (response, outcome) => field.show(response?.answer, outcome),
				};
			},
		}),
	);

	return { setName, requireVariant };
})();
