/** A running text with gaps, as civicquiz.model.interactions.inline_gaps. The scripts of its gaps are loaded first. */
(() => {
	"use strict";
	const { interactionOf, mapShare, ownValue, register } = civicquiz;
	const { element, format, plainText } = civicquiz.elements;
	const { passageOf, readMapping, selectOf, showPartScore } = civicquiz.shared;
	/** Only quizzes with a gap for a number have the script.
	 * @param {string} number @param {NumberStyle | undefined} style */
	const written = (number, style) => civicquiz.numberEntry.written(number, style);

	/** What a gap's own interaction takes as a response. @param {Gap} gap @param {string} name @param {Texts} response */
	function responseTo(gap, name, response) {
		if (gap.interaction === "calculated") return { ...response, answer: response[name] };
		return gap.interaction === "choice" ? [response[name]] : response[name];
	}

	/** The names of the numbers that a response has besides its gaps. @param {Shown<"gaps">} question */
	const numberNames = ({ gaps, variants = [] }) =>
		Object.values(gaps).some(({ interaction }) => interaction === "calculated") ? Object.keys(variants[0]) : [];

	/** The gaps in the order of the text. @param {Shown<"gaps">} question */
	const gapNames = ({ passage }) => passage.flatMap(({ gap }) => gap || []);

	/** What a gap's own interaction finds in its value.
	 * @param {Gap} gap @param {string} name @param {Texts} response @param {Scoring} scoring */
	function tokensIn(gap, name, response, scoring) {
		const { tokens } = interactionOf(gap);
		return tokens ? tokens(responseTo(gap, name, response), gap, scoring) : [];
	}

	register(
		"gaps",
		/** @type {Interaction<"gaps">} */ ({
			typed: "object",
			read(question, response) {
				const { gaps, numbers, variants = [] } = question;
				const names = numberNames(question);
				const values = readMapping(response, [...Object.keys(gaps), ...names]) || {};
				// In the order of the text, so that both languages tell a learner of the same gap first.
				const filled = gapNames(question).flatMap((name) => {
					if (!Object.hasOwn(values, name)) return [];
					const gap = gaps[name];
					if (gap.interaction === "calculated")
						return [[name, civicquiz.numberEntry.readNumber(values[name], numbers, gap)]];
					const read = interactionOf(gap).read({ ...gap, numbers }, responseTo(gap, name, values));
					return read === null ? [] : [[name, typeof read === "string" ? read : values[name]]];
				});
				if (!filled.length) return null;
				if (names.length) civicquiz.computedNumber.requireVariant(variants, values);
				return Object.fromEntries([...filled, ...names.map((name) => [name, values[name]])]);
			},
			tokens(response, question, scoring) {
				if (!scoring) return [];
				return gapNames(question).flatMap((name) => {
					if (ownValue(response, name) === undefined) return [];
					return tokensIn(question.gaps[name], name, response, scoring.gaps[name]).map((token) => `${name} ${token}`);
				});
			},
			/** As GapsRule: each gap by its own rule. */
			partScores: (scoring, response, question) =>
				Object.fromEntries(
					Object.entries(scoring.gaps).map(([name, rule]) => {
						if (ownValue(response, name) === undefined) return [name, 0];
						const gap = question.gaps[name];
						const { share } = interactionOf(gap);
						if (share) return [name, share(rule, responseTo(gap, name, response), gap)];
						return [name, mapShare(/** @type {MapRule} */ (rule), tokensIn(gap, name, response, rule))];
					}),
				),
			answer(key, response, question) {
				const numbers = response || question.variant;
				const { gaps } = /** @type {GapsRule} */ (key.scoring);
				const [rule] = Object.values(gaps).flatMap((found) => (found.rule === "variants" ? [found] : []));
				if (!numbers || !rule || !key.answers) return key.answer;
				const own = ownValue(key.answers, civicquiz.computedNumber.setName(rule, numbers)) || {};
				return Object.fromEntries(Object.keys(gaps).map((name) => [name, ownValue(own, name) ?? key.answer[name]]));
			},
			label: (question, token, strings) =>
				format(strings, "gap", { number: gapNames(question).indexOf(token.split(" ")[0]) + 1 }),
			draw(question, { strings, id, changed }) {
				/** @param {string} name @param {number} index */
				const drawGap = (name, index) => {
					const gap = question.gaps[name];
					const isNumber = gap.interaction === "number" || gap.interaction === "calculated";
					const unit = isNumber ? gap.unit : "";
					const asked = isNumber ? civicquiz.numberEntry.asked(gap, strings) : "";
					const label = format(strings, "gap", { number: index + 1 });
					const said = [label, unit && `(${unit})`, asked].filter(Boolean).join(" ");
					const properties = { id: `${id}-${index}`, "aria-label": said };
					const control =
						gap.interaction === "choice"
							? selectOf(gap.options, strings, { ...properties, onchange: changed })
							: element("input", {
									type: "text",
									inputMode: isNumber && !unit ? "decimal" : "text",
									autocomplete: "off",
									className: "cq-number cq-gap",
									oninput: changed,
									...properties,
								});
					const shownUnit = unit
						? element("span", { textContent: ` ${unit}`, "data-author": "", "aria-hidden": "true" })
						: null;
					return { name, gap, isNumber, asked, control, shownUnit, mark: element("span", { className: "cq-mark" }) };
				};
				const drawn = gapNames(question).map(drawGap);
				// What is the same for all numbers is said once.
				const numbers = drawn.filter(({ asked }) => asked);
				const isSame = drawn.every(({ isNumber, asked }) => !isNumber || asked === numbers[0]?.asked);
				const lines = (isSame ? numbers.slice(0, 1) : numbers).map((number) => {
					const label = format(strings, "gap", { number: drawn.indexOf(number) + 1 });
					const textContent = isSame ? number.asked : `${label}: ${number.asked}`;
					return element("p", { className: "cq-instruction", textContent });
				});
				const passage = passageOf(question.passage, ({ gap }) => {
					const { control, shownUnit, mark } = drawn.filter(({ name }) => name === gap)[0];
					return element("span", { className: "cq-blank" }, control, shownUnit, mark);
				});
				return {
					element: element("div", {}, ...lines, passage),
					instruction: "fill_gaps",
					current() {
						const filled = drawn
							.filter(({ control }) => control.value)
							.map(({ name, control }) => [name, control.value]);
						const { variant = {} } = question;
						return Object.fromEntries([...filled, ...numberNames(question).map((name) => [name, variant[name]])]);
					},
					show(response, outcome) {
						for (const { name, gap, control, mark } of drawn) {
							const value = ownValue(response || {}, name) || "";
							if (control.value !== value) control.value = value;
							if (gap.interaction === "choice") control.disabled = Boolean(outcome);
							else control.readOnly = Boolean(outcome);
							let right = outcome?.answer ? outcome.answer[name] : "";
							if (["number", "calculated"].includes(gap.interaction) && right) right = written(right, question.numbers);
							if (gap.interaction === "choice" && right)
								right = plainText(gap.options.filter((option) => option.id === right)[0].html);
							showPartScore(mark, outcome?.parts ? outcome.parts[name] : null, strings, right);
						}
					},
					focus: () => drawn[0].control.focus(),
				};
			},
		}),
	);
})();
