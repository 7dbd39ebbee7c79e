/** A field for a number, as civicquiz.model.interactions.number_entry. */
civicquiz.numberEntry = (() => {
	"use strict";
	const { Malformed, normalForm, register } = civicquiz;
	const { element } = civicquiz.elements;
	const { readText } = civicquiz.shared;
	const POINT =
		/^[+-]?(?:(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:'[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?|[0-9]*(?:\.[0-9]+)?[eE][+-]?[0-9]{1,3})$/;
	const COMMA =
		/^[+-]?(?:(?:[1-9][0-9]{0,2}(?:[.][0-9]{3})+|[1-9][0-9]{0,2}(?:'[0-9]{3})+|[0-9]+)?(?:,[0-9]+)?|[0-9]*(?:,[0-9]+)?[eE][+-]?[0-9]{1,3})$/;

	const POWER =
		/^(?:([+-]?[0-9.,']*[0-9])[xX\u00d7*\u00b7\u22c5\u2219\u2022]|([+-]?))10(?:(?:\^|\*\*)[({]?([+-]?[0-9]{1,3})[)}]?|([\u207a-]?)([\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}))$/;
	const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
	const FRACTION = /^([+-]?)(?:([0-9]{1,7}) )?([0-9]{1,7})[/\u2044]([0-9]{1,7})$/;
	/** Fractions that are one character, as Unicode decomposes them: a half is "1\u20442". */
	const FRACTION_SIGNS = /[\u00bc-\u00be\u2153-\u215e]/g;
	/** @param {string} text */
	const trimmed = (text) => text.replace(/^ +| +$/g, "");

	/** @type {Civicquiz["numberEntry"]["readings"]} */
	function readings(text, style = "point", unit = "") {
		let typed = trimmed(normalForm(text));
		const behind = trimmed(normalForm(unit));
		if (behind && typed.endsWith(behind) && (behind.endsWith("%") || !readings(typed, style).length))
			typed = trimmed(typed.slice(0, -behind.length));
		if (typed.endsWith("%")) return readings(typed.slice(0, -1), style).map((number) => number / 100);
		const spread = trimmed(typed.replace(FRACTION_SIGNS, (sign) => ` ${sign.normalize("NFKC")}`));
		const fraction = FRACTION.exec(spread);
		if (fraction) {
			const [, minus, whole, top, bottom] = fraction;
			const number = (Number(whole || 0) * Number(bottom) + Number(top)) / Number(bottom);
			return Number.isFinite(number) ? [minus === "-" ? -number : number] : [];
		}
		const plain = spread.replace(/ /g, "").replace(POWER, (_, factor, alone, exponent, sign, raised) => {
			const digits = [...(raised || "")].map((digit) => RAISED.indexOf(digit)).join("");
			return `${factor || `${alone}1`}e${exponent || sign.replace("\u207a", "") + digits}`;
		});
		if ([...plain].length > 40 || !/^[+-]?[.,]?[0-9]/.test(plain)) return [];
		const point = POINT.test(plain) ? Number(plain.replace(/[,']/g, "")) : null;
		const comma = COMMA.test(plain) ? Number(plain.replace(/[.']/g, "").replace(",", ".")) : null;
		/** @type {(number | null)[]} */
		let found = [point, comma];
		if (point !== null && comma !== null) {
			if (point === comma || style === "point") found = [point];
			else if (style === "comma") found = [comma];
		}
		const numbers = found.filter((number) => number !== null);
		return numbers.every(Number.isFinite) ? numbers : [];
	}

	/** @type {Civicquiz["numberEntry"]["parseNumber"]} */
	const parseNumber = (text) => readings(text)[0] ?? null;

	/** @type {Civicquiz["numberEntry"]["readNumber"]} */
	function readNumber(text, style, unit) {
		const found = readings(text, style, unit);
		if (found.length === 2) throw new Malformed("two_numbers", { typed: text, readings: found.map(plainly) });
		if (!found.length) throw new Malformed("not_a_number");
		return String(found[0]);
	}

	/** A number as no language reads it otherwise: with three decimals it gets a fourth. @param {number} number */
	const plainly = (number) => String(number).replace(/^(-?[0-9]{1,3}\.[0-9]{3})$/, "$10");

	/** @type {Civicquiz["numberEntry"]["ask"]} */
	function ask({ typed, readings: texts }, response, strings, pick) {
		/** @param {string} text */
		const meant = (text) => (/** @type {any} */ value) => (value === typed ? text : value);
		const buttons = texts.map((text) =>
			element("button", {
				type: "button",
				textContent: text,
				onclick() {
					const replaced = meant(text);
					if (typeof response === "string") pick(replaced(response));
					else pick(Object.fromEntries(Object.entries(response).map(([name, value]) => [name, replaced(value)])));
				},
			}),
		);
		return element("p", { className: "cq-actions" }, `${strings.two_numbers} `, ...buttons);
	}

	/** @type {Civicquiz["numberEntry"]["intervalShare"]} */
	function intervalShare({ low, high, also = [] }, response) {
		const number = parseNumber(response);
		if (number === null) return 0;
		return [[low, high], ...also].some(([from, to]) => from <= number && number <= to) ? 1 : 0;
	}

	/** @type {Civicquiz["numberEntry"]["drawField"]} */
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
			read(question, response) {
				const text = readText(response, Infinity);
				return text && readNumber(text, question.numbers, question.unit);
			},
			share: intervalShare,
			draw: (question, place) =>
				drawField(place, { unit: question.unit, inputMode: "decimal", instruction: "write_number" }),
		}),
	);

	return { readings, parseNumber, readNumber, ask, intervalShare, drawField };
})();
