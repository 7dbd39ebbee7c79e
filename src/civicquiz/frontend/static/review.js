/** Spaced review: {quiz-review}. What was checked in a quiz comes up again after some days, by the rule of ts-fsrs. */
civicquiz.review = (() => {
	"use strict";
	const { isScored, ownValue } = civicquiz;
	const { button, element, format } = civicquiz.elements;
	const { kept, opened, shelfOf, storage } = civicquiz.shelves;
	const DAY = 86_400_000;
	/** how many questions are asked at a time, so that a review can be finished in a few minutes */
	const MOST = 20;
	const NUMBERS = /** @type {const} */ ([
		"stability",
		"difficulty",
		"elapsed_days",
		"scheduled_days",
		"learning_steps",
		"reps",
		"lapses",
		"state",
	]);
	// Whole days, as a class has them, the same for everybody, and nothing is gone for years.
	const scheduler = FSRS.fsrs({ enable_fuzz: false, enable_short_term: false, maximum_interval: 365 });

	/** @type {ReviewScript["reviewed"]} */
	function reviewed(card, isRight, now, version) {
		const { Again, Good } = FSRS.Rating;
		// Where the clock has been set back since the last review, no time has passed.
		const last = card ? Math.min(Date.parse(card.last_review), now) : now;
		const before = card ? { ...card, last_review: new Date(last) } : FSRS.createEmptyCard(new Date(now));
		const { card: next } = scheduler.next(before, new Date(now), isRight ? Good : Again);
		return { ...JSON.parse(JSON.stringify(next)), version };
	}

	/** @type {ReviewScript["isDue"]} */
	function isDue({ due, last_review: last }, now) {
		const wasClockWrong = Date.parse(last) > now + DAY;
		return wasClockWrong || Date.parse(due) < new Date(now).setHours(24, 0, 0, 0);
	}

	/** Whether something is a card of this version of a question, and nobody has damaged it.
	 * @param {any} card @param {string} version */
	const isFit = (card, version) =>
		Boolean(card) &&
		card.version === version &&
		NUMBERS.every((name) => Number.isFinite(card[name]) && card[name] >= 0) &&
		card.stability > 0 &&
		card.difficulty >= 1 &&
		[card.due, card.last_review].every((time) => typeof time === "string" && !Number.isNaN(Date.parse(time)));

	/** @type {ReviewScript["cardsOf"]} */
	function cardsOf(content, found, saved, now) {
		const { keyed } = opened(content);
		const session = civicquiz.session.restored(content.quiz, found, 0);
		const first = Math.min(Date.parse(saved || "") || now, now);
		/** @type {Record<string, Card>} */
		const cards = {};
		if (content.quiz.feedback === "none") return cards; // nothing is told of it, here either
		for (const { id } of content.quiz.questions) {
			const version = ownValue(content.versions || {}, id) || "";
			const card = ownValue(found.reviews || {}, id);
			const outcome = civicquiz.session.verdict(keyed, session, id);
			if (isFit(card, version) && Object.hasOwn(session.responses, id)) cards[id] = card;
			else if (outcome && isScored(outcome) && outcome.status !== "unanswered") {
				const attempts = ownValue(session.attempts, id) || 1;
				cards[id] = reviewed(null, outcome.status === "correct" && attempts === 1, first, version);
			}
		}
		return cards;
	}

	/** @type {ReviewScript["alone"]} */
	function alone(quiz, id) {
		/** @param {any} texts */
		const only = ({ title, language, locale, strings, stimuli, questions }) => ({
			...{ title, language, locale, strings, stimuli },
			questions: questions.filter((/** @type {Question} */ question) => question.id === id),
		});
		const translations = Object.entries(quiz.translations || {}).map(([language, texts]) => [language, only(texts)]);
		const shown = only(quiz);
		return {
			...shown,
			name: quiz.name,
			version: quiz.version,
			shuffle: (quiz.shuffle || []).filter((what) => what === "options"),
			seeded: quiz.seeded,
			languages: quiz.languages,
			hasSettings: Boolean(shown.questions[0].stimulus),
			translations: Object.fromEntries(translations),
		};
	}

	/** Draws a question as its quiz does, and keeps no answer.
	 * @param {HTMLElement} el @param {Content} content @param {string} id
	 * @param {(outcome: Outcome) => void} answered what to do when it is checked for the first time */
	function ask(el, content, id, answered) {
		const quiz = alone(content.quiz, id);
		const keyed = { quiz, keyOf: opened(content).keyed.keyOf };
		const { language } = kept(shelfOf(content.path || "")).overall;
		/** @type {Session} */
		let session = {
			...{ responses: {}, checked: {}, attempts: {}, notes: {} },
			overall: { seed: crypto.getRandomValues(new Uint32Array(1))[0], language },
		};
		let isFirst = true;
		/** @type {Record<string, any>} */
		const state = { quiz, outcomes: {}, notice: "", saves: {} };
		/** @type {Record<string, (() => void)[]>} */
		const listeners = {};
		const read = () => ({ ...state, ...session });
		/** @param {string} name */
		const tell = (name) => {
			for (const listener of listeners[`change:${name}`] || []) listener();
		};
		const judge = () => {
			const outcome = civicquiz.session.verdict(keyed, session, id);
			state.outcomes = outcome ? { [id]: outcome } : {};
			return outcome;
		};
		/** @type {Model} */
		const model = {
			get: (name) => /** @type {Record<string, any>} */ (read())[name],
			set(name, value) {
				session = { ...session, [name]: value };
				judge(); // in another language, the same outcome has other words
				tell(name);
			},
			save_changes: () => undefined,
			send(message) {
				session = civicquiz.session.act(keyed, session, message).session;
				const outcome = judge();
				for (const name of ["responses", "outcomes"]) tell(name);
				if (!outcome || !isFirst) return;
				isFirst = false;
				answered(outcome);
			},
			on: (name, callback) => (listeners[name] = [...(listeners[name] || []), callback]),
			off: (name, callback) => (listeners[name] = (listeners[name] || []).filter((listener) => listener !== callback)),
		};
		civicquiz.languages?.follow(model);
		return civicquiz.render({ el, model });
	}

	/** Keeps the cards of a quiz with its answers; false where the browser refuses. Cards that no longer fit go.
	 * @param {Content} content @param {(cards: Record<string, Card>, now: number) => Record<string, Card>} change */
	function keep(content, change) {
		const shelf = shelfOf(content.path || "");
		const now = Date.now();
		try {
			const text = storage().getItem(shelf);
			if (text === null) return false;
			const raw = JSON.parse(text); // it may have been changed in another tab
			const reviews = change(cardsOf(content, kept(shelf), raw.saved, now), now);
			const changed = JSON.stringify({ ...raw, reviews: Object.keys(reviews).length ? reviews : undefined });
			if (changed !== text) storage().setItem(shelf, changed);
			return true;
		} catch {
			return false;
		}
	}

	/** @param {Element} place what the page shows without scripts */
	function start(place) {
		if (place.hasAttribute("data-started")) return; // a page may be sent the script twice
		place.setAttribute("data-started", "");
		const island = place.querySelector("script[type='application/json']");
		/** @type {{quizzes: ListedQuiz[], strings: Strings}} */
		const { quizzes, strings } = JSON.parse(island?.textContent || "");
		const language = place.getAttribute("lang") || undefined;
		const dateOf = (/** @type {string} */ due) => new Date(due).toLocaleDateString(language, { dateStyle: "long" });

		const total = /** @type {HTMLElement} */ (place.querySelector(".civicquiz-total"));
		total.tabIndex = -1;
		const question = element("div", {});
		const said = element("p", { role: "status" });
		const next = button("", () => step(), { className: "cq-main", hidden: true });
		place.append(
			question,
			element("div", { className: "civicquiz" }, said, element("div", { className: "cq-actions" }, next)),
		);

		/** what is still to be asked @type {{content: Content, id: string}[]} */
		let queue = [];
		let count = 0;
		let stop = () => {};

		/** The questions that are due, those that have waited longest first, and when the next one is. */
		async function look() {
			const found = await civicquiz.progress.begun(quizzes);
			const now = Date.now();
			/** @type {{content: Content, id: string, card: Card}[]} */
			const all = [];
			for (const [, content] of found) {
				if (!content) continue;
				/** @type {Record<string, Card>} */
				let cards = {};
				keep(content, (current) => (cards = current));
				for (const [id, card] of Object.entries(cards)) all.push({ content, id, card });
			}
			all.sort((a, b) => Date.parse(a.card.due) - Date.parse(b.card.due));
			const due = all.filter(({ card }) => isDue(card, now));
			return { due, later: all.find((entry) => !due.includes(entry))?.card };
		}

		/** Says what there is to do. @param {string} [before] what to say first */
		async function offer(before) {
			let found;
			try {
				found = await look();
			} catch {
				total.textContent = strings.review_no_storage;
				return;
			}
			const due = found.due.length;
			queue = found.due.slice(0, MOST);
			count = queue.length;
			const waiting = found.later ? format(strings, "review_later", { date: dateOf(found.later.due) }) : "";
			const none = found.later ? strings.review_nothing : strings.review_empty;
			total.textContent = [
				before,
				count ? format(strings, "review_due", { count: due }) : before && found.later ? "" : none,
				due > count ? format(strings, "review_part", { count }) : "",
				count ? "" : waiting,
			]
				.filter(Boolean)
				.join(" ");
			next.textContent = strings.review_start;
			next.hidden = !count;
		}

		function step() {
			stop();
			stop = () => {};
			said.textContent = "";
			const entry = queue.shift();
			next.hidden = true;
			question.replaceChildren();
			if (!entry) {
				offer(strings.review_done).then(() => total.focus());
				return;
			}
			total.textContent = format(strings, "review_position", { number: count - queue.length, count });
			stop = ask(question, entry.content, entry.id, ({ status }) => {
				let due = "";
				const isKept = keep(entry.content, (cards, now) => {
					const card = ownValue(cards, entry.id) || null;
					// It may have been asked in another tab, which counted already.
					const isOpen = !card || isDue(card, now);
					const version = ownValue(entry.content.versions || {}, entry.id) || "";
					const changed = isOpen ? reviewed(card, status === "correct", now, version) : card;
					due = changed.due;
					return { ...cards, [entry.id]: changed };
				});
				said.textContent = isKept ? format(strings, "review_again", { date: dateOf(due) }) : strings.review_not_kept;
				next.textContent = strings[queue.length ? "review_next" : "review_finish"];
				next.hidden = false;
			});
			total.focus();
		}

		offer();
		// Another tab may have answered, and another day may have begun; nobody is interrupted for that.
		const refresh = () => question.hasChildNodes() || offer();
		addEventListener("storage", refresh);
		addEventListener("civicquiz", refresh);
		addEventListener("pageshow", ({ persisted }) => persisted && refresh());
		document.addEventListener("visibilitychange", () => document.hidden || refresh());
	}

	const startAll = () => document.querySelectorAll(".civicquiz-review").forEach(start);
	if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
	else startAll();
	return { reviewed, isDue, cardsOf, alone };
})();
