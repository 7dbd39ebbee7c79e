/** What a response earns, as civicquiz.grading.grade. The first script to load: it makes the global of them all. */

/** @type {Civicquiz} */
var civicquiz = (() => {
	"use strict";

	class Malformed extends Error {
		/** @param {Refusal} code @param {Choices} [choices] */
		constructor(code, choices) {
			super(code);
			this.code = code;
			this.choices = choices;
		}
	}

	/** @type {Record<string, Interaction>} */
	const interactions = {};

	/** @type {Civicquiz["interactionOf"]} */
	const interactionOf = (question) => interactions[question.interaction];

	/** @type {Civicquiz["ownValue"]} */
	const ownValue = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

	/** @type {Civicquiz["idsOf"]} */
	const idsOf = (options) => options.map(({ id }) => id);

	/** @type {Civicquiz["read"]} */
	const read = (question, response) =>
		response === null || response === undefined ? null : interactionOf(question).read(question, response);

	/** @type {Civicquiz["mapShare"]} */
	function mapShare({ weights, full, allOrNothing }, tokens) {
		const sum = tokens.reduce((total, token) => total + (ownValue(weights, token) || 0), 0);
		const capped = Math.min(Math.max(sum, 0), full);
		return allOrNothing && capped < full ? 0 : capped / full;
	}

	/** To a millionth of a point. @param {number} score */
	const rounded = (score) => Math.floor(score * 1e6 + 0.5) / 1e6;

	/** @type {Civicquiz["grade"]} */
	function grade(question, key, raw, circumstances = {}, settings = {}) {
		const response = read(question, raw);
		const isEmpty = response === null;
		if (isEmpty && !circumstances.settled) return null;
		const { scoring, feedback = {} } = key;
		const { tokens, share, partScores, answer } = interactionOf(question);
		const found = isEmpty || !tokens ? [] : tokens(response, question, scoring);
		const isVoid = key.void;
		let earned = isVoid ? 1 : 0; // before what further attempts and the hint cost
		let parts;
		if (scoring && !isEmpty && !isVoid) {
			if (partScores) {
				parts = partScores(scoring, response, question);
				const scores = Object.values(parts);
				earned = scores.reduce((sum, score) => sum + score, 0) / scores.length;
			} else earned = share ? share(scoring, response, question) : mapShare(/** @type {MapRule} */ (scoring), found);
		}
		const attempt = circumstances.attempts || 1;
		const hintPenalty = circumstances.hint ? settings.hintPenalty || 0 : 0;
		const cost = isVoid ? 0 : (settings.attemptPenalty || 0) * (attempt - 1) + hintPenalty;
		const kept = earned * Math.max(0, 1 - cost);
		/** @type {Outcome} */
		const outcome = {
			status: isEmpty
				? "unanswered"
				: earned === 1
					? "correct"
					: !scoring
						? question.points
							? "needs-review"
							: "unscored"
						: earned
							? "partly"
							: "incorrect",
			score: kept === 1 ? question.points : rounded(question.points * kept),
			max: question.points,
			settled: earned === 1 || !scoring || Boolean(circumstances.settled) || attempt >= (settings.attempts || Infinity),
			feedback: found
				.filter((token) => ownValue(feedback, token))
				.map((token) => ({ id: token, html: feedback[token] })),
		};
		if (settings.attempts) outcome.attempt = attempt;
		if (outcome.settled) {
			outcome.answer = answer ? answer(key, response, question) : key.answer;
			outcome.explanation = key.explanation;
			outcome.sources = key.sources;
			if (parts) outcome.parts = parts;
		}
		return outcome;
	}

	/** @type {Civicquiz["orMalformed"]} */
	function orMalformed(attempt, otherwise) {
		try {
			return attempt();
		} catch (error) {
			if (!(error instanceof Malformed)) throw error;
			return otherwise(error);
		}
	}

	return {
		Malformed,
		orMalformed,
		ownValue,
		isScored: ({ status }) => !["needs-review", "unscored"].includes(status),
		register(name, interaction) {
			interactions[name] = interaction;
		},
		interactionOf,
		idsOf,
		readIds(options, response) {
			const known = idsOf(options);
			const isList = Array.isArray(response) && new Set(response).size === response.length;
			if (!isList || response.some((id) => !known.includes(id))) throw new Malformed("not_readable");
			return response.length ? response : null;
		},
		read,
		isAnswered: (question, response) =>
			orMalformed(
				() => read(question, response) !== null,
				() => false,
			),
		grade,
		mapShare,
	};
})();
