// @ts-check
/// <reference path="./quiz.js" />
/**
 * The host of a static page: it gives every quiz on the page the model that quiz.js asks for, grades with the key that a
 * practice page carries, and keeps the answers in localStorage. It sends nothing anywhere. It also opens the notes of
 * citations for the keyboard.
 */
(() => {
	"use strict";
	// Answers belong to this book, or to the folder of a page that stands by itself: others may have quizzes of the same name.
	const script = /** @type {HTMLScriptElement} */ (document.currentScript);
	const book = new URL(script.src ? "../.." : ".", script.src || location.href).href;

	/** @param {Element} place the element that the page shows without JavaScript */
	function start(place) {
		const { at } = civicquiz; // which a page of citations alone does not have
		if (place.hasAttribute("data-started")) return;
		place.setAttribute("data-started", "");
		const island = place.querySelector("script[type='application/json']");
		/** @type {{quiz: Quiz, key?: string}} */
		const { quiz, key: encoded } = JSON.parse((island && island.textContent) || "");
		const shelf = `civicquiz:${book}:${quiz.name}`;
		/** A practice page carries the key; one that only saves answers does not. */
		const key = encoded ? JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0)))) : null;
		const questions = Object.fromEntries(quiz.questions.map((question) => [question.id, question]));

		/** What is kept: by question id, but for the session.
		 * @returns {Record<string, Record<string, any>>} */
		const kept = () => {
			try {
				const found = Object.entries(JSON.parse(localStorage.getItem(shelf) || ""));
				return { ...nothing(), ...Object.fromEntries(found.filter(([, table]) => table && typeof table === "object")) };
			} catch {
				return nothing();
			}
		};
		const nothing = () => ({ responses: {}, checked: {}, attempts: {}, marks: {}, session: {} });
		/** @type {Record<string, any>} */
		const state = { quiz, ...nothing(), outcomes: {}, notice: quiz.strings.saved_browser, page: true };
		/** @type {Record<string, ((...args: any[]) => void)[]>} */
		const listeners = {};
		/** @param {string} name @param {any} value */
		const set = (name, value) => {
			state[name] = value;
			(listeners[`change:${name}`] || []).forEach((callback) => callback());
		};

		/** @param {string} id @param {any} response @param {boolean} [settled] */
		const grade = (id, response, settled) => {
			const { explanation, feedback, cites = [], ...rest } = { ...key.questions[id], ...at(at(key.translations, state.session.language) || {}, id) };
			const sources = cites.map((/** @type {string} */ cited) => key.claims[cited]);
			const { hint } = at(state.marks, id) || {};
			const question = civicquiz.extras.mine(questions[id], state.session.seed);
			// Half a number is no answer once a question is settled.
			const given = settled && !civicquiz.answered(question, response, true) ? null : response;
			return civicquiz.grade(question, { ...rest, explanation, feedback, sources }, given, { settled, hint, attempts: at(state.attempts, id) }, quiz);
		};
		const notice = () => ({ ...quiz, ...at(quiz.translations || {}, state.session.language) }).strings.saved_browser;

		/** Take over what is kept, as far as it fits. */
		const restore = () => {
			const before = kept();
			const seed = state.session.seed || crypto.getRandomValues(new Uint32Array(1))[0];
			Object.assign(state, { attempts: before.attempts, marks: before.marks, session: { seed, ...before.session } });
			/** @type {Record<string, any>} */
			const responses = {};
			/** @type {Record<string, any>} */
			const outcomes = {};
			for (const [id, question] of Object.entries(questions)) {
				const response = at(before.responses, id);
				const checked = at(before.checked, id);
				const fits = civicquiz.answered(question, response, true) || response === undefined;
				// Half a number is still what the learner typed; ids that an edited quiz no longer has cannot be shown.
				if (!fits && response && typeof response !== civicquiz.interactions[question.interaction].typed) continue;
				const outcome = key && checked !== undefined && (fits || checked) ? grade(id, response, checked) : null;
				if (outcome) outcomes[id] = outcome;
				if (response !== undefined) responses[id] = response;
			}
			set("responses", responses);
			set("marks", before.marks);
			set("outcomes", outcomes);
			set("session", state.session);
			set("notice", notice());
			saved = { ...state };
		};

		/** @type {Set<string>} */
		const unsaved = new Set();
		/** What is kept, with what is known here of some questions. No others: they may have been answered in another tab since.
		 * @param {Iterable<string>} ids */
		const whole = (ids) => {
			const now = kept();
			for (const id of ids) {
				const checked = (at(state.outcomes, id) || {}).settled;
				for (const [table, value] of Object.entries({ responses: at(state.responses, id), marks: at(state.marks, id), attempts: at(state.attempts, id), checked }))
					if (value === undefined) delete now[table][id];
					else now[table][id] = value;
			}
			now.session = { ...now.session, ...state.session };
			return now;
		};
		/** @param {string[]} ids */
		const save = (ids) => {
			ids.forEach((id) => unsaved.add(id));
			try {
				localStorage.setItem(shelf, JSON.stringify(whole(unsaved)));
				unsaved.clear();
				// Other places of this page that show the quiz or a part of it; a browser tells only other tabs.
				dispatchEvent(new CustomEvent("civicquiz", { detail: { shelf, place } }));
			} catch {
				set("notice", quiz.strings.not_saved_browser);
			}
		};

		let saved = { ...state };
		const saveChanges = () => {
			const changed = Object.keys(questions).filter((id) => ["responses", "marks"].some((table) => at(saved[table], id) !== at(state[table], id)));
			const language = saved.session.language !== state.session.language;
			if (changed.length || saved.session !== state.session) save(changed);
			saved = { ...state };
			if (language) set("notice", notice());
			if (language && key) set("outcomes", Object.fromEntries(Object.entries(state.outcomes).map(([id, { settled }]) => [id, grade(id, at(state.responses, id), settled)])));
		};

		/** What is kept, as the response file of a notebook has it. */
		const download = () => {
			const file = new Blob([JSON.stringify({ schema: 1, quiz: quiz.name, content_hash: quiz.hash, ...whole(Object.keys(questions)) }, null, 1)], { type: "application/json" });
			const link = document.createElement("a");
			link.href = URL.createObjectURL(file);
			link.download = `${quiz.name}.responses.json`;
			link.click();
			URL.revokeObjectURL(link.href);
		};

		/** @param {any} message */
		const send = ({ type, question, questions: ids = [question], response }) => {
			if (type === "file") return download();
			if (type === "reset") ids = Object.keys(questions);
			if (type === "check") {
				state.responses = { ...state.responses, [question]: response };
				save(ids);
			}
			const [responses, attempts, outcomes] = [{ ...state.responses }, { ...state.attempts }, { ...state.outcomes }];
			for (const id of ids) {
				const given = at(responses, id);
				if (type === "finish" && outcomes[id] && outcomes[id].settled) continue;
				delete outcomes[id];
				if (type === "again") delete responses[id];
				if (type === "reset") delete attempts[id];
				if (type === "check" || type === "finish") {
					state.attempts = attempts;
					if (civicquiz.answered(questions[id], given, true)) attempts[id] = (at(attempts, id) || 0) + 1;
				}
				if (type === "check") outcomes[id] = grade(id, given);
				if (type === "reveal") outcomes[id] = grade(id, given, true);
				if (type === "finish") outcomes[id] = grade(id, given, true);
			}
			Object.assign(state, { responses, attempts });
			set("responses", responses);
			set("outcomes", outcomes);
			save(ids);
		};

		restore();
		if (quiz.seeded) save([]);
		addEventListener("storage", ({ key: changed }) => changed === shelf && restore());
		addEventListener("civicquiz", (event) => {
			const { detail } = /** @type {CustomEvent} */ (event);
			if (detail.shelf === shelf && detail.place !== place) restore();
		});

		civicquiz.render({
			el: /** @type {HTMLElement} */ (place),
			model: {
				get: (name) => state[name],
				set,
				save_changes: saveChanges,
				send,
				on: (name, callback) => (listeners[name] = [...(listeners[name] || []), callback]),
				off: (name, callback) => (listeners[name] = (listeners[name] || []).filter((each) => each !== callback)),
			},
		});
	}

	/** A note opens when the Tab key brings the focus to its button or a mouse rests on it, and closes when they go on; a
	 * click or Enter is the browser's own. */
	function notes() {
		let tabbed = false;
		let timer = 0;
		/** @type {Element | null} */
		let hovered = null;
		const opened = () => /** @type {HTMLElement | null} */ (document.querySelector(".civicquiz-note:popover-open"));
		/** @param {EventTarget | null} target */
		const opener = (target) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[popovertarget$=-note]"));
		/** @param {HTMLElement} button */
		const noteOf = (button) => /** @type {HTMLElement} */ (document.getElementById(button.getAttribute("popovertarget") || ""));
		addEventListener("pointerover", ({ target, pointerType }) => {
			if (pointerType !== "mouse") return;
			clearTimeout(timer);
			const button = opener(target);
			const open = opened();
			const note = button && noteOf(button);
			// Whoever moves from a word to its note reads on, and what was opened by hand stays open.
			if (note ? note === open : !open || open !== hovered || open.contains(/** @type {Node} */ (target))) return;
			timer = setTimeout(() => {
				if (note) note.showPopover({ source: button });
				else if (open) open.hidePopover();
				hovered = note;
			}, 300);
		});
		// A click on what the mouse has opened already keeps it open.
		addEventListener("click", (event) => {
			const button = opener(event.target);
			if (button && hovered && hovered === opened() && noteOf(button) === hovered) event.preventDefault();
			hovered = null;
		});
		addEventListener("keydown", ({ key }) => {
			tabbed = key === "Tab";
			// The browser's own closing does not come where a page keeps this key for itself, as themes do for their search.
			if (key === "Escape") opened()?.hidePopover();
		}, true);
		addEventListener("focusin", ({ target }) => {
			const focused = /** @type {Element} */ (target);
			const open = opened();
			const button = opener(focused);
			const note = button && noteOf(button);
			if (open && open !== note && !open.contains(focused)) open.hidePopover();
			if (note && note !== open && tabbed) note.showPopover({ source: button });
		});
	}

	/** Leaves only the claims in view that are of the chosen kind and speaker. @param {Element} form */
	function filter(form) {
		const terms = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".civicquiz-claims dt")]);
		const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
		const chosen = () => [...form.querySelectorAll("select")].map(({ value }) => value);
		form.addEventListener("change", () => {
			const [statement, speaker] = chosen();
			let count = 0;
			for (const term of terms) {
				const about = /** @type {HTMLElement} */ (term.nextElementSibling);
				const said = /** @type {Element} */ (about.querySelector(".civicquiz-speaker"));
				const fits = (!statement || term.classList.contains(`is-${statement}`)) && (!speaker || (said.textContent || "").toLowerCase() === speaker.toLowerCase());
				term.hidden = about.hidden = !fits;
				if (fits) count += 1;
			}
			status.textContent = (status.dataset.text || "").replace("{shown}", String(count)).replace("{count}", String(terms.length));
		});
		/** @type {HTMLElement} */ (form).hidden = false;
	}

	const startAll = () => {
		document.querySelectorAll(".civicquiz-static").forEach(start);
		if (!("civicquiz" in document.documentElement.dataset)) document.querySelectorAll(".civicquiz-filter").forEach(filter);
		if ("popover" in HTMLElement.prototype && !("civicquiz" in document.documentElement.dataset)) notes();
		document.documentElement.dataset.civicquiz = "";
	};
	if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
	else startAll();
})();
