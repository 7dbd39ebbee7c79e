/** Which questions a learner gets, and in what order, as civicquiz.grading.arrangement. */
civicquiz.arrangement = (() => {
	"use strict";
	const { forLearner, ownValue } = civicquiz;

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
			const ofLearner = (/** @type {string} */ id) =>
				withOptionsInOrder(forLearner(questions[id], seed), seed, shuffle.includes("options"));
			return { ...section, questions: ids.map(ofLearner) };
		});
	}

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

	return { rank, arranged };
})();
