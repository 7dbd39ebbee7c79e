// @ts-check
/// <reference path="./quiz.js" />
/**
 * The host of a static page: it gives every quiz on the page the model that quiz.js asks for, grades with the key that a
 * practice page carries, and keeps the answers in localStorage. It sends nothing anywhere. It also opens the notes of
 * citations for the keyboard.
 */
(() => {
	"use strict";
	// Answers belong to this book: two books of one host may have quizzes of the same name.
	const script = /** @type {HTMLScriptElement} */ (document.currentScript);
	const book = new URL("../..", script.src).href;

	/** @param {Element} place the element that the page shows without JavaScript */
	function start(place) {
		if (place.hasAttribute("data-started")) return;
		place.setAttribute("data-started", "");
		const island = place.querySelector("script[type='application/json']");
		const { quiz, key: encoded } = JSON.parse((island && island.textContent) || "");
		const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
		const { questions: key, claims } = JSON.parse(new TextDecoder().decode(bytes));
		for (const each of Object.values(key)) each.sources = (each.cites || []).map((/** @type {string} */ id) => claims[id]);
		const shelf = `civicquiz:${book}:${quiz.name}`;

		/** @type {Record<string, any>} */
		const questions = Object.fromEntries(quiz.questions.map((/** @type {any} */ question) => [question.id, question]));
		/** What is kept: responses, and which questions have been checked (true once the answer was shown).
		 * @returns {{responses: Record<string, any>, checked: Record<string, boolean>}} */
		const kept = () => {
			try {
				const { responses, checked } = JSON.parse(localStorage.getItem(shelf) || "");
				return { responses: { ...responses }, checked: { ...checked } };
			} catch {
				return { responses: {}, checked: {} };
			}
		};
		/** @type {Record<string, any>} */
		const state = { quiz, responses: {}, outcomes: {}, notice: quiz.strings.saved_browser };
		/** @type {Record<string, ((...args: any[]) => void)[]>} */
		const listeners = {};
		/** @param {string} name @param {...any} args */
		const tell = (name, ...args) => (listeners[name] || []).forEach((callback) => callback(...args));
		/** @param {string} name @param {any} value */
		const set = (name, value) => {
			state[name] = value;
			tell(`change:${name}`);
		};

		/** Take over what is kept, as far as it fits. */
		const restore = () => {
			const before = kept();
			/** @type {Record<string, any>} */
			const responses = {};
			/** @type {Record<string, any>} */
			const outcomes = {};
			for (const [id, question] of Object.entries(questions)) {
				const response = civicquiz.at(before.responses, id);
				let outcome = null;
				try {
					outcome = civicquiz.grade(question, key[id], response, civicquiz.at(before.checked, id));
				} catch {
					// Half a number is still what the learner typed; ids that an edited quiz no longer has cannot be shown.
					if (typeof response !== civicquiz.interactions[question.interaction].typed) continue;
				}
				if (response !== undefined) responses[id] = response;
				if (outcome && Object.hasOwn(before.checked, id)) outcomes[id] = outcome;
			}
			set("responses", responses);
			set("outcomes", outcomes);
		};

		/** @type {Set<string>} */
		const unsaved = new Set();
		/** Keep what is known of these questions. No others: they may have been answered in another tab, or elsewhere on this
		 * page, since. @param {string[]} ids */
		const save = (ids) => {
			const { responses, checked } = kept();
			ids.forEach((id) => unsaved.add(id));
			for (const id of unsaved) {
				delete responses[id];
				delete checked[id];
				if (Object.hasOwn(state.responses, id)) responses[id] = state.responses[id];
				if (Object.hasOwn(state.outcomes, id)) checked[id] = state.outcomes[id].settled;
			}
			try {
				localStorage.setItem(shelf, JSON.stringify({ responses, checked }));
				unsaved.clear();
			} catch {
				set("notice", quiz.strings.not_saved_browser);
			}
		};

		/** @type {Record<string, any>} */
		let saved = {};
		const saveResponses = () => {
			const changed = Object.keys(questions).filter((id) => civicquiz.at(saved, id) !== civicquiz.at(state.responses, id));
			saved = state.responses;
			if (changed.length) save(changed);
		};

		/** @param {any} message */
		const send = ({ type, question: id, response }) => {
			if (type === "check") {
				state.responses = { ...state.responses, [id]: response };
				save([id]);
			}
			const outcomes = type === "reset" ? {} : { ...state.outcomes };
			if (type === "retry") delete outcomes[id];
			else if (type !== "reset") outcomes[id] = civicquiz.grade(questions[id], key[id], state.responses[id], type === "reveal");
			set("outcomes", outcomes);
			save(type === "reset" ? Object.keys(questions) : [id]);
		};

		restore();
		saved = state.responses;
		addEventListener("storage", ({ key: changed }) => {
			if (changed !== shelf) return;
			restore();
			saved = state.responses;
		});

		civicquiz.render({
			el: /** @type {HTMLElement} */ (place),
			model: {
				get: (name) => state[name],
				set,
				save_changes: saveResponses,
				send,
				on: (name, callback) => (listeners[name] = [...(listeners[name] || []), callback]),
				off: (name, callback) => (listeners[name] = (listeners[name] || []).filter((each) => each !== callback)),
			},
		});
	}

	/** A citation's note opens when the Tab key brings the focus to its number, and closes when the focus goes on; a click
	 * or Enter is the browser's own. */
	function notes() {
		let tabbed = false;
		addEventListener("keydown", ({ key }) => (tabbed = key === "Tab"), true);
		addEventListener("focusin", ({ target }) => {
			const focused = /** @type {Element} */ (target);
			const open = /** @type {HTMLElement | null} */ (document.querySelector(".civicquiz-note:popover-open"));
			const button = focused.closest(".civicquiz-claim > button");
			const note = button && document.getElementById(button.getAttribute("popovertarget") || "");
			if (open && open !== note && !open.contains(focused)) open.hidePopover();
			if (note && note !== open && tabbed) note.showPopover();
		});
	}

	const startAll = () => {
		document.querySelectorAll(".civicquiz-static").forEach(start);
		if ("popover" in HTMLElement.prototype && !("civicquiz" in document.documentElement.dataset)) notes();
		document.documentElement.dataset.civicquiz = "";
	};
	if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
	else startAll();
})();
