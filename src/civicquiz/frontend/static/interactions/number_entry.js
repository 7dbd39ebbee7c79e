/** A field for a number, as civicquiz.model.interactions.number_entry. */
civicquiz.numberEntry = (() => {
	"use strict";
	const { Malformed, normalForm, register } = civicquiz;
	const { button, element, format } = civicquiz.elements;
	const { readText } = civicquiz.shared;
	/** @param {string} mark between groups of digits @param {string} point */
	const numberWith = (mark, point) => {
		const groups = [mark, "'"].map((sign) => `[1-9]\\d{0,2}(?:${sign}\\d{3})+`).join("|");
		const decimals = `(?:${point}\\d+)?`;
		return RegExp(`^[+-]?(?:(?:${groups}|\\d+)?${decimals}|\\d*${decimals}[eE][+-]?\\d{1,3})$`);
	};
	const POINT = numberWith(",", "[.]");
	const COMMA = numberWith("[.]", ",");

	const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
	const TIMES = "[xX*\u00d7\u00b7\u22c5\u2219\u2022]";
	const EXPONENT = `(?:\\^|\\*\\*)[({]?([+-]?\\d{1,3})[)}]?|([\u207a-]?)([${RAISED}]{1,3})`;
	const POWER = RegExp(`^(?:([+-]?[\\d.,']*\\d)${TIMES}|([+-]?))10(?:${EXPONENT})$`);
	const FRACTION = /^([+-]?)(?:([0-9]{1,7}) )?([0-9]{1,7})[/\u2044]([0-9]{1,7})$/;
	/** Fractions that are one character, as Unicode decomposes them: a half is "1\u20442". */
	const FRACTION_SIGNS = /[\u00bc-\u00be\u2153-\u215e]/g;
	/** @param {string} text */
	const trimmed = (text) => text.replace(/^ +| +$/g, "");

	/** Characters that people write in more than one way in a unit. @type {Record<string, string>} */
	const IN_UNITS = {
		" ": "",
		"\u00b5": "u",
		"\u03bc": "u",
		"\u00b7": "*",
		"\u22c5": "*",
		"\u00d7": "*",
		"\u2126": "\u03a9",
		...Object.fromEntries([...RAISED].map((raised, digit) => [raised, `^${digit}`])),
	};
	const LONGEST_UNIT = 60;
	/** @param {string} text */
	const unitForm = (text) =>
		[...text]
			.map((sign) => IN_UNITS[sign] ?? sign)
			.join("")
			.replace(/\*\*/g, "^")
			.replace(/\^?(-?)\^/g, "^$1");

	/** What stands before a unit at the end of a text; null where it does not end with it.
	 * @param {string} text @param {string} unit */
	function withoutUnit(text, unit) {
		const form = unitForm(unit);
		for (let position = text.length - 1; form && position >= Math.max(text.length - LONGEST_UNIT, 0); position--)
			if (unitForm(text.slice(position)) === form) return trimmed(text.slice(0, position));
		return null;
	}

	/** With twelve digits, as Unit.converted. @param {Unit} unit @param {number} number */
	const converted = ({ factor, offset = 0 }, number) =>
		factor === 1 && !offset ? number : Number((number * factor + offset).toPrecision(12));

	/** @type {Civicquiz["numberEntry"]["readings"]} */
	function readings(text, style = "point", units = []) {
		const typed = trimmed(normalForm(text));
		for (const unit of units) {
			const name = trimmed(normalForm(unit.unit));
			const number = withoutUnit(typed, name);
			if (number !== null && (name.endsWith("%") || !readings(typed, style).length)) {
				const found = readings(number, style);
				if (found.length) return found.map((reading) => converted(unit, reading));
			}
		}
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

	/** Whether a text starts with a number and has letters behind it. @param {string} text */
	const hasWords = (text) => /^[+-]?[.,]?[0-9].*(?![eExX])\p{L}/su.test(trimmed(normalForm(text.slice(0, 200))));

	/** @type {Civicquiz["numberEntry"]["readNumber"]} */
	function readNumber(text, style, { unit, units = [] } = {}) {
		const found = readings(text, style, unit ? [{ unit, factor: 1 }, ...units] : units);
		if (found.length === 2) throw new Malformed("two_numbers", { typed: text, readings: found.map(plainly) });
		if (!found.length) throw new Malformed(hasWords(text) ? "only_number" : "not_a_number");
		return String(found[0]);
	}

	/** A number as no language reads it otherwise: with three decimals it gets a fourth. @param {number} number */
	const plainly = (number) => String(number).replace(/^(-?[0-9]{1,3}\.[0-9]{3})$/, "$10");

	/** @type {Civicquiz["numberEntry"]["ask"]} */
	function ask({ typed, readings: texts }, response, strings, pick) {
		/** @param {string} text */
		const meant = (text) => (/** @type {any} */ value) => (value === typed ? text : value);
		const buttons = texts.map((text) =>
			button(text, () => {
				const replaced = meant(text);
				if (typeof response === "string") pick(replaced(response));
				else pick(Object.fromEntries(Object.entries(response).map(([name, value]) => [name, replaced(value)])));
			}),
		);
		return element("p", { className: "cq-actions" }, `${strings.two_numbers} `, ...buttons);
	}

	/** Which of these intervals has the number in it. @param {[number, number][]} intervals @param {number} number */
	const position = (intervals, number) => intervals.findIndex(([low, high]) => low <= number && number <= high);

	/** @type {Civicquiz["numberEntry"]["intervalShare"]} */
	function intervalShare({ low, high, also = [] }, response) {
		const number = parseNumber(response);
		return number !== null && position([[low, high], ...also], number) >= 0 ? 1 : 0;
	}

	/** @type {Civicquiz["numberEntry"]["intervalTokens"]} */
	function intervalTokens(rule, response) {
		const number = parseNumber(response);
		if (number === null || intervalShare(rule, response)) return [];
		const found = position(rule.mistakes || [], number);
		return found < 0 ? [] : [`mistake-${found + 1}`];
	}

	/** @type {Civicquiz["numberEntry"]["written"]} */
	function written(number, style) {
		const plain = style === "comma" ? number.replace(".", ",") : number;
		return plain.replace(/e\+?(-?)(\d+)$/, (_, minus, digits) => {
			const raised = [...digits].map((digit) => RAISED[Number(digit)]).join("");
			return `\u00a0\u00d7\u00a010${minus && "\u207b"}${raised}`;
		});
	}

	/** How exact a number should be. @param {NumberEntry & { decimals?: number }} field @param {Strings} strings */
	function rounding({ significant = 0, decimals }, strings) {
		if (significant) return format(strings, significant === 1 ? "round_figure" : "round_figures", { significant });
		if (decimals === undefined) return "";
		return format(strings, decimals ? "round_to" : "round_whole", { decimals });
	}

	/** @type {Civicquiz["numberEntry"]["asked"]} */
	function asked(field, strings) {
		const units = (field.units || []).map(({ unit }) => unit).join(", ");
		return [rounding(field, strings), units && format(strings, "other_units", { units })].filter(Boolean).join(" ");
	}

	/** @type {Civicquiz["numberEntry"]["drawField"]} */
	function drawField(
		{ strings, id, changed },
		{ question = {}, right = (/** @type {string} */ answer) => answer, inputMode = "text", instruction },
	) {
		const { unit = "" } = question;
		const line = asked(question, strings);
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
			element: element(
				"div",
				{},
				line ? element("p", { className: "cq-instruction", textContent: line }) : null,
				label,
				input,
				shownUnit,
				answer,
			),
			instruction,
			current: () => input.value,
			show(response, outcome) {
				// Leaves the text alone while it is the same, so that the caret stays where it is.
				if (input.value !== (response || "")) input.value = response || "";
				input.readOnly = Boolean(outcome);
				const isTold = outcome?.answer && outcome.status !== "correct";
				answer.textContent = isTold ? `${strings.right_answer} ${right(outcome.answer)} ${unit}` : "";
			},
			focus: () => input.select(),
		};
	}

	/** @type {Civicquiz["numberEntry"]["drawNumber"]} */
	const drawNumber = (question, place) =>
		drawField(place, {
			question,
			right: (answer) => written(answer, question.numbers),
			// A phone's keypad for decimals has neither letters nor a minus sign.
			inputMode: question.unit || question.units ? "text" : "decimal",
			instruction: "write_number",
		});

	register(
		"number",
		/** @type {Interaction<"number">} */ ({
			typed: "string",
			read(question, response) {
				const text = readText(response, Infinity);
				return text && readNumber(text, question.numbers, question);
			},
			tokens: (response, _, scoring) => (scoring ? intervalTokens(scoring, response) : []),
			share: intervalShare,
			draw: (question, place) => drawNumber(question, place),
		}),
	);

	return {
		readings,
		parseNumber,
		readNumber,
		ask,
		intervalShare,
		intervalTokens,
		written,
		asked,
		drawField,
		drawNumber,
	};
})();
