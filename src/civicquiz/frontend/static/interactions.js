// @ts-check
/// <reference path="./quiz.js" />
/**
 * More interactions, for the quizzes that have them: text, match, gaps, place, extended. Loaded after quiz.js, whose
 * tables they join. Read civicquiz.interactions for what they mean.
 */
(() => {
	"use strict";
	const { interactions, rules, parts, at, Malformed } = civicquiz;
	const { make, text, words, readIds, shown } = civicquiz.kit;

	// ---- Numbers, as civicquiz.interactions.number ----

	const BLANK = /[ \t\r\n\u00a0\u2009\u202f]/g;
	const NUMBER = /^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$/;

	/** The number that a learner wrote, or null. @param {string} text @returns {number | null} */
	function parseNumber(text) {
		text = text.replace(BLANK, "").replace(/\u2212/g, "-");
		if (text.length > 40 || !NUMBER.test(text) || !/^[+-]?\.?[0-9]/.test(text)) return null;
		const number = Number(text.replace(/,/g, ""));
		return Number.isFinite(number) ? number : null;
	}

	rules.interval = (scoring, _, given) => {
		const number = /** @type {number} */ (parseNumber(given));
		return scoring.low <= number && number <= scoring.high ? 1 : 0;
	};

	/** @param {any} response @param {number} limit @returns {string | null} */
	function readText(response, limit) {
		if (typeof response !== "string") throw new Malformed("not_readable");
		if ([...response].length > limit) throw new Malformed("not_readable");
		return response.replace(BLANK, "") ? response : null;
	}


	// ---- Texts, as civicquiz.interactions.texts ----

	const SPACE = /[ \t\r\n\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000\ufeff]+/g;
	const JOINING = /[-/\u2010-\u2015\u2212]/g;
	const PUNCTUATION = /[!-#%-*,.:;?@\\[-\]_{}\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u2016-\u2027\u2030-\u205e]/g;

	/** A text without what is to be ignored. @param {string} given @param {string[]} ignore */
	function normalised(given, ignore) {
		given = given.normalize("NFC");
		if (ignore.includes("diacritics")) given = given.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
		if (ignore.includes("case")) given = given.toLowerCase();
		if (ignore.includes("punctuation")) given = given.replace(JOINING, " ").replace(PUNCTUATION, "");
		if (ignore.includes("space")) given = given.replace(SPACE, " ").replace(/^ +| +$/g, "");
		return given;
	}

	/** The restricted Damerau-Levenshtein distance. @param {string[]} first @param {string[]} second */
	function distance(first, second) {
		/** @type {number[]} */
		let before = [];
		let row = [...Array(second.length + 1).keys()];
		first.forEach((letter, i) => {
			const [last, above] = [before, row];
			row = [i + 1];
			second.forEach((other, j) => {
				let best = Math.min(above[j + 1] + 1, row[j] + 1, above[j] + (letter === other ? 0 : 1));
				if (i && j && letter === second[j - 1] && first[i - 1] === other) best = Math.min(best, last[j - 1] + 1);
				row.push(best);
			});
			before = above;
		});
		return row[second.length];
	}

	rules.text = ({ accept, ignore, typos, mistakes }, _, given) => {
		const plain = normalised(given, ignore);
		const exact = at(accept, plain);
		if (exact !== undefined) return exact / 100;
		if (!typos || mistakes.includes(plain)) return 0;
		const near = Object.keys(accept).filter((accepted) => {
			const letters = [...accepted];
			return letters.length >= 4 * typos && !/[0-9]/.test(accepted) && distance([...plain], letters) <= typos;
		});
		return Math.max(0, ...near.map((accepted) => accept[accepted])) / 100;
	};

	parts.distance = ({ targets, tolerance, reach }, given) =>
		Object.fromEntries(Object.keys(targets).map((name) => {
			const placed = Object.hasOwn(given, name) ? parseNumber(given[name]) : null;
			const off = placed === null ? reach : Math.abs(placed - targets[name]);
			return [name, off <= tolerance ? 1 : Math.max(1 - (off - tolerance) / (reach - tolerance), 0)];
		}));

	/** What a gap's own interaction takes as a response. @param {any} part @param {string} value */
	const partResponse = (part, value) => (part.interaction === "choice" ? [value] : value);

	parts.gaps = ({ gaps }, given, question) =>
		Object.fromEntries(Object.entries(gaps).map(([name, scoring]) => {
			if (!Object.hasOwn(given, name)) return [name, 0];
			const part = /** @type {any} */ (question.gaps || {})[name];
			const response = partResponse(part, given[name]);
			return [name, rules[scoring.rule](scoring, interactions[part.interaction].tokens(response, scoring, part), response, part)];
		}));

	for (const rule of ["distance", "gaps"])
		rules[rule] = (scoring, _, given, question) => {
			const shares = Object.values(parts[rule](scoring, given, question));
			return shares.reduce((total, share) => total + share, 0) / shares.length;
		};

	/** A mapping of known ids to texts, without those that are blank.
	 * @param {any} response @param {string[]} known @returns {Record<string, string>} */
	function readEach(response, known) {
		if (typeof response !== "object" || Array.isArray(response)) throw new Malformed("not_readable");
		/** @type {Record<string, string>} */
		const given = {};
		for (const [name, value] of Object.entries(response)) {
			if (!known.includes(name)) throw new Malformed("not_readable");
			if (value !== null && typeof value !== "string") throw new Malformed("not_readable");
			if (value && value.replace(BLANK, "")) given[name] = value;
		}
		return given;
	}

	/** @param {Record<string, string>} given */
	const orNull = (given) => (Object.keys(given).length ? given : null);
	/** @param {Option[] | undefined} options */
	const ids = (options) => (options || []).map(({ id }) => id);

	/** A list of choices, with nothing chosen at first.
	 * @param {Option[]} options @param {Record<string, string>} strings @param {Record<string, any>} properties */
	const select = (options, strings, properties) =>
		make(
			"select",
			{ className: "cq-number", ...properties },
			make("option", { value: "", textContent: strings.choose }),
			...options.map(({ id, html }) => make("option", { value: id, textContent: words(html), "data-author": "" })),
		);

	/** Say of a part whether it is right, in words and by colour; nothing while that is not told.
	 * @param {HTMLElement} mark @param {number | null} share @param {Record<string, string>} strings @param {string} answer */
	function tell(mark, share, strings, answer) {
		mark.dataset.state = share === null ? "" : share === 1 ? "right" : "wrong";
		const wrong = `${share ? "◐" : "✗"} ${strings.right_answer} ${answer}`;
		mark.textContent = share === null ? "" : share === 1 ? ` ✓ ${strings.correct}` : ` ${wrong}`;
	}

	const { draw } = interactions.choice;
	interactions.choice.draw = (question, strings, id, changed, say) => {
		const drawn = draw(question, strings, id, changed, say);
		if (!question.passage) return drawn;
		// In a running text the options stand where they belong.
		const rows = [...drawn.element.children];
		const inline = question.passage.map(({ html, option }) =>
			option ? /** @type {Element} */ (rows.shift()) : make("span", { innerHTML: html }));
		return { ...drawn, element: make("div", { className: "cq-passage" }, ...inline), instruction: "mark_all" };
	};

	/** One token for each pair of ids. @param {string[]} ids */
	const pairs = (ids) => ids.flatMap((first, i) => ids.slice(i + 1).map((second) => `${first} ${second}`));

	interactions.order = {
		read(question, response) {
			const ids = readIds(question, response);
			if (ids && ids.length !== (question.options || []).length) throw new Malformed("not_readable");
			return ids;
		},
		tokens: pairs,
		draw(question, strings, id, changed, say) {
			const list = make("ol", { className: "cq-order" });
			const rows = (question.options || []).map((option) => {
				const entry = words(option.html);
				/** @param {number} step @param {string} name @param {string} sign */
				const button = (step, name, sign) =>
					make("button", {
						type: "button",
						className: "cq-move",
						textContent: sign,
						"aria-label": text(strings, name, { entry }),
						onclick: () => move(row, step),
					});
				const up = button(-1, "move_up", "↑");
				const down = button(1, "move_down", "↓");
				const label = make("span", { className: "cq-entry", innerHTML: option.html });
				// The same by pointer; the keyboard and screen readers have the buttons.
				const grip = make("span", { className: "cq-grip", textContent: "⠿", "aria-hidden": "true" });
				const row = { id: option.id, entry, up, down, element: make("li", {}, make("span", { className: "cq-moves" }, up, down), label, grip) };
				grip.onpointerdown = (/** @type {PointerEvent} */ event) => {
					if (up.disabled || event.button) return;
					event.preventDefault();
					list.setPointerCapture(event.pointerId); // an entry that is moved in the page would lose it
					const before = order();
					list.onpointermove = (/** @type {PointerEvent} */ { clientY }) => {
						const others = order().filter((other) => other !== row);
						const to = others.filter(({ element }) => element.getBoundingClientRect().top + element.offsetHeight / 2 < clientY).length;
						if (to !== order().indexOf(row)) place(others.toSpliced(to, 0, row));
					};
					list.onpointercancel = () => place(before); // what follows then finds nothing changed
					list.onlostpointercapture = () => {
						list.onpointermove = null;
						const to = order().indexOf(row);
						if (to !== before.indexOf(row)) settle(row, to);
					};
				};
				return row;
			});
			/** @param {typeof rows} order */
			const place = (order) => {
				list.append(...order.map(({ element }) => element));
				order.forEach(({ up, down }, index) => {
					up.setAttribute("aria-disabled", String(index === 0));
					down.setAttribute("aria-disabled", String(index === order.length - 1));
				});
			};
			const order = () => {
				const elements = [...list.children];
				return [...rows].sort((a, b) => elements.indexOf(a.element) - elements.indexOf(b.element));
			};
			/** @param {typeof rows[number]} row @param {number} step */
			const move = (row, step) => {
				const sequence = order();
				const from = sequence.indexOf(row);
				const to = from + step;
				if (to < 0 || to >= sequence.length) return;
				sequence.splice(to, 0, ...sequence.splice(from, 1));
				place(sequence);
				// Moving an element in the page takes the focus away from it.
				(step < 0 ? row.up : row.down).focus();
				settle(row, to);
			};
			/** @param {typeof rows[number]} row @param {number} to */
			const settle = (row, to) => {
				changed();
				say(text(strings, "moved", { entry: row.entry, position: to + 1, count: rows.length }));
			};
			place(rows);
			const answer = make("div", { className: "cq-answer" });
			return {
				element: make("div", {}, list, answer),
				instruction: "put_in_order",
				current: () => order().map((row) => row.id),
				show(response, outcome) {
					if (response) place(/** @type {string[]} */ (response).map((part) => rows.filter((row) => row.id === part)[0]));
					else place(rows);
					for (const { up, down } of rows) up.disabled = down.disabled = Boolean(outcome);
					answer.replaceChildren();
					if (outcome && outcome.answer && outcome.status !== "correct") {
						const right = /** @type {string[]} */ (outcome.answer).map((part) => rows.filter((row) => row.id === part)[0].entry);
						answer.append(strings.right_answer, make("ol", {}, ...right.map((entry) => make("li", { textContent: entry }))));
					}
				},
				focus: () => order()[0].down.focus(),
			};
		},
	};

	interactions.number = {
		typed: "string",
		read(_, response) {
			const given = readText(response, Infinity);
			if (given && parseNumber(given) === null) throw new Malformed("not_a_number");
			return given;
		},
		tokens: () => [],
		draw(question, strings, id, changed) {
			const input = make("input", {
				type: "text", inputMode: "decimal", autocomplete: "off", id, className: "cq-number", oninput: changed,
			});
			const unit = question.unit || "";
			const answer = make("p", { className: "cq-answer" });
			const label = make("label", { htmlFor: id, className: "cq-hidden", textContent: strings.your_answer });
			if (unit) input.setAttribute("aria-describedby", `${id}-unit`);
			return {
				element: make("div", {}, label, input, unit ? make("span", { id: `${id}-unit`, className: "cq-unit", textContent: unit }) : null, answer),
				instruction: "write_number",
				current: () => input.value,
				show(response, outcome) {
					// Leaves the text alone while it is the same, so that the caret stays where it is.
					if (input.value !== (response || "")) input.value = response || "";
					input.readOnly = Boolean(outcome);
					const tell = outcome && outcome.answer && outcome.status !== "correct";
					answer.textContent = tell ? `${strings.right_answer} ${outcome.answer} ${unit}` : "";
				},
				focus: () => input.select(),
			};
		},
	};

	interactions.calculated = {
		typed: "object",
		read(question, response) {
			const variants = question.variants || [];
			const given = readEach(response, ["answer", ...Object.keys(variants[0])]);
			if (!Object.hasOwn(given, "answer")) return null;
			if (parseNumber(given.answer) === null) throw new Malformed("not_a_number");
			if (!variants.some((variant) => Object.entries(variant).every(([name, number]) => given[name] === number)))
				throw new Malformed("not_readable");
			return given;
		},
		tokens: () => [],
		told: (key, given, question) => at(key.answers || {}, variantOf(question, given || question.variant)) || "",
		draw(question, strings, id, changed, say) {
			const drawn = interactions.number.draw(question, strings, id, changed, say);
			const decimals = question.decimals || 0;
			drawn.element.prepend(make("p", { className: "cq-instruction", textContent: text(strings, decimals ? "round_to" : "round_whole", { decimals }) }));
			return {
				...drawn,
				current: () => ({ answer: /** @type {string} */ (drawn.current()), ...question.variant }),
				show: (response, outcome) => drawn.show((response || {}).answer, outcome),
			};
		},
	};

	/** What the table of a rule calls the numbers of a response. @param {Question} question @param {any} given */
	const variantOf = (question, given) => Object.keys((question.variants || [{}])[0]).map((name) => given[name]).join(" ");

	rules.variants = ({ answers }, _, given, question) => {
		const [low, high] = answers[variantOf(question, given)];
		return rules.interval({ low, high }, _, given.answer, question);
	};

	interactions.text = {
		typed: "string",
		read: (_, response) => readText(response, 200),
		tokens: (given, scoring) => (scoring ? [normalised(given, scoring.ignore)] : []),
		draw: (question, strings, id, changed, say) => ({
			...interactions.number.draw(question, strings, id, changed, say),
			instruction: "write_text",
		}),
	};

	interactions.match = {
		read(question, response) {
			const given = readEach(response, ids(question.options));
			if (Object.values(given).some((target) => !ids(question.targets).includes(target)))
				throw new Malformed("not_readable");
			return orNull(given);
		},
		tokens: (given, _, question) => ids(question.options).flatMap((row) => (Object.hasOwn(given, row) ? [`${row} ${given[row]}`] : [])),
		about: (question, token) =>
			words((question.options || []).filter(({ id }) => id === token.split(" ")[0])[0].html),
		draw(question, strings, id, changed) {
			const rows = (question.options || []).map((option, index) => {
				const control = select(question.targets || [], strings, { id: `${id}-${index}`, onchange: changed });
				const mark = make("span", { className: "cq-mark" });
				const label = make("label", { htmlFor: control.id, className: "cq-entry", innerHTML: option.html });
				return { option, control, mark, element: make("li", {}, label, control, mark) };
			});
			return {
				element: make("ul", { className: "cq-order cq-plain" }, ...rows.map(({ element }) => element)),
				instruction: "match_each",
				current: () => Object.fromEntries(rows.filter(({ control }) => control.value).map(({ option, control }) => [option.id, control.value])),
				show(response, outcome) {
					const answer = outcome && /** @type {Record<string, string> | undefined} */ (outcome.answer);
					for (const { option, control, mark } of rows) {
						control.value = at(response || {}, option.id) || "";
						control.disabled = Boolean(outcome);
						const right = answer ? answer[option.id] : "";
						const target = (question.targets || []).filter((each) => each.id === right)[0];
						tell(mark, answer ? Number(control.value === right) : null, strings, target ? words(target.html) : "");
					}
				},
				focus: () => rows[0].control.focus(),
			};
		},
	};

	/** The gaps in the order of the text. @param {Question} question */
	const gapNames = (question) => (question.passage || []).flatMap(({ gap }) => gap || []);

	interactions.gaps = {
		typed: "object",
		read(question, response) {
			const parts = /** @type {Record<string, any>} */ (question.gaps || {});
			const given = readEach(response, Object.keys(parts));
			for (const [name, value] of Object.entries(given)) {
				const part = parts[name];
				if (interactions[part.interaction].read(part, partResponse(part, value)) === null) delete given[name];
			}
			return orNull(given);
		},
		tokens(given, scoring, question) {
			if (!scoring) return [];
			return gapNames(question).flatMap((name) => {
				const rule = scoring.gaps[name];
				if (!Object.hasOwn(given, name)) return [];
				if (rule.rule === "map") return [`${name} ${given[name]}`];
				return rule.rule === "text" ? [`${name} ${normalised(given[name], rule.ignore)}`] : [];
			});
		},
		about: (question, token, strings) => text(strings, "gap", { number: gapNames(question).indexOf(token.split(" ")[0]) + 1 }),
		draw(question, strings, id, changed) {
			const about = /** @type {Record<string, any>} */ (question.gaps || {});
			/** @type {Record<string, {control: any, mark: HTMLElement, unit: HTMLElement | null}>} */
			const gaps = {};
			gapNames(question).forEach((name, index) => {
				const { interaction, options, unit } = about[name];
				const label = text(strings, "gap", { number: index + 1 });
				const properties = { id: `${id}-${index}`, "aria-label": unit ? `${label} (${unit})` : label };
				const control = options
					? select(options, strings, { ...properties, onchange: changed })
					: make("input", { type: "text", autocomplete: "off", className: "cq-number cq-gap", oninput: changed, ...properties });
				if (interaction === "number") control.inputMode = "decimal";
				const shown = unit ? make("span", { textContent: ` ${unit}`, "data-author": "", "aria-hidden": "true" }) : null;
				gaps[name] = { control, unit: shown, mark: make("span", { className: "cq-mark" }) };
			});
			const passage = (question.passage || []).flatMap(({ html, gap }) =>
				gap ? [gaps[gap].control, gaps[gap].unit, gaps[gap].mark] : [make("span", { innerHTML: html })]);
			return {
				element: make("p", { className: "cq-passage" }, ...passage),
				instruction: "fill_gaps",
				current: () => Object.fromEntries(Object.entries(gaps).filter(([, { control }]) => control.value).map(([name, { control }]) => [name, control.value])),
				show(response, outcome) {
					const answer = outcome && /** @type {Record<string, string> | undefined} */ (outcome.answer);
					for (const [name, { control, mark }] of Object.entries(gaps)) {
						const value = at(response || {}, name) || "";
						if (control.value !== value) control.value = value;
						const { options } = about[name];
						if (options) control.disabled = Boolean(outcome);
						else control.readOnly = Boolean(outcome);
						const option = (options || []).filter((/** @type {Option} */ each) => answer && each.id === answer[name])[0];
						const right = option ? words(option.html) : answer ? answer[name] : "";
						tell(mark, outcome && outcome.parts ? outcome.parts[name] : null, strings, right);
					}
				},
				focus: () => gaps[gapNames(question)[0]].control.focus(),
			};
		},
	};

	interactions.place = {
		typed: "object",
		read(question, response) {
			const given = readEach(response, ids(question.options));
			if (Object.values(given).some((value) => parseNumber(value) === null)) throw new Malformed("not_a_number");
			return orNull(given);
		},
		tokens: () => [],
		draw(question, strings, id, changed) {
			const [start, end] = [question.start || 0, question.end || 0];
			const rows = (question.options || []).map((option, index) => {
				const year = make("input", { type: "text", inputMode: "decimal", autocomplete: "off", id: `${id}-${index}`, className: "cq-number cq-gap" });
				// The same by pointer; the keyboard and screen readers have the field.
				const slider = make("input", { type: "range", min: start, max: end, step: 1, tabIndex: -1, "aria-hidden": "true" });
				year.oninput = () => {
					slider.value = year.value;
					changed();
				};
				slider.oninput = () => {
					year.value = slider.value;
					changed();
				};
				const mark = make("span", { className: "cq-mark" });
				const label = make("label", { htmlFor: year.id, className: "cq-entry", innerHTML: option.html });
				return { option, year, slider, mark, element: make("li", {}, label, year, slider, mark) };
			});
			return {
				element: make("div", {}, make("p", { textContent: text(strings, "scale", { start, end }) }),
					make("ul", { className: "cq-order cq-plain" }, ...rows.map(({ element }) => element))),
				instruction: "place_each",
				current: () => Object.fromEntries(rows.filter(({ year }) => year.value).map(({ option, year }) => [option.id, year.value])),
				show(response, outcome) {
					const answer = outcome && /** @type {Record<string, string> | undefined} */ (outcome.answer);
					for (const { option, year, slider, mark } of rows) {
						const value = at(response || {}, option.id) || "";
						if (year.value !== value) year.value = value;
						slider.value = value || String((start + end) / 2);
						year.readOnly = slider.disabled = Boolean(outcome);
						tell(mark, outcome && outcome.parts ? outcome.parts[option.id] : null, strings, answer ? answer[option.id] : "");
					}
				},
				focus: () => rows[0].year.select(),
			};
		},
	};

	Object.assign(civicquiz, { parseNumber });

	interactions.extended = {
		typed: "string",
		read: (_, response) => readText(response, 20000),
		tokens: () => [],
		draw(question, strings, id, changed) {
			const [min, max] = [question.minWords || 0, question.maxWords || 0];
			const count = make("p", { id: `${id}-count`, className: "cq-instruction" });
			const box = make("textarea", { id, rows: 6, className: "cq-number", "aria-describedby": count.id });
			const tellCount = () => {
				const number = (box.value.match(/\S+/g) || []).length;
				const guide = min && max ? "words_between" : min ? "words_from" : max ? "words_to" : "words";
				count.textContent = text(strings, guide, { number, min, max });
			};
			box.oninput = () => {
				tellCount();
				changed();
			};
			return {
				element: make("div", {}, make("label", { htmlFor: id, className: "cq-hidden", textContent: strings.your_answer }), box, count),
				instruction: "write_answer",
				current: () => box.value,
				show(response, outcome) {
					if (box.value !== (response || "")) box.value = response || "";
					box.readOnly = Boolean(outcome);
					tellCount();
				},
				focus: () => box.focus(),
			};
		},
	};
})();
