/** One question at a time: the list of the questions, the way from one to the next, and which of them is in view. */
civicquiz.paging = (() => {
	"use strict";
	const { orMalformed, ownValue, read } = civicquiz;
	const { button, element, format, line } = civicquiz.elements;
	/** As in paging.css. */
	const SMALL = "(max-width: 30rem)";

	/** Which question was in view, by quiz: another language draws the quiz again. @type {Map<string, string>} */
	const remembered = new Map();

	/** Keeps on this device which question is in view. @param {Model} model */
	function placeOf(model) {
		const key = `${model.get("shelf") || `civicquiz:${model.get("quiz").store}`}#`;
		/** A browser may refuse; then only this page knows. @template T @param {(storage: AnswerStorage) => T} use */
		const attempt = (use) => {
			try {
				return use(civicquiz.storage || localStorage);
			} catch {
				return null;
			}
		};
		return {
			/** The id of the question; "" for the summary, undefined for a learner who has not been here. */
			read: () => remembered.get(key) ?? attempt((storage) => storage.getItem(key)) ?? undefined,
			/** @param {string} id */
			keep(id) {
				remembered.set(key, id);
				attempt((storage) => storage.setItem(key, id));
			},
		};
	}

	/** @param {Question} question @param {any} response */
	const isReadable = (question, response) =>
		orMalformed(
			() => [read(question, response)],
			() => null,
		);

	/** What the list says of a question, for eyes (a name for paging.css) and in words.
	 * @type {PagingScript["stateOf"]} */
	function stateOf(question, { response, outcome, isAnswered, isFlagged }, strings) {
		const rest = () =>
			isReadable(question, response) ? ["open", strings.summary_open] : ["unreadable", strings.summary_unreadable];
		const seen = () => (isAnswered ? ["answered", strings.summary_answered] : rest());
		const [name, words] = outcome ? [outcome.status, strings[outcome.status]] : seen();
		return { name, words: isFlagged ? `${words}, ${strings.flagged}` : words };
	}

	/** Whether a link to this card has been followed. @param {HTMLElement} card */
	const isLinked = (card) => encodeURI(`#${card.id}`) === location.hash;

	/** @type {PagingScript["draw"]} */
	function draw({ quiz, model, root, title, cards, summary, heading, below }, leads = []) {
		const { strings, questions } = quiz;
		const count = questions.length;
		const place = placeOf(model);
		/** the index of the question in view; `count` for the summary */
		let current = 0;

		const where = line("cq-label cq-where", "", { role: "heading", "aria-level": "3", tabIndex: -1 });
		heading.tabIndex = -1;
		/** @param {string} label @param {number} index */
		const drawEntry = (label, index) => button(label, () => choose(index), { className: "cq-page" });
		const entries = questions.map((_, index) => drawEntry(String(index + 1), index));
		entries.push(drawEntry(strings.summary, count));
		const name = element("summary", { id: `${title.id}-list`, textContent: strings.all_questions });
		const list = element("details", {}, name, element("ol", {}, ...entries.map((entry) => element("li", {}, entry))));
		list.open = !matchMedia(SMALL).matches;
		const nav = element("nav", { className: "cq-pages", "aria-labelledby": `${name.id} ${title.id}` }, list);
		const previous = button(strings.previous, () => show(current - 1));
		const next = button(strings.next, () => show(current + 1));
		const steps = element("div", { className: "cq-actions cq-steps" }, previous, next);
		/** @type {HTMLElement} */ (root.querySelector(".cq-clock") || title).after(nav, where);
		root.append(steps, ...below); // what is said there concerns every question

		// Its number is above it on the screen, and in it on paper, where all questions are.
		cards.forEach((card, index) => {
			const number = /** @type {HTMLElement} */ (card.querySelector(".cq-number-of"));
			const position = `${format(strings, "question", { number: index + 1, count })} · `;
			const rest = (number.textContent || "").slice(position.length);
			number.replaceChildren(element("span", { className: "cq-on-paper", textContent: position }), rest);
		});

		const parts = [
			...leads,
			...[...cards, summary].map((part, index) => ({ element: part, first: index, last: index })),
		];
		const turn = () => {
			for (const { element: part, first, last } of parts)
				part.classList.toggle("cq-away", current < first || current > last);
			where.hidden = current === count;
			where.textContent = format(strings, "question", { number: current + 1, count });
			previous.hidden = !current;
			next.hidden = current === count;
			entries.forEach((entry, index) => {
				if (index === current) entry.setAttribute("aria-current", "true");
				else entry.removeAttribute("aria-current");
			});
		};
		/** @type {ReturnType<PagingScript["draw"]>["show"]} */
		const show = (index, block = "nearest") => {
			// The address goes along where it names a question of this quiz, for people who copy it or load it again.
			const isNamed = cards.some(isLinked);
			current = index;
			turn();
			const card = cards[index];
			place.keep(card ? questions[index].id : "");
			if (isNamed) history.replaceState(history.state, "", encodeURI(`#${card?.id ?? ""}`));
			const target = card ? where : heading;
			target.focus({ preventScroll: true });
			target.scrollIntoView({ block });
		};
		/** @param {number} index */
		const choose = (index) => {
			if (matchMedia(SMALL).matches) list.open = false; // it would fill the screen
			show(index);
		};
		const follow = () => {
			const index = cards.findIndex(isLinked);
			if (index >= 0) show(index, "start");
		};
		addEventListener("hashchange", follow);

		const last = place.read();
		const kept = last === "" ? count : questions.findIndex(({ id }) => id === last);
		if (kept > 0) current = kept;
		turn();
		return {
			show,
			follow() {
				follow();
				// Until then, the browser itself takes the focus away and moves the page.
				if (document.readyState !== "complete") addEventListener("load", follow, { once: true });
			},
			stop: () => removeEventListener("hashchange", follow),
			update({ outcomeOf, isAnswered, isFlagged }) {
				questions.forEach((question, index) => {
					const known = {
						response: ownValue(model.get("responses"), question.id),
						outcome: outcomeOf(question),
						isAnswered: isAnswered(question),
						isFlagged: isFlagged(question),
					};
					const { name: state, words } = stateOf(question, known, strings);
					const entry = entries[index];
					entry.dataset.state = state;
					entry.classList.toggle("cq-flagged", known.isFlagged);
					entry.ariaLabel = `${format(strings, "go_to", { number: index + 1 })}: ${words}`;
				});
			},
		};
	}

	return { draw, stateOf };
})();
