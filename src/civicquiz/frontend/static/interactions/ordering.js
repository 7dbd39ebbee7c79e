/** A list to put in order, as civicquiz.model.interactions.ordering. */
(() => {
	"use strict";
	const { Malformed, readIds, register } = civicquiz;
	const { button, element, format, plainText } = civicquiz.elements;

	/** One token for each pair of ids. @param {string[]} ids */
	const pairs = (ids) => ids.flatMap((first, i) => ids.slice(i + 1).map((second) => `${first} ${second}`));

	/** `ids`, with those of equal options in turn: it makes no difference which is which.
	 * @param {Option[]} options @param {string[]} ids */
	function inTurn(options, ids) {
		const htmlOf = new Map(options.map(({ id, html }) => [id, html]));
		/** @type {Map<string | undefined, string[]>} */
		const equal = new Map();
		for (const id of [...ids].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)))
			equal.set(htmlOf.get(id), [...(equal.get(htmlOf.get(id)) || []), id]);
		return ids.map((id) => equal.get(htmlOf.get(id))?.shift() || id);
	}

	/** An entry of the list: its option, the text of it, its two buttons and its element.
	 * @typedef {{id: string, entry: string, up: HTMLButtonElement, down: HTMLButtonElement, grip: HTMLElement,
	 *   item: HTMLElement}} Row */

	/** @param {Option} option @param {Strings} strings @param {(row: Row, step: number) => void} move @returns {Row} */
	function drawRow(option, strings, move) {
		const entry = plainText(option.html);
		/** @param {number} step @param {string} name @param {string} sign */
		const mover = (step, name, sign) =>
			button(sign, () => move(row, step), {
				className: "cq-move",
				"aria-label": format(strings, name, { entry }),
			});
		const [up, down] = [mover(-1, "move_up", "↑"), mover(1, "move_down", "↓")];
		// The same by pointer; the keyboard and screen readers have the buttons.
		const grip = element("span", { className: "cq-grip", textContent: "⠿", "aria-hidden": "true" });
		const buttons = element("span", { className: "cq-moves" }, up, down);
		const label = element("span", { className: "cq-entry", innerHTML: option.html });
		const row = { id: option.id, entry, up, down, grip, item: element("li", {}, buttons, label, grip) };
		return row;
	}

	register(
		"order",
		/** @type {Interaction<"order">} */ ({
			untouched: "order_untouched",
			read(question, response) {
				const ids = readIds(question.options, response);
				if (ids && ids.length !== question.options.length) throw new Malformed("not_readable");
				return ids && inTurn(question.options, ids);
			},
			tokens: pairs,
			draw(question, { strings, changed, announce }) {
				const list = element("ol", { className: "cq-order" });
				const rows = question.options.map((option) => drawRow(option, strings, (row, step) => moveByButton(row, step)));
				/** @param {string[]} ids */
				const rowsOf = (ids) => ids.map((id) => rows.filter((row) => row.id === id)[0]);
				const currentOrder = () => {
					const items = [...list.children];
					return [...rows].sort((a, b) => items.indexOf(a.item) - items.indexOf(b.item));
				};
				/** @param {Row[]} order */
				const arrange = (order) => {
					list.append(...order.map(({ item }) => item));
					order.forEach(({ up, down }, index) => {
						up.setAttribute("aria-disabled", String(index === 0));
						down.setAttribute("aria-disabled", String(index === order.length - 1));
					});
				};
				/** @param {Row} row @param {number} index where it has been moved to */
				const report = (row, index) => {
					changed();
					announce(format(strings, "moved", { entry: row.entry, position: index + 1, count: rows.length }));
				};
				/** @param {Row} row @param {number} step */
				const moveByButton = (row, step) => {
					const order = currentOrder();
					const from = order.indexOf(row);
					const to = from + step;
					if (to < 0 || to >= order.length) return;
					arrange(order.toSpliced(from, 1).toSpliced(to, 0, row));
					// Moving an element in the page takes the focus away from it.
					(step < 0 ? row.up : row.down).focus();
					report(row, to);
				};
				for (const row of rows)
					row.grip.onpointerdown = (event) => {
						if (row.up.disabled || event.button) return;
						event.preventDefault();
						list.setPointerCapture(event.pointerId); // an entry that is moved in the page would lose it
						const before = currentOrder();
						list.onpointermove = (/** @type {PointerEvent} */ { clientY }) => {
							const order = currentOrder();
							const others = order.filter((other) => other !== row);
							const isAbove = (/** @type {Row} */ { item }) =>
								item.getBoundingClientRect().top + item.offsetHeight / 2 < clientY;
							const to = others.filter(isAbove).length;
							if (to !== order.indexOf(row)) arrange(others.toSpliced(to, 0, row));
						};
						list.onpointercancel = () => arrange(before); // what follows then finds nothing changed
						list.onlostpointercapture = () => {
							list.onpointermove = null;
							const to = currentOrder().indexOf(row);
							if (to !== before.indexOf(row)) report(row, to);
						};
					};
				arrange(rows);
				const answer = element("div", { className: "cq-answer" });
				return {
					element: element("div", {}, list, answer),
					instruction: "put_in_order",
					current: () => currentOrder().map(({ id }) => id),
					show(response, outcome) {
						arrange(response ? rowsOf(response) : rows);
						for (const { up, down } of rows) up.disabled = down.disabled = Boolean(outcome);
						answer.replaceChildren();
						if (!outcome?.answer || outcome.status === "correct") return;
						const right = rowsOf(outcome.answer).map(({ entry }) => element("li", { textContent: entry }));
						answer.append(strings.right_answer, element("ol", {}, ...right));
					},
					focus: () => currentOrder()[0].down.focus(),
				};
			},
		}),
	);
})();
