/** Events on a scale of years, as civicquiz.model.interactions.scale. */
(() => {
	"use strict";
	const { idsOf, ownValue, register } = civicquiz;
	const { element, format } = civicquiz.elements;
	const { readMapping, showPartScore } = civicquiz.shared;
	const { parseNumber, readNumber } = civicquiz.numberEntry;

	register(
		"place",
		/** @type {Interaction<"place">} */ ({
			typed: "object",
			read(question, response) {
				const years = readMapping(response, idsOf(question.options));
				const read = Object.entries(years || {}).map(([event, year]) => [event, readNumber(year, question.numbers)]);
				return years && Object.fromEntries(read);
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
				const rows = options.map((option, index) => {
					const year = element("input", {
						type: "text",
						inputMode: "decimal",
						autocomplete: "off",
						id: `${id}-${index}`,
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
					const mark = element("span", { className: "cq-mark" });
					const label = element("label", { htmlFor: year.id, className: "cq-entry", innerHTML: option.html });
					return { id: option.id, year, slider, mark, item: element("li", {}, label, year, slider, mark) };
				});
				return {
					element: element(
						"div",
						{},
						element("p", { textContent: format(strings, "scale", { start, end }) }),
						element("ul", { className: "cq-order cq-plain" }, ...rows.map(({ item }) => item)),
					),
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
