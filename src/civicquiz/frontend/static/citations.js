/** The sources of a settled question, for quizzes that cite claims. */
civicquiz.drawCitations = (() => {
	"use strict";
	const { element } = civicquiz.elements;

	/** @param {Citation} citation @param {string} language that of the quiz as its author wrote it, as citations are */
	function citationItem({ text, who, source, url, href, since }, language) {
		const link = url ? element("a", { href: url, rel: "noopener", textContent: source }) : source;
		const claim = href ? element("a", { href, textContent: text }) : text;
		const about = element("small", {}, `${who}${since ? ` (${since})` : ""}. `, link);
		return element("li", { "data-author": "", "data-language": language }, claim, element("br"), about);
	}

	return (citations, { strings, languages = [""] }) =>
		element(
			"details",
			{ className: "cq-sources" },
			element("summary", { textContent: `${strings.sources} (${citations.length})` }),
			element("ul", {}, ...citations.map((citation) => citationItem(citation, languages[0]))),
		);
})();
