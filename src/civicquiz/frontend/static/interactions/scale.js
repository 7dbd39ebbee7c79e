/** Events on a scale of years, as civicquiz.model.interactions.scale. */
(() => {
	"use strict";
	const { idsOf, ownValue, register } = civicquiz;
	const { element, format, line } = civicquiz.elements;
	const { readMapping, rowsOf, showPartScore } = civicquiz.shared;
	const { parseNumber, readNumber } = civicquiz.numberEntry;

	register(
		"place",
		/** @type {Interaction<"place">} */ ({
			typed: "object",
			read(question, response) {
				const years = readMapping(response, idsOf(question.options));
				// In the order of the events, so that both languages tell a learner of the same one first.
				for (const event of idsOf(question.options))
					if (years && Object.hasOwn(years, event)) years[event] = readNumber(years[event], question.numbers);
				return years;
			},
			/** As DistanceRule. */
			partScores: ({ targets, tolerance, reach }, response) =>
				Object.fromEntries(
					Object.entries(targets).map(([event, target]) => {
						const placed = Object.hasOwn(response, event) ? parseNumber(response[event]) : null;
						const distance = placed === null ? reach : Math.abs(placed - target);
						return [event, distance <= tolerance ? 1 : Math.max(1 - (distance - tolerance) / (reach - tolerance), 0)];
					}),
				),
			draw({ options, start, end }, { strings, id, changed }) {
				const { rows, list } = rowsOf(options, id, (own) => {
					const year = element("input", {
						type: "text",
						inputMode: "decimal",
						autocomplete: "off",
						id: own,
						className: "cq-number cq-gap",
						oninput() {
							slider.value = year.value;
							changed();
						},
					});
					// The same by pointer; the keyboard and screen readers have the field.
					const slider = element("input", {
						type: "range",
						min: start,
						max: end,
						step: 1,
						tabIndex: -1,
						"aria-hidden": "true",
						oninput() {
							year.value = slider.value;
							changed();
						},
					});
					return { year, slider };
				});
				return {
					element: element("div", {}, line("", format(strings, "scale", { start, end })), list),
					instruction: "place_each",
					current: () =>
						Object.fromEntries(rows.filter(({ year }) => year.value).map((row) => [row.id, row.year.value])),
					show(response, outcome) {
						for (const { id: event, year, slider, mark } of rows) {
							const value = ownValue(response || {}, event) || "";
							if (year.value !== value) year.value = value;
							slider.value = value || String((start + end) / 2);
							year.readOnly = slider.disabled = Boolean(outcome);
							const right = outcome?.answer ? outcome.answer[event] : "";
							showPartScore(mark, outcome?.parts ? outcome.parts[event] : null, strings, right);
						}
					},
					focus: () => rows[0].year.select(),
				};
			},
		}),
	);
})();
