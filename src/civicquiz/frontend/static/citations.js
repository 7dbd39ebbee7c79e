/** The sources of a settled question, for quizzes that cite claims. */
civicquiz.drawCitations = (() => {
	"use strict";
	const { element } = civicquiz.elements;

	/** @param {Citation} citation */
	function citationItem({ text, who, source, url, href, since }) {
		const link = url ? element("a", { href: url, rel: "noopener", textContent: source }) : source;
		const claim = href ? element("a", { href, textContent: text }) : text;
		return element("li", {}, claim, element("br"), element("small", {}, `${who}${since ? ` (${since})` : ""}. `, link));
	}

	return (citations, strings) =>
		element(
			"details",
			{ className: "cq-sources" },
			element("summary", { textContent: `${strings.sources} (${citations.length})` }),
			element("ul", {}, ...citations.map(citationItem)),
		);
})();
