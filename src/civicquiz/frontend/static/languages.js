/** The choice of a language, for quizzes that are translated. */
civicquiz.drawLanguages = (() => {
	"use strict";
	const { element } = civicquiz.elements;

	/** A language in its own words. @param {string} language a tag, which need not be one that browsers know */
	function nameOf(language) {
		try {
			return new Intl.DisplayNames([language], { type: "language" }).of(language);
		} catch {
			return language;
		}
	}

	return ({ languages = [], language: current, strings }, choose) => {
		const choice = element(
			"select",
			{ className: "cq-number", onchange: () => choose(choice.value) },
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
	};
})();
