/** Which questions a learner gets, and in what order, as civicquiz.grading.arrangement. */
civicquiz.arrangement = (() => {
	"use strict";
	const { ownValue } = civicquiz;

	/** Where `name` comes in the order of `seed`: a number below 2**32. @param {number} seed @param {string} name */
	function rank(seed, name) {
		let value = 2166136261;
		for (const sign of `${seed}:${name}`) value = Math.imul(value ^ sign.charCodeAt(0), 16777619);
		value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
		value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
		return (value ^ (value >>> 16)) >>> 0;
	}

	/** `things` in the order of `seed`. @template T @param {T[]} things @param {number} seed
	 * @param {(thing: T) => string} nameOf */
	const inOrder = (things, seed, nameOf) => [...things].sort((a, b) => rank(seed, nameOf(a)) - rank(seed, nameOf(b)));

	/** Each section with the questions that a learner gets, in that learner's order. A quiz without sections is one.
	 * @param {Quiz} quiz @param {number} seed @returns {ArrangedSection[]} */
	function arranged(quiz, seed) {
		const questions = Object.fromEntries(quiz.questions.map((question) => [question.id, question]));
		const shuffle = quiz.shuffle || [];
		const whole = { questions: quiz.questions.map(({ id }) => id), pick: quiz.pick };
		return (quiz.sections || [whole]).map((section) => {
			let ids = section.questions.filter((id) => ownValue(questions, id));
			const picked = inOrder(ids, seed, (id) => `pick ${id}`).slice(0, section.pick);
			ids = ids.filter((id) => picked.includes(id));
			if (shuffle.includes("questions")) {
				ids = inOrder(ids, seed, (id) => `next ${id}`);
				ids = inOrder(ids, seed, (id) => questions[id].stimulus || id); // the questions on one stimulus stay together
			}
			const ofSeed = (/** @type {Question} */ question) =>
				withNumbers(question, question.variants?.[ownSet(question, seed)]);
			const ofLearner = (/** @type {string} */ id) =>
				withOptionsInOrder(ofSeed(questions[id]), seed, shuffle.includes("options"));
			return { ...section, questions: ids.map(ofLearner) };
		});
	}

	/** HTML, or whatever has HTML in it, with numbers in place of their {names}.
	 * @template T @param {T} value @param {Texts} numbers @param {NumberStyle} [style] @returns {T} */
	function filled(value, numbers, style) {
		/** @param {any} part @returns {any} */
		const fill = (part) => {
			if (typeof part === "string")
				return part.replace(/\{(\w+)\}/g, (all, name) => {
					const number = ownValue(numbers, name);
					return number ? civicquiz.numberEntry.written(number, style) : all;
				});
			if (Array.isArray(part)) return part.map(fill);
			if (part === null || typeof part !== "object") return part;
			return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, fill(inner)]));
		};
		return fill(value);
	}

	/** A question with one of its sets of numbers, in its texts and as `variant`.
	 * @param {Question} question @param {Texts} [variant] @returns {Question} */
	function withNumbers(question, variant) {
		if (!variant) return question;
		const { variants, ...texts } = question;
		return /** @type {Question} */ ({ ...filled(texts, variant, question.numbers), variants, variant });
	}

	/** Which set of numbers a learner gets. @param {Question} question @param {number} seed */
	const ownSet = ({ id, drawnFor, variants = [] }, seed) => rank(seed, drawnFor || id) % variants.length;

	/** @type {Civicquiz["arrangement"]["withOwnNumbers"]} */
	function withOwnNumbers(question, key, seed, response) {
		const { variants = [], numbers: style } = question;
		// The numbers in a response count, wherever it comes from.
		const isAnswered = civicquiz.isAnswered(question, response);
		const given = variants.findIndex((variant) =>
			Object.entries(variant).every(([name, number]) => isAnswered && ownValue(response, name) === number),
		);
		const own = given < 0 ? ownSet(question, seed) : given;
		const numbers = { ...variants[own], ...key.numbers?.[own] };
		const { explanation, feedback } = key;
		return {
			question: withNumbers(question, variants[own]),
			key: { ...key, ...filled({ explanation, feedback }, numbers, style) },
		};
	}

	/** @type {Civicquiz["arrangement"]["stimuliFor"]} */
	const stimuliFor = ({ stimuli = {} }, seed) =>
		Object.fromEntries(
			Object.entries(stimuli).map(([name, stimulus]) => {
				const { variants, numbers } = stimulus;
				return [name, variants ? filled(stimulus, variants[rank(seed, name) % variants.length], numbers) : stimulus];
			}),
		);

	/** A question with its options in the learner's order, where they have no order of their own.
	 * @param {Question} question @param {number} seed @param {boolean} isShuffled @returns {Question} */
	function withOptionsInOrder(question, seed, isShuffled) {
		if (!isShuffled || question.fixed || "passage" in question) return question;
		const lists = /** @type {const} */ (["options", "targets"]).flatMap((name) => {
			const options = /** @type {any} */ (question)[name];
			return options ? [[name, inOrder(options, seed, ({ id }) => `${question.id} ${id}`)]] : [];
		});
		return { ...question, ...Object.fromEntries(lists) };
	}

	return { rank, arranged, withOwnNumbers, stimuliFor };
})();
