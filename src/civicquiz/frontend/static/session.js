/** The session of a learner, as civicquiz.grading.session, for pages, which have no kernel. */
civicquiz.session = (() => {
	"use strict";
	const { grade, interactionOf, isScored, orMalformed, ownValue, read } = civicquiz;
	const MISSED = ["incorrect", "partly", "unanswered"];

	/** @type {SessionRules["graded"]} */
	function graded({ quiz, keyOf }, session, id, response, settled) {
		const { language, seed } = session.overall;
		const translated = ownValue(quiz.translations || {}, language)?.questions || [];
		const [question] = [...translated, ...quiz.questions].filter((candidate) => candidate.id === id);
		const key = keyOf(id, session);
		const { hint } = ownValue(session.notes, id) || {};
		const circumstances = { settled, hint: hint === true, attempts: ownValue(session.attempts, id) };
		const own = question.variants
			? civicquiz.arrangement.withOwnNumbers(question, key, seed, response)
			: { question, key };
		return grade(own.question, own.key, response, circumstances, quiz);
	}

	/** @type {SessionRules["verdict"]} */
	function verdict(keyed, session, id) {
		const settled = ownValue(session.checked, id);
		if (keyed.quiz.feedback === "none" || settled === undefined) return null;
		return orMalformed(
			() => graded(keyed, session, id, ownValue(session.responses, id), settled),
			// Half a number counts as no answer once a question is settled.
			() => (settled ? graded(keyed, session, id, null, settled) : null),
		);
	}

	/** @type {SessionRules["without"]} */
	function without(session, ids, ...tables) {
		const rest = tables.map((table) => [
			table,
			Object.fromEntries(Object.entries(session[table]).filter(([id]) => !ids.includes(id))),
		]);
		return { ...session, ...Object.fromEntries(rest) };
	}

	/** @type {SessionRules["checked"]} */
	const checked = (session, id, settled) => ({ ...session, checked: { ...session.checked, [id]: settled } });

	/** @type {SessionRules["attempted"]} */
	function attempted(keyed, session, id, outcome, settled) {
		const used = ownValue(session.attempts, id) || 0;
		// Another window may have used them up, or there are fewer now; what is not scored has no limit.
		const left = used < (keyed.quiz.attempts || Infinity) || !isScored(outcome);
		const counted = left ? { ...session, attempts: { ...session.attempts, [id]: used + 1 } } : session;
		const next = checked(counted, id, settled || !left);
		const shown = verdict(keyed, next, id);
		return checked(next, id, !shown || shown.settled);
	}

	/** @type {Record<string, Action>} */
	const actions = {
		check(keyed, session, [id], { response }) {
			const touched = [id];
			if (verdict(keyed, session, id)) return { session, touched }; // stays as it is until it is retried
			const open = without(session, touched, "checked", "responses");
			if (response !== null && response !== undefined) open.responses[id] = response;
			return orMalformed(
				() => {
					const outcome = graded(keyed, open, id, response, false);
					return { session: outcome ? attempted(keyed, open, id, outcome, false) : open, touched };
				},
				({ code: refusal }) => ({ session: open, touched, refusal }),
			);
		},

		reveal: (keyed, session, [id]) =>
			verdict(keyed, session, id) ? { session: checked(session, id, true), touched: [id] } : { session, touched: [] },

		retry(keyed, session, [id]) {
			const shown = verdict(keyed, session, id);
			if (!shown || (shown.settled && isScored(shown))) return { session, touched: [] };
			return { session: without(session, [id], "checked"), touched: [id] };
		},

		finish(keyed, before, ids) {
			let session = before;
			const touched = [];
			for (const id of ids) {
				const shown = verdict(keyed, session, id);
				if (shown?.settled) continue;
				touched.push(id);
				const current = session;
				const response = ownValue(current.responses, id);
				// What is open and can be graded is one more attempt; the rest counts as no answer.
				const outcome = shown
					? null
					: orMalformed(
							() => graded(keyed, current, id, response, false),
							() => null,
						);
				session = outcome ? attempted(keyed, session, id, outcome, true) : checked(session, id, true);
			}
			return { session, touched };
		},

		again(keyed, session, ids) {
			const touched = ids.filter((id) => {
				const shown = verdict(keyed, session, id);
				const used = ownValue(session.attempts, id) || 1;
				return shown && MISSED.includes(shown.status) && used < (keyed.quiz.attempts || Infinity);
			});
			return { session: without(session, touched, "responses", "checked"), touched };
		},
	};

	return {
		verdict,

		act(keyed, session, message) {
			const { quiz } = keyed;
			const known = quiz.questions.map(({ id }) => id);
			if (message.type === "reset") {
				// No attempt is given back. The seed and the language stay: the learner sees the same quiz, empty.
				const touched = known.filter((id) => !(quiz.attempts && verdict(keyed, session, id)?.settled));
				/** @type {(keyof Session)[]} */
				const counted = quiz.attempts ? [] : ["attempts", "notes"];
				const empty = without(session, touched, "responses", "checked", ...counted);
				const overall = { ...session.overall, started: 0, extra: 0, finished: false };
				return { session: { ...empty, overall }, touched };
			}
			const named = Array.isArray(message.questions) ? message.questions : [message.question];
			const ids = named.filter((/** @type {any} */ id) => known.includes(id));
			const action = ownValue(actions, message.type);
			if (quiz.feedback === "none" || !ids.length || !action) return { session, touched: [] };
			return action(keyed, session, ids, message);
		},

		restored(quiz, kept, seed) {
			/** @type {Session} */
			const session = { responses: {}, checked: {}, attempts: {}, notes: {}, overall: { seed, ...kept.overall } };
			for (const question of quiz.questions) {
				const { id } = question;
				const [response, settled] = [ownValue(kept.responses, id), ownValue(kept.checked, id)];
				const { typed } = interactionOf(question);
				const isHalf = typeof response === typed && !Array.isArray(response);
				const state = orMalformed(
					() => (read(question, response) === null ? "empty" : "full"),
					() => (isHalf ? "empty" : "gone"),
				);
				if (state === "gone") continue;
				for (const table of /** @type {const} */ (["attempts", "notes"]))
					if (Object.hasOwn(kept[table], id)) session[table][id] = kept[table][id];
				if (response !== null && response !== undefined) session.responses[id] = response;
				if (settled !== undefined && (settled || state === "full") && quiz.feedback !== "none")
					session.checked[id] = settled;
			}
			return session;
		},
	};
})();
