/** Rows, each of which goes with one of the targets, as civicquiz.model.interactions.matching. */
(() => {
	"use strict";
	const { idsOf, Malformed, ownValue, register } = civicquiz;
	const { plainText } = civicquiz.elements;
	const { readMapping, rowsOf, selectOf, showPartScore } = civicquiz.shared;

	register(
		"match",
		/** @type {Interaction<"match">} */ ({
			read(question, response) {
				const targets = readMapping(response, idsOf(question.options));
				const known = idsOf(question.targets);
				if (Object.values(targets || {}).some((target) => !known.includes(target))) throw new Malformed("not_readable");
				return targets;
			},
			tokens: (response, question) =>
				idsOf(question.options).flatMap((row) => (Object.hasOwn(response, row) ? [`${row} ${response[row]}`] : [])),
			label: (question, token) => plainText(question.options.filter(({ id }) => id === token.split(" ")[0])[0].html),
			draw(question, { strings, id, changed }) {
				const { rows, list } = rowsOf(question.options, id, (own) => ({
					control: selectOf(question.targets, strings, { id: own, onchange: changed }),
				}));
				return {
					element: list,
					instruction: "match_each",
					current: () =>
						Object.fromEntries(rows.filter(({ control }) => control.value).map((row) => [row.id, row.control.value])),
					show(response, outcome) {
						const answer = outcome?.answer;
						for (const { id: row, control, mark } of rows) {
							control.value = ownValue(response || {}, row) || "";
							control.disabled = Boolean(outcome);
							const right = question.targets.filter(({ id: target }) => answer && target === answer[row])[0];
							const share = right ? Number(control.value === right.id) : null;
							showPartScore(mark, share, strings, right ? plainText(right.html) : "");
						}
					},
					focus: () => rows[0].control.focus(),
				};
			},
		}),
	);
})();
