/** The host of a MyST site (Jupyter Book 2): its theme calls render() with a model that only has the content of the
 * quiz, and puts the quiz into a shadow tree. Only the module of such a site has this script, after page.js. */
civicquiz.renderOnSite = (() => {
	"use strict";
	/** By content: a reader who comes back to a page without loading it anew goes on where the quiz was.
	 * @type {Map<string, Model>} */
	const models = new Map();

	/** The colors that the theme shows, which a style in a shadow tree cannot find out. @param {HTMLElement} place */
	function followTheme(place) {
		const { classList } = document.documentElement;
		const show = () => {
			place.dataset.theme = ["dark", "light"].find((name) => classList.contains(name)) || "";
		};
		const observer = new MutationObserver(show);
		observer.observe(document.documentElement, { attributeFilter: ["class"] });
		show();
		return observer;
	}

	/** @type {Civicquiz["renderOnSite"]} */
	return ({ model, el }) => {
		const content = model.get("content");
		const name = JSON.stringify(content);
		const own = models.get(name) || civicquiz.shelves.modelOf(content);
		models.set(name, own);
		const place = civicquiz.elements.element("div", {});
		const theme = followTheme(place);
		el.replaceChildren(place);
		const stop = civicquiz.render({ el: place, model: own });
		return () => {
			theme.disconnect();
			stop();
		};
	};
})();
