/** What several interactions have in common, as civicquiz.model.interactions.interaction. */
civicquiz.shared = (() => {
	"use strict";
	const { Malformed } = civicquiz;
	const { element, plainText } = civicquiz.elements;
	const { normalForm } = civicquiz;

	/** Whether a person who reads the text sees nothing. @param {string} text */
	const isBlank = (text) => /^ *$/.test(normalForm(text));

	/** A text of at most `limit` characters; null where it is blank. @param {any} response @param {number} limit
	 * @returns {string | null} */
	function readText(response, limit) {
		if (typeof response !== "string") throw new Malformed("not_readable");
		if ([...response].length > limit) throw new Malformed("not_readable");
		return isBlank(response) ? null : response;
	}

	/** A mapping of `known` ids to texts, without those that are blank; null where nothing is left.
	 * @param {any} response @param {string[]} known @returns {Record<string, string> | null} */
	function readMapping(response, known) {
		if (typeof response !== "object" || Array.isArray(response)) throw new Malformed("not_readable");
		/** @type {Record<string, string>} */
		const texts = {};
		for (const [name, text] of Object.entries(response)) {
			if (!known.includes(name)) throw new Malformed("not_readable");
			if (text !== null && typeof text !== "string") throw new Malformed("not_readable");
			if (text && !isBlank(text)) texts[name] = text;
		}
		return Object.keys(texts).length ? texts : null;
	}

	/** A running text with controls in it. Its stretches of HTML are pieces of one text: a tag may begin in one and end in
	 * another. @param {Stretch[]} stretches @param {(stretch: Stretch) => Node} controlOf */
	function passageOf(stretches, controlOf) {
		const innerHTML = stretches.map(({ html }) => html || "<span data-slot></span>").join("");
		const passage = element("div", { className: "cq-passage", innerHTML });
		const slots = passage.querySelectorAll("[data-slot]");
		for (const [index, stretch] of stretches.filter(({ html }) => !html).entries())
			slots[index].replaceWith(controlOf(stretch));
		return passage;
	}

	/** A list to choose one option from, with nothing chosen at first.
	 * @param {Option[]} options @param {Strings} strings @param {Record<string, any>} properties */
	const selectOf = (options, strings, properties) =>
		element(
			"select",
			{ className: "cq-number", ...properties },
			element("option", { value: "", textContent: strings.choose }),
			...options.map(({ id, html }) =>
				element("option", { value: id, textContent: plainText(html), "data-author": "" }),
			),
		);

	/** Options, each with a control that its text is the label of, and a place to say whether it is right.
	 * @type {Civicquiz["shared"]["rowsOf"]} */
	function rowsOf(options, id, controlOf) {
		const rows = options.map((option, index) => {
			const mark = element("span", { className: "cq-mark" });
			const controls = controlOf(`${id}-${index}`);
			const label = element("label", { htmlFor: `${id}-${index}`, className: "cq-entry", innerHTML: option.html });
			return { ...controls, id: option.id, mark, item: element("li", {}, label, ...Object.values(controls), mark) };
		});
		return { rows, list: element("ul", { className: "cq-order cq-plain" }, ...rows.map(({ item }) => item)) };
	}

	/** Say of a part of a response whether it is right, in words and by color; nothing where that is not known (null).
	 * @param {HTMLElement} mark @param {number | null} share @param {Strings} strings @param {string} answer */
	function showPartScore(mark, share, strings, answer) {
		mark.dataset.state = share === null ? "" : share === 1 ? "right" : "wrong";
		if (share === null) mark.textContent = "";
		else if (share === 1) mark.textContent = ` ✓ ${strings.correct}`;
		else mark.textContent = ` ${share ? "◐" : "✗"} ${strings.right_answer} ${answer}`;
	}

	return { isBlank, passageOf, readText, readMapping, rowsOf, selectOf, showPartScore };
})();
