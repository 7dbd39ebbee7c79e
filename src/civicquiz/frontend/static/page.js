/** The host of a page: gives each quiz its model, grades with the page's key, keeps answers in the browser. */
civicquiz.shelves = (() => {
	"use strict";
	const { ownValue } = civicquiz;
	// Answers belong to this book, or to the folder of a single page.
	const script = /** @type {HTMLScriptElement} */ (document.currentScript);
	const book = civicquiz.book || new URL(script.src ? "../.." : ".", script.src || location.href).href;

	const BY_QUESTION = /** @type {const} */ (["responses", "checked", "attempts", "notes"]);

	/** Where answers are kept; a browser may refuse to say. */
	const storage = () => civicquiz.storage || localStorage;

	const shelfOf = (/** @type {string} */ path) => `civicquiz:${book}:${path}`;
	const isTable = (/** @type {any} */ value) => Boolean(value) && typeof value === "object" && !Array.isArray(value);

	/** What is kept under a name, as far as it has the right shape. @param {string} name */
	function kept(name) {
		let found = null;
		try {
			found = JSON.parse(storage().getItem(name) || "");
		} catch {} // nothing there, or nothing of ours
		/** @param {any} table @param {(value: any) => boolean} [isFit] @returns {Record<string, any>} */
		const fit = (table, isFit = () => true) =>
			Object.fromEntries(Object.entries(isTable(table) ? table : {}).filter(([, value]) => isFit(value)));
		// Two tables have other names there, as in the response file of a notebook.
		const { responses, checked, attempts, marks, session, reviews } = isTable(found) ? found : {};
		return {
			responses: fit(responses),
			checked: fit(checked, (settled) => typeof settled === "boolean"),
			attempts: fit(attempts, (count) => Number.isInteger(count) && count >= 0),
			notes: fit(marks, isTable),
			overall: fit(session),
			reviews: isTable(reviews) ? reviews : undefined,
		};
	}

	/** @type {Shelves["opened"]} */
	function opened({ quiz, key: encoded, path }) {
		// A practice page carries the key; one that only saves answers does not.
		const key = encoded
			? JSON.parse(encoded.replace(/[!-~]/g, (sign) => String.fromCharCode(33 + ((sign.charCodeAt(0) + 1) % 94))))
			: null;
		return {
			shelf: shelfOf(path || quiz.name),
			keyed: {
				quiz,
				keyOf(id, { overall }) {
					const { cites = [], ...own } = {
						...key.questions[id],
						...ownValue(ownValue(key.translations, overall.language) || {}, id),
					};
					return { ...own, sources: cites.map((/** @type {string} */ cited) => key.claims[cited]) };
				},
			},
		};
	}

	/** Words by language: a quiz leaves out those that one above it on the page has. @type {Record<string, Strings>} */
	const words = {};

	/** @type {Shelves["modelOf"]} */
	function modelOf(content) {
		const { act, restored, verdict } = civicquiz.session;
		const { quiz, anchor } = content;
		for (const texts of [quiz, ...Object.values(quiz.translations || {})])
			texts.strings = words[`${texts.locale}`] = { ...words[`${texts.locale}`], ...texts.strings };
		const { shelf, keyed } = opened(content);
		const ids = quiz.questions.map(({ id }) => id);
		const found = kept(shelf);
		let session = restored(quiz, found, quiz.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
		const numbers = ids
			.flatMap((id, index) => (id in found.responses && !(id in session.responses) ? index + 1 : []))
			.join(", ");
		let isSaved = true;
		let isAtRisk = false;
		/** @type {Record<string, any>} */
		const state = { quiz, anchor, shelf, outcomes: {}, page: true };
		const events = new EventTarget();
		/** @param {Record<string, any>} values */
		const set = (values) => {
			Object.assign(state, values);
			for (const name of Object.keys(values)) events.dispatchEvent(new Event(`change:${name}`));
		};
		/** @type {Set<string>} */
		const unsaved = new Set();
		/** Shows the session, with new outcomes of some questions. @param {string[]} touched */
		const show = (touched) => {
			const outcomes = { ...state.outcomes };
			for (const id of touched) {
				const outcome = verdict(keyed, session, id);
				if (outcome) outcomes[id] = outcome;
				else delete outcomes[id];
			}
			const { responses, notes, overall } = session;
			const { strings } = { ...quiz, ...ownValue(quiz.translations || {}, overall.language) };
			const place = isSaved ? strings.saved_browser : strings.not_saved_browser;
			const notice = numbers ? `${strings.question_changed.replace("{numbers}", numbers)} ${place}` : place;
			const saves = Object.fromEntries([...unsaved].map((id) => [id, "not_saved"]));
			set({ responses, notes, outcomes, overall, notice, saves });
		};

		// No others: they may have been answered in another tab since.
		/** @param {Iterable<string>} changed */
		const merged = (changed) => {
			const now = kept(shelf);
			for (const id of changed) {
				if (now.reviews && !Object.hasOwn(session.responses, id)) delete now.reviews[id];
				for (const table of BY_QUESTION)
					if (Object.hasOwn(session[table], id)) now[table][id] = session[table][id];
					else delete now[table][id];
			}
			const { notes: marks, overall, ...tables } = now;
			return { saved: new Date().toISOString(), ...tables, marks, session: { ...overall, ...session.overall } };
		};
		/** @param {string[]} changed */
		const save = (changed) => {
			for (const id of changed) unsaved.add(id);
			try {
				storage().setItem(shelf, JSON.stringify(merged(unsaved)));
				unsaved.clear();
				isSaved = true;
				isAtRisk = false;
				// A browser tells only other tabs.
				dispatchEvent(new CustomEvent("civicquiz", { detail: { shelf, model } }));
			} catch {
				isSaved = false;
				isAtRisk = [...unsaved].some((id) => Object.hasOwn(session.responses, id));
			}
		};

		const saveChanges = () => {
			const before = session;
			const { responses, notes, overall } = state;
			session = { ...before, responses, notes, overall };
			const changed = ids.filter((id) =>
				BY_QUESTION.some((table) => ownValue(before[table], id) !== ownValue(session[table], id)),
			);
			if (changed.length || before.overall !== overall) save(changed);
			show(before.overall.language === overall.language ? [] : ids);
		};

		const download = () => {
			const content = { schema: 1, quiz: quiz.name, content_hash: quiz.version, learner: quiz.learner, ...merged(ids) };
			isAtRisk = false;
			const link = document.createElement("a");
			link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
			link.download = `${quiz.name}.responses.json`;
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 6e4); // some browsers read it after the click
		};

		/** @param {any} message */
		const send = (message) => {
			if (message.type === "file") return download();
			const step = act(keyed, session, message);
			session = step.session;
			save(step.touched);
			show(step.touched);
		};

		const restore = () => {
			session = restored(quiz, kept(shelf), session.overall.seed);
			show(ids);
		};
		try {
			storage().setItem(`${shelf}?`, ""); // tells at once whether this browser keeps anything
			storage().removeItem(`${shelf}?`);
		} catch {
			isSaved = false;
		}
		addEventListener("beforeunload", (event) => isAtRisk && event.preventDefault());
		addEventListener("storage", ({ key: changed }) => changed === shelf && restore());
		addEventListener("civicquiz", (event) => {
			const { detail } = /** @type {CustomEvent} */ (event);
			if (detail.shelf === shelf && detail.model !== model) restore();
		});

		/** @type {Model} */
		const model = {
			get: (name) => state[name],
			set: (name, value) => set({ [name]: value }),
			save_changes: saveChanges,
			send,
			on: (name, callback) => events.addEventListener(name, callback),
			off: (name, callback) => events.removeEventListener(name, callback),
		};
		show(ids);
		if (quiz.seeded) save([]);
		civicquiz.languages?.follow(model);
		return model;
	}

	// A page may be sent the script twice.
	/** @type {NodeListOf<HTMLElement>} */
	const places = document.querySelectorAll(".civicquiz-static:not([data-started])");
	for (const el of places) {
		el.dataset.started = "";
		civicquiz.render({ el, model: modelOf(JSON.parse(el.querySelector("script")?.textContent || "")) });
	}
	return { storage, shelfOf, kept, opened, modelOf };
})();
