// @ts-check
/// <reference path="./quiz.js" />
/**
 * The session of one learner on one quiz, as civicquiz.grading.session: what each action does to it, and what the learner
 * is told. Session in, session out; tests/session_cases.json and a property test hold the two together. For pages, which
 * have no kernel.
 */
(() => {
	"use strict";
	const { at, grade, read, interactions, extras, Malformed } = civicquiz;
	const MISSED = ["incorrect", "partly", "unanswered"];

	/** Calls `grade`, or returns what `otherwise` makes of a response that cannot be graded.
	 * @template T @param {() => T} attempt @param {(code: string) => T} otherwise @returns {T} */
	function orMalformed(attempt, otherwise) {
		try {
			return attempt();
		} catch (error) {
			if (!(error instanceof Malformed)) throw error;
			return otherwise(error.code);
		}
	}

	/** What a response earns; null where there is none, but for a settled question. Throws on a malformed one.
	 * @param {Keyed} keyed @param {Session} session @param {string} id @param {any} response @param {boolean} settled */
	function graded({ quiz, keyOf }, session, id, response, settled) {
		const [question] = quiz.questions.filter((shown) => shown.id === id);
		const { hint } = at(session.notes, id) || {};
		const about = { settled, hint: hint === true, attempts: at(session.attempts, id) };
		return grade(extras.mine(question, session.overall.seed), keyOf(id, session), response, about, quiz);
	}

	/** What the learner is told about a question; null while it is open, and in a quiz without feedback. Half a number
	 * counts as no answer once a question is settled.
	 * @param {Keyed} keyed @param {Session} session @param {string} id @returns {Outcome | null} */
	function verdict(keyed, session, id) {
		const settled = at(session.checked, id);
		if (keyed.quiz.feedback === "none" || settled === undefined) return null;
		return orMalformed(
			() => graded(keyed, session, id, at(session.responses, id), settled),
			() => (settled ? graded(keyed, session, id, null, settled) : null),
		);
	}

	/** The session without what these tables of it say about some questions.
	 * @param {Session} session @param {string[]} ids @param {(keyof Session)[]} tables @returns {Session} */
	function without(session, ids, ...tables) {
		const rest = (/** @type {keyof Session} */ table) =>
			Object.fromEntries(Object.entries(session[table]).filter(([id]) => !ids.includes(id)));
		return { ...session, ...Object.fromEntries(tables.map((table) => [table, rest(table)])) };
	}

	/** @param {Session} session @param {string} id @param {boolean} settled */
	const checked = (session, id, settled) => ({ ...session, checked: { ...session.checked, [id]: settled } });

	/** One attempt more at a question. Where none is left (they were used up in another window, or the author has lowered
	 * their number since), it is settled as it is. A text that a person reads may be changed without end.
	 * @param {Keyed} keyed @param {Session} session @param {string} id @param {Outcome} outcome @param {boolean} settled */
	function attempted(keyed, session, id, outcome, settled) {
		const used = at(session.attempts, id) || 0;
		const left = used < (keyed.quiz.attempts || Infinity) || outcome.status === "needs-review";
		const counted = left ? { ...session, attempts: { ...session.attempts, [id]: used + 1 } } : session;
		const next = checked(counted, id, settled || !left);
		const told = verdict(keyed, next, id);
		return checked(next, id, !told || told.settled);
	}

	/** What each action does to the named questions. @type {Record<string, (keyed: Keyed, session: Session, ids: string[], message: any) => Step>} */
	const actions = {
		/** Grade a response and count the attempt. A question that is checked already stays as it is until it is retried. */
		check(keyed, session, [id], { response }) {
			const touched = [id];
			if (verdict(keyed, session, id)) return { session, touched };
			const open = without(session, touched, "checked", "responses");
			if (response !== null && response !== undefined) open.responses[id] = response;
			return orMalformed(
				() => {
					const outcome = graded(keyed, open, id, response, false);
					return { session: outcome ? attempted(keyed, open, id, outcome, false) : open, touched };
				},
				(refusal) => ({ session: open, touched, refusal }),
			);
		},

		/** Tell the answer to a question that has been checked. */
		reveal: (keyed, session, [id]) =>
			verdict(keyed, session, id) ? { session: checked(session, id, true), touched: [id] } : { session, touched: [] },

		/** Open a question again: until its answer has been told, or while a text waits for its reader. */
		retry(keyed, session, [id]) {
			const told = verdict(keyed, session, id);
			if (!told || (told.settled && told.status !== "needs-review")) return { session, touched: [] };
			return { session: without(session, [id], "checked"), touched: [id] };
		},

		/** Settle these questions. What stands open and can be graded is one attempt more; the rest is no answer. */
		finish(keyed, session, ids) {
			const touched = [];
			for (const id of ids) {
				const told = verdict(keyed, session, id);
				if (told && told.settled) continue;
				touched.push(id);
				const current = session;
				const outcome = told ? null : orMalformed(() => graded(keyed, current, id, at(current.responses, id), false), () => null);
				session = outcome ? attempted(keyed, session, id, outcome, true) : checked(session, id, true);
			}
			return { session, touched };
		},

		/** Empty those of these questions that were missed and have an attempt left. */
		again(keyed, session, ids) {
			const touched = ids.filter((id) => {
				const told = verdict(keyed, session, id);
				return told && MISSED.includes(told.status) && (at(session.attempts, id) || 1) < (keyed.quiz.attempts || Infinity);
			});
			return { session: without(session, touched, "responses", "checked"), touched };
		},
	};

	/** One thing that the learner did, as quiz.js sends it; anything else changes nothing.
	 * @param {Keyed} keyed @param {Session} session @param {any} message @returns {Step} */
	function act(keyed, session, message) {
		const { quiz } = keyed;
		const shown = quiz.questions.map(({ id }) => id);
		if (message.type === "reset") {
			// The seed and the language stay: the learner sees the same quiz, empty.
			const empty = without(session, shown, "responses", "checked", "attempts", "notes");
			return { session: { ...empty, overall: { ...session.overall, started: 0, extra: 0, finished: false } }, touched: shown };
		}
		const named = Array.isArray(message.questions) ? message.questions : [message.question];
		const ids = named.filter((/** @type {any} */ id) => shown.includes(id));
		const action = at(actions, message.type);
		return quiz.feedback === "none" || !ids.length || !action ? { session, touched: [] } : action(keyed, session, ids, message);
	}

	/** What of a kept session still fits the questions, as their author has them now. Half a number is still what the
	 * learner typed; ids that are gone cannot be shown. `seed` is for a learner who has none yet.
	 * @param {Quiz} quiz @param {Session} kept @param {number} seed @returns {Session} */
	function restored(quiz, kept, seed) {
		/** @type {Session} */
		const session = { responses: {}, checked: {}, attempts: {}, notes: {}, overall: { seed, ...kept.overall } };
		for (const question of quiz.questions) {
			const { id } = question;
			const [response, settled] = [at(kept.responses, id), at(kept.checked, id)];
			for (const table of /** @type {const} */ (["attempts", "notes"]))
				if (Object.hasOwn(kept[table], id)) session[table][id] = kept[table][id];
			const { typed } = interactions[question.interaction];
			const isHalf = typeof response === typed && !Array.isArray(response);
			const state = orMalformed(() => (read(question, response) === null ? "empty" : "full"), () => (isHalf ? "empty" : "gone"));
			if (state === "gone") continue;
			if (response !== null && response !== undefined) session.responses[id] = response;
			if (settled !== undefined && (settled || state === "full") && quiz.feedback !== "none") session.checked[id] = settled;
		}
		return session;
	}

	Object.assign(civicquiz, { session: { act, restored, verdict } });
})();
