/** A field for a number, as civicquiz.model.interactions.number_entry. */
civicquiz.numberEntry = (() => {
	"use strict";
	const { Malformed, register } = civicquiz;
	const { element } = civicquiz.elements;
	const { readText } = civicquiz.shared;
	const BLANK = /[ \t\r\n\u00a0\u2009\u202f]/g;
	const NUMBER = /^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$/;

	/** The number that a learner wrote, or null. @param {string} text @returns {number | null} */
	function parseNumber(text) {
		const plain = text.replace(BLANK, "").replace(/\u2212/g, "-");
		if (plain.length > 40 || !NUMBER.test(plain) || !/^[+-]?\.?[0-9]/.test(plain)) return null;
		const number = Number(plain.replace(/,/g, ""));
		return Number.isFinite(number) ? number : null;
	}

	/** The share of the points that a number earns, as IntervalRule.
	 * @param {{low: number, high: number}} interval @param {string} response */
	function intervalShare({ low, high }, response) {
		const number = parseNumber(response);
		return number !== null && low <= number && number <= high ? 1 : 0;
	}

	/** A line to type in, with its unit and, once it is known, the right answer.
	 * @param {{strings: Strings, id: string, changed: () => void}} place
	 * @param {{unit?: string, inputMode?: string, instruction: string}} options @returns {Drawn<string>} */
	function drawField({ strings, id, changed }, { unit = "", inputMode = "text", instruction }) {
		const input = element("input", {
			type: "text",
			inputMode,
			autocomplete: "off",
			id,
			className: "cq-number",
			oninput: changed,
		});
		const label = element("label", { htmlFor: id, className: "cq-hidden", textContent: strings.your_answer });
		const shownUnit = unit ? element("span", { id: `${id}-unit`, className: "cq-unit", textContent: unit }) : null;
		if (unit) input.setAttribute("aria-describedby", `${id}-unit`);
		const answer = element("p", { className: "cq-answer" });
		return {
			element: element("div", {}, label, input, shownUnit, answer),
			instruction,
			current: () => input.value,
			show(response, outcome) {
				// Leaves the text alone while it is the same, so that the caret stays where it is.
				if (input.value !== (response || "")) input.value = response || "";
				input.readOnly = Boolean(outcome);
				const isTold = outcome?.answer && outcome.status !== "correct";
				answer.textContent = isTold ? `${strings.right_answer} ${outcome.answer} ${unit}` : "";
			},
			focus: () => input.select(),
		};
	}

	register(
		"number",
		/** @type {Interaction<"number">} */ ({
			typed: "string",
			read(_, response) {
				const text = readText(response, Infinity);
				if (text && parseNumber(text) === null) throw new Malformed("not_a_number");
				return text;
			},
			share: intervalShare,
			draw: (question, place) =>
				drawField(place, { unit: question.unit, inputMode: "decimal", instruction: "write_number" }),
		}),
	);

	return { parseNumber, intervalShare, drawField };
})();
