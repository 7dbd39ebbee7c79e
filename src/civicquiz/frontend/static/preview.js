/** The page around a quiz in the preview, and the list of quizzes. Its server says what to show after every save. */
(() => {
	"use strict";
	const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
	const address = new URL(location.href);
	const { searchParams: chosen } = address;

	/** @param {string} tag @param {string} text @param {...Node} children @returns {HTMLElement} */
	function element(tag, text, ...children) {
		const built = document.createElement(tag);
		built.append(text, ...children);
		return built;
	}
	/** @param {number} count @param {string} thing */
	const counted = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;
	/** @param {number} problems @param {number} warnings */
	const verdict = (problems, warnings) =>
		[problems ? counted(problems, "problem") : "", warnings ? counted(warnings, "warning") : ""]
			.filter(Boolean)
			.join(", ") || "No problems";
	/** @param {string} text */
	const say = (text) => {
		const status = find("status");
		if (status.textContent !== text) status.textContent = text;
	};

	/** Shows what the server says, from now on. @param {(state: any) => void} show */
	function follow(show) {
		const events = new EventSource(`events${location.search}`);
		events.onmessage = ({ data }) => show(JSON.parse(data));
		events.onerror = () => say("The preview has ended. Start it again with: civicquiz preview");
	}

	// ---- The list ----

	/** @type {Map<string, HTMLElement>} */
	const entries = new Map();

	/** @param {PreviewEntry} entry */
	function entryOf({ name, title, problems, warnings }) {
		const entry = entries.get(name) || element("li", "", element("a", ""), element("span", ""));
		entries.set(name, entry);
		const [link, about] = /** @type {HTMLCollectionOf<HTMLAnchorElement>} */ (entry.children);
		const next = new URL(address);
		next.searchParams.set("quiz", name);
		const state = problems === null || warnings === null ? "…" : verdict(problems, warnings);
		entry.dataset.state = problems ? "problem" : warnings ? "warning" : "";
		for (const [part, text] of /** @type {[HTMLElement, string][]} */ ([
			[link, title || name],
			[about, `${title ? `${name} · ` : ""}${state}`],
		]))
			if (part.textContent !== text) part.textContent = text;
		link.href = next.href;
		return entry;
	}

	/** @param {PreviewEntry[]} quizzes */
	function showList(quizzes) {
		const list = find("quizzes");
		const shown = quizzes.map(entryOf);
		// Moving an element would take the focus from it.
		if (shown.length !== list.children.length || shown.some((entry, index) => entry !== list.children[index])) {
			const focused = /** @type {HTMLElement | null} */ (document.activeElement);
			list.replaceChildren(...shown);
			if (focused?.isConnected) focused.focus();
		}
		say(quizzes.length ? counted(quizzes.length, "quiz").replace("quizs", "quizzes") : "There is no quiz here yet.");
	}

	// ---- A quiz ----

	/** Where a learner is on a page: the scroll position, by a question that is in sight, and the focus. */
	const CARDS = ".cq-question, .question";
	const FOCUSABLE = "a, button, input, select, textarea, summary, [tabindex]";

	/** @param {Document} page */
	function placeOn(page) {
		const cards = [...page.querySelectorAll(CARDS)];
		const card = cards.findIndex((candidate) => candidate.getBoundingClientRect().bottom > 0);
		const { activeElement } = page;
		const around = activeElement?.closest(CARDS);
		const index = around ? cards.indexOf(around) : -1;
		const focused = activeElement ? [...(around || page).querySelectorAll(FOCUSABLE)].indexOf(activeElement) : -1;
		const { selectionStart, selectionEnd } = /** @type {HTMLInputElement} */ (activeElement || {});
		return {
			top: page.scrollingElement?.scrollTop || 0,
			card,
			offset: cards[card]?.getBoundingClientRect().top,
			index,
			focused,
			selection: [selectionStart, selectionEnd],
			open: [...page.querySelectorAll("details")].map((details) => details.open),
		};
	}

	/** @param {Document} page @param {ReturnType<typeof placeOn>} place @param {boolean} hadFocus */
	function goTo(page, { top, card, offset, index, focused, selection, open }, hadFocus) {
		const cards = page.querySelectorAll(CARDS);
		const details = page.querySelectorAll("details");
		if (details.length === open.length)
			details.forEach((one, number) => {
				one.open = open[number];
			});
		const scroller = page.scrollingElement;
		if (scroller) {
			scroller.scrollTop = top;
			if (top && cards[card]) scroller.scrollTop += cards[card].getBoundingClientRect().top - offset;
		}
		const around = index < 0 ? page : cards[index];
		const control = /** @type {HTMLInputElement | undefined} */ (around?.querySelectorAll(FOCUSABLE)[focused]);
		if (!control) return;
		if (hadFocus) page.defaultView?.focus();
		control.focus({ preventScroll: true });
		const [start, end] = selection;
		if (typeof start === "number" && control.value) control.setSelectionRange(start, end);
	}

	function showQuiz() {
		const title = find("title");
		const name = title.dataset.name || "";
		const switches = /** @type {HTMLFormElement} */ (find("switches"));
		const { view, phone, dark, language } =
			/** @type {Record<string, HTMLInputElement> & {view: RadioNodeList, language: HTMLSelectElement}} */ (
				/** @type {unknown} */ (switches.elements)
			);
		const frames = find("frames");
		/** the one that is shown, and the one that is being loaded @type {HTMLIFrameElement | null} */
		let shown = null;
		/** @type {HTMLIFrameElement | null} */
		let next = null;
		let revision = "";
		/** where the answers are until this page is left @type {Map<string, string>} */
		const answers = new Map();

		// What languages.js calls the language that is chosen for a whole site; here that is the one around the quiz.
		const choice = "civicquiz-language";
		window.civicquizAnswers = {
			getItem: (key) => (key === choice ? language.value : answers.get(key)) || null,
			setItem(key, text) {
				if (key !== choice) answers.set(key, text);
				else if (text !== language.value) {
					language.value = text;
					remember();
				}
			},
			removeItem: (key) => void answers.delete(key),
		};

		const remember = () => {
			const values = { view: view.value, language: language.value, phone: phone.checked, dark: dark.checked };
			for (const [key, value] of Object.entries(values)) chosen.set(key, String(value));
			history.replaceState(null, "", address);
			const list = /** @type {HTMLAnchorElement | null} */ (find("list"));
			const all = new URL(address);
			all.searchParams.delete("quiz");
			if (list) list.href = all.href;
		};
		/** Colors and links as they should be in a frame, and around it. @param {HTMLIFrameElement | null} frame */
		const dress = (frame) => {
			const theme = dark.checked ? "dark" : "light";
			document.documentElement.dataset.theme = theme;
			frames.dataset.width = phone.checked ? "phone" : "full";
			const page = frame?.contentDocument;
			if (!page) return;
			page.documentElement.dataset.theme = theme;
			// A link of the author would lead the frame away from the quiz.
			if (!page.querySelector("base"))
				page.head.append(Object.assign(page.createElement("base"), { target: "_blank" }));
		};

		/** Shows the quiz again; the old one stays until the new one is there.
		 * @param {boolean} isSame whether the page stays where it was scrolled to */
		function load(isSame) {
			next?.remove();
			const frame = document.createElement("iframe");
			next = frame;
			const query = new URLSearchParams({ quiz: name, view: view.value, language: language.value, revision });
			frame.title = `The quiz, for: ${view.value}`;
			frame.className = "next";
			frame.src = `frame?${query}`;
			frame.onload = () => {
				if (next !== frame) return;
				next = null;
				dress(frame);
				const old = shown?.contentDocument;
				const place = isSame && old ? placeOn(old) : null;
				const hadFocus = document.activeElement === shown;
				shown?.remove();
				frame.className = "";
				shown = frame;
				if (frame.contentDocument && place) goTo(frame.contentDocument, place, hadFocus);
			};
			frames.append(frame);
		}

		switches.onsubmit = (event) => event.preventDefault();
		switches.onchange = ({ target }) => {
			remember();
			dress(shown);
			if (revision && (target === language || /** @type {HTMLInputElement} */ (target).name === "view")) load(false);
		};
		find("clean").onclick = () => {
			answers.clear();
			view.value = "student";
			remember();
			if (revision) load(false);
			say("All answers are gone.");
		};

		const known = [...switches.querySelectorAll("[name='view']")].map((radio) => /** @type {any} */ (radio).value);
		view.value = known.find((value) => value === chosen.get("view")) || "student";
		phone.checked = chosen.get("phone") === "true";
		const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
		dark.checked = chosen.has("dark") ? chosen.get("dark") === "true" : isDark;
		dress(null);

		/** @param {string[]} languages */
		const offer = (languages) => {
			const options = [...language.options].map(({ value }) => value);
			if (options.join() === languages.join()) return;
			const current = language.value || chosen.get("language") || "";
			language.replaceChildren(...languages.map((tag) => Object.assign(element("option", tag), { value: tag })));
			language.value = languages.includes(current) ? current : languages[0] || "";
			find("languages").hidden = !languages.length;
		};
		follow((/** @type {PreviewQuiz} */ state) => {
			title.textContent = state.title;
			document.title = `${state.title} (preview)`;
			offer(state.languages);
			if (!state.problems) return say("…");
			const warnings = state.problems.filter(({ isWarning }) => isWarning).length;
			const problems = state.problems.length - warnings;
			const section = find("problems");
			section.hidden = !state.problems.length;
			section.dataset.state = problems ? "problem" : "warning";
			section
				.querySelector("ol")
				?.replaceChildren(
					...state.problems.map(({ place, message, hint, isWarning }) =>
						element(
							"li",
							"",
							element("code", place),
							element("p", (isWarning ? "Warning: " : "") + message),
							...(hint ? [element("p", `Hint: ${hint}`)] : []),
						),
					),
				);
			find("outdated").hidden = !state.isOutdated;
			say(`${verdict(problems, warnings)} (${new Date().toLocaleTimeString()})`);
			if (!state.revision || state.revision === revision) return;
			const isFirst = !revision;
			revision = state.revision;
			if (isFirst) remember();
			load(!isFirst);
		});
	}

	if (find("quizzes")) follow(showList);
	else showQuiz();
})();
