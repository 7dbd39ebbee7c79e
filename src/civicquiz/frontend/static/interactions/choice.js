/** Radio buttons and check boxes, as civicquiz.model.interactions.choice. */
(() => {
	"use strict";
	const { Malformed, readIds, register } = civicquiz;
	const { element, plainText } = civicquiz.elements;

	/** @type {Interaction<"choice">} */
	const choice = {
		read(question, response) {
			const ids = readIds(question.options, response);
			if (ids && ids.length > 1 && !question.multiple) throw new Malformed("not_readable");
			return ids;
		},
		tokens: (response) => response,
		label: (question, token) =>
			question.multiple ? plainText(question.options.filter((option) => option.id === token)[0].html) : "",
		draw(question, { strings, id, changed }) {
			const rows = question.options.map((option, index) => {
				const input = element("input", {
					type: question.multiple ? "checkbox" : "radio",
					id: `${id}-${index}`,
					name: id,
					value: option.id,
					onchange: changed,
				});
				const mark = element("span", { className: "cq-mark" });
				const label = element("label", { htmlFor: input.id }, element("span", { innerHTML: option.html }), mark);
				return { id: option.id, input, mark, row: element("div", { className: "cq-option" }, input, label) };
			});
			const { passage } = question;
			return {
				// Only quizzes with a running text have the script.
				element: passage
					? civicquiz.shared.passageOf(passage, ({ option }) => rows.filter(({ id }) => id === option)[0].row)
					: element("div", {}, ...rows.map(({ row }) => row)),
				instruction: passage ? "mark_all" : question.multiple ? "choose_all" : "choose_one",
				current: () => rows.filter(({ input }) => input.checked).map(({ input }) => input.value),
				show(response, outcome) {
					const answer = outcome?.answer;
					for (const { id: option, input, mark, row } of rows) {
						input.checked = (response || []).includes(option);
						input.disabled = Boolean(outcome);
						const word = answer ? wordFor(answer.includes(option), input.checked) : "";
						row.dataset.state = { right_option: "right", chosen_right: "right", chosen_wrong: "wrong", "": "" }[word];
						mark.textContent = word && ` (${strings[word]})`;
					}
				},
				focus: () => (rows.find(({ input }) => input.checked) || rows[0]).input.focus(),
			};
		},
	};

	/** What is said of an option once the answer is known. @param {boolean} isRight @param {boolean} isChosen */
	function wordFor(isRight, isChosen) {
		if (isRight) return isChosen ? "chosen_right" : "right_option";
		return isChosen ? "chosen_wrong" : "";
	}

	register("choice", choice);
})();
