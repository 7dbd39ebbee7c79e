/** A running text with gaps, as civicquiz.model.interactions.inline_gaps. The scripts of its gaps are loaded before it. */
(() => {
	"use strict";
	const { interactionOf, mapShare, ownValue, register } = civicquiz;
	const { element, format, plainText } = civicquiz.elements;
	const { readMapping, selectOf, showPartScore } = civicquiz.shared;

	/** What a gap's own interaction takes as a response. @param {Gap} gap @param {string} value */
	const responseTo = (gap, value) => (gap.interaction === "choice" ? [value] : value);

	/** The gaps in the order of the text. @param {Shown<"gaps">} question */
	const gapNames = ({ passage }) => passage.flatMap(({ gap }) => gap || []);

	/** What a gap's own interaction finds in its value. @param {Gap} gap @param {string} value @param {Scoring} scoring */
	function tokensIn(gap, value, scoring) {
		const { tokens } = interactionOf(gap);
		return tokens ? tokens(responseTo(gap, value), gap, scoring) : [];
	}

	register(
		"gaps",
		/** @type {Interaction<"gaps">} */ ({
			typed: "object",
			read({ gaps, numbers }, response) {
				const values = readMapping(response, Object.keys(gaps));
				const filled = Object.entries(values || {}).flatMap(([name, value]) => {
					const gap = gaps[name];
					const read = interactionOf(gap).read({ ...gap, numbers }, responseTo(gap, value));
					return read === null ? [] : [[name, typeof read === "string" ? read : value]];
				});
				return filled.length ? Object.fromEntries(filled) : null;
			},
			tokens(response, question, scoring) {
				if (!scoring) return [];
				return gapNames(question).flatMap((name) => {
					const value = ownValue(response, name);
					if (value === undefined) return [];
					return tokensIn(question.gaps[name], value, scoring.gaps[name]).map((token) => `${name} ${token}`);
				});
			},
			/** As GapsRule: each gap by its own rule. */
			partScores: (scoring, response, question) =>
				Object.fromEntries(
					Object.entries(scoring.gaps).map(([name, rule]) => {
						const [gap, value] = [question.gaps[name], ownValue(response, name)];
						if (value === undefined) return [name, 0];
						const { share } = interactionOf(gap);
						if (share) return [name, share(rule, responseTo(gap, value), gap)];
						return [name, mapShare(/** @type {MapRule} */ (rule), tokensIn(gap, value, rule))];
					}),
				),
			label: (question, token, strings) =>
				format(strings, "gap", { number: gapNames(question).indexOf(token.split(" ")[0]) + 1 }),
			draw(question, { strings, id, changed }) {
				/** @param {string} name @param {number} index */
				const drawGap = (name, index) => {
					const gap = question.gaps[name];
					const unit = gap.interaction === "number" ? gap.unit : "";
					const label = format(strings, "gap", { number: index + 1 });
					const properties = { id: `${id}-${index}`, "aria-label": unit ? `${label} (${unit})` : label };
					const control =
						gap.interaction === "choice"
							? selectOf(gap.options, strings, { ...properties, onchange: changed })
							: element("input", {
									type: "text",
									inputMode: gap.interaction === "number" ? "decimal" : "text",
									autocomplete: "off",
									className: "cq-number cq-gap",
									oninput: changed,
									...properties,
								});
					const shownUnit = unit
						? element("span", { textContent: ` ${unit}`, "data-author": "", "aria-hidden": "true" })
						: null;
					return { name, gap, control, shownUnit, mark: element("span", { className: "cq-mark" }) };
				};
				const drawn = gapNames(question).map(drawGap);
				const stretches = question.passage.flatMap(({ html, gap }) => {
					if (!gap) return [element("span", { innerHTML: html })];
					const { control, shownUnit, mark } = drawn.filter(({ name }) => name === gap)[0];
					return [control, shownUnit, mark];
				});
				return {
					element: element("p", { className: "cq-passage" }, ...stretches),
					instruction: "fill_gaps",
					current: () =>
						Object.fromEntries(
							drawn.filter(({ control }) => control.value).map(({ name, control }) => [name, control.value]),
						),
					show(response, outcome) {
						for (const { name, gap, control, mark } of drawn) {
							const value = ownValue(response || {}, name) || "";
							if (control.value !== value) control.value = value;
							if (gap.interaction === "choice") control.disabled = Boolean(outcome);
							else control.readOnly = Boolean(outcome);
							let right = outcome?.answer ? outcome.answer[name] : "";
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
