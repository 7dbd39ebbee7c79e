/** Languages: what is in which, and the choice of one for quizzes that are translated. One choice holds for all pages
 * of a site: the browser remembers it, and an address that ends in "?lang=es" makes it, on pages without a quiz too.
 */
civicquiz.languages = (() => {
	"use strict";
	const kept = "civicquiz-language";
	const storage = () => civicquiz.storage || localStorage;
	// A browser may refuse to store it; then it holds for the page.
	let chosen = "";

	/** What was chosen, on this page or another one; "" if nothing was. */
	function remembered() {
		try {
			chosen ||= storage().getItem(kept) || "";
		} catch {}
		return chosen;
	}

	/** @param {string} language */
	function choose(language) {
		if (language === chosen) return;
		chosen = language;
		try {
			storage().setItem(kept, language);
		} catch {}
		dispatchEvent(new CustomEvent(kept)); // to the other quizzes of the page
	}

	if (globalThis.document) {
		const asked = new URLSearchParams(location.search).get("lang");
		if (asked) choose(asked);
		addEventListener("storage", ({ key, newValue }) => key === kept && newValue && choose(newValue));
	}

	/** A language in its own words. @param {string} language a tag that browsers may not know */
	function nameOf(language) {
		try {
			return new Intl.DisplayNames([language], { type: "language" }).of(language);
		} catch {
			return language;
		}
	}

	/** The language to show a quiz in: the one that was chosen, or else the one it was in before, or else one that the
	 * browser asks for. @param {string[]} languages @param {string} [before] */
	function preferred(languages, before = "") {
		const base = (/** @type {string} */ tag) => tag.split("-")[0];
		for (const wanted of [remembered(), before, ...navigator.languages]) {
			const found = languages.find((tag) => tag === wanted) || languages.find((tag) => base(tag) === base(wanted));
			if (found) return found;
		}
		return languages[0];
	}

	return {
		mark(root, quiz) {
			for (const part of root.querySelectorAll("[data-author]")) {
				const around = /** @type {HTMLElement | null} */ (part.closest("[data-language]"));
				const lang = around?.dataset.language || quiz.language;
				if (lang !== quiz.locale) Object.assign(part, { lang, dir: "auto" });
			}
		},
		follow(model) {
			const { languages, language: own } = model.get("quiz");
			if (!languages) return;
			const speak = () => {
				const overall = model.get("overall");
				const language = preferred(languages, overall.language);
				if (language === (overall.language || own)) return;
				model.set("overall", { ...overall, language });
				model.save_changes();
			};
			speak();
			addEventListener(kept, speak);
			model.on("change:overall", () => {
				const { language } = model.get("overall");
				if (language) choose(language);
			});
		},
		draw({ languages = [], language: current, strings }, onchoice) {
			const { element } = civicquiz.elements;
			const choice = element(
				"select",
				{ className: "cq-number", onchange: () => onchoice(choice.value) },
				...languages.map((language) =>
					element("option", {
						value: language,
						lang: language,
						selected: language === current,
						textContent: nameOf(language),
					}),
				),
			);
			return element("label", { className: "cq-language" }, `${strings.language} `, choice);
		},
	};
})();
