// @ts-check
/// <reference path="./types.d.ts" />
/**
 * The quiz in the browser: render({model, el}), after the Anywidget Front-End Module contract. A classic script, because
 * browsers block modules on file:// pages; a host that needs a module appends its export line. What a model offers:
 *
 *   get("quiz")        the quiz as civicquiz.payload writes it, without any key
 *   get("responses")   question id -> response; set() and save_changes() whenever the learner does something
 *   get("outcomes")    question id -> outcome of every question that has been checked; set by the host
 *   get("notice")      one line about where the answers are kept; set by the host
 *   send(message)      {type: "check", question, response} | {type: "reveal" | "retry", question} | {type: "reset"}
 *
 * All HTML comes from civicquiz.markdown, which escapes markup; everything else is set as text.
 */

var civicquiz = (() => {
	"use strict";

	// ---- Scoring, as civicquiz.interactions.rules ----

	const BLANK = /[ \t\r\n\u00a0\u2009\u202f]/g;
	const NUMBER = /^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$/;

	/** The own value under a person's name for it; plain objects also have a "constructor".
	 * @param {any} object @param {string} name */
	const at = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

	/** The number that a learner wrote, or null. @param {string} text @returns {number | null} */
	function parseNumber(text) {
		text = text.replace(BLANK, "").replace(/\u2212/g, "-");
		if (text.length > 40 || !NUMBER.test(text) || !/^[+-]?\.?[0-9]/.test(text)) return null;
		const number = Number(text.replace(/,/g, ""));
		return Number.isFinite(number) ? number : null;
	}

	/** @param {any} response @param {number} limit @returns {string | null} */
	function readText(response, limit) {
		if (typeof response !== "string") throw new TypeError("a response is a text");
		if ([...response].length > limit) throw new TypeError("a response is too long");
		return response.replace(BLANK, "") ? response : null;
	}

	/** @param {Question} question @param {any} response @returns {string[] | null} */
	function readIds(question, response) {
		const known = (question.options || []).map((option) => option.id);
		if (!Array.isArray(response)) throw new TypeError("a response is a list of ids");
		if (response.some((id) => !known.includes(id))) throw new TypeError("there is no such option");
		if (new Set(response).size !== response.length) throw new TypeError("an id stands twice");
		return response.length ? response : null;
	}

	/** One token for each pair of ids. @param {string[]} ids */
	const pairs = (ids) => ids.flatMap((first, i) => ids.slice(i + 1).map((second) => `${first} ${second}`));

	/** The share of the points that a response earns. @type {Record<string, Rule>} */
	const rules = {
		map(scoring, tokens) {
			const sum = tokens.reduce((total, token) => total + (at(scoring.weights, token) || 0), 0);
			const capped = Math.min(Math.max(sum, 0), scoring.full);
			return scoring.allOrNothing && capped < scoring.full ? 0 : capped / scoring.full;
		},
		interval(scoring, _, given) {
			const number = /** @type {number} */ (parseNumber(given));
			return scoring.low <= number && number <= scoring.high ? 1 : 0;
		},
	};

	/** The shares of what a learner is told about part by part. @type {Record<string, PartsRule>} */
	const parts = {};

	/** @param {any} first @param {any} second */
	const same = (first, second) => JSON.stringify(first) === JSON.stringify(second);

	/** To a millionth of a point. @param {number} score */
	const rounded = (score) => Math.floor(score * 1e6 + 0.5) / 1e6;

	/** The response if it is well-formed, null if it is empty; throws if it is neither.
	 * @param {Question} question @param {any} response @returns {Given | null} */
	const read = (question, response) =>
		response === null || response === undefined ? null : interactions[question.interaction].read(question, response);

	/** What a response earned, null where there is none; throws on a malformed one.
	 * @param {Question} question @param {Key} key @param {any} response @param {boolean} [reveal]
	 * @returns {Outcome | null} */
	function grade(question, key, response, reveal) {
		const given = read(question, response);
		if (given === null) return null;
		const tokens = interactions[question.interaction].tokens(given, key.scoring);
		const part = key.scoring ? rules[key.scoring.rule](key.scoring, tokens, given, question) : 0;
		const feedback = key.feedback || {};
		/** @type {Outcome} */
		const outcome = {
			status: !key.scoring ? "needs-review" : part === 1 ? "correct" : part === 0 ? "incorrect" : "partly",
			score: part === 1 ? question.points : rounded(question.points * part),
			max: question.points,
			settled: part === 1 || !key.scoring || Boolean(reveal),
			feedback: tokens.filter((id) => at(feedback, id)).map((id) => ({ id, html: feedback[id] })),
		};
		if (outcome.settled) {
			Object.assign(outcome, { answer: key.answer, explanation: key.explanation, sources: key.sources });
			const each = key.scoring && parts[key.scoring.rule];
			if (each) outcome.parts = each(key.scoring, given, question);
		}
		return outcome;
	}

	// ---- Building the page ----

	/** An element with properties, attributes (a name with a hyphen, or "role") and children.
	 * @param {string} tag @param {Record<string, any>} [properties] @param {...(Node | string | null)} children
	 * @returns {any} */
	function make(tag, properties, ...children) {
		const element = document.createElement(tag);
		for (const [name, value] of Object.entries(properties || {}))
			if (name.includes("-") || name === "role") element.setAttribute(name, value);
			else {
				/** @type {any} */ (element)[name] = value;
				if (name === "innerHTML") element.dataset.author = ""; // all HTML is the author's
			}
		element.append(.../** @type {Node[]} */ (children.filter((child) => child !== null)));
		return element;
	}

	/** The text of `name` with its {places} filled. @param {Record<string, string>} strings @param {string} name
	 * @param {Record<string, any>} [values] */
	const text = (strings, name, values) =>
		strings[name].replace(/\{(\w+)\}/g, (_, place) => String((values || {})[place]));

	/** A score for people: at most two decimals. @param {number} score */
	const shown = (score) => String(Math.round(score * 100) / 100);

	/** The visible words of some HTML. @param {string} html */
	const words = (html) => make("span", { innerHTML: html }).textContent.trim();

	/** The interactions; interactions.js has more. @type {Record<string, Interaction>} */
	const interactions = {
		choice: {
			read(question, response) {
				const ids = readIds(question, response);
				if (ids && ids.length > 1 && !question.multiple) throw new TypeError("only one option can be chosen");
				return ids;
			},
			tokens: (given) => given,
			about: (question, token) =>
				question.multiple ? words((question.options || []).filter((option) => option.id === token)[0].html) : "",
			draw(question, strings, id, changed) {
				const rows = (question.options || []).map((option, index) => {
					const input = make("input", {
						type: question.multiple ? "checkbox" : "radio",
						id: `${id}-${index}`,
						name: id,
						value: option.id,
						onchange: changed,
					});
					const mark = make("span", { className: "cq-mark" });
					const label = make("label", { htmlFor: input.id }, make("span", { innerHTML: option.html }), mark);
					return { input, mark, row: make("div", { className: "cq-option" }, input, label) };
				});
				const chosen = () => rows.filter(({ input }) => input.checked).map(({ input }) => input.value);
				return {
					element: make("div", {}, ...rows.map(({ row }) => row)),
					instruction: question.multiple ? "choose_all" : "choose_one",
					current: chosen,
					show(response, outcome) {
						for (const { input, mark, row } of rows) {
							input.checked = (response || []).includes(input.value);
							input.disabled = Boolean(outcome);
							const right = outcome && outcome.answer ? /** @type {string[]} */ (outcome.answer).includes(input.value) : null;
							row.dataset.state = right === null ? "" : right ? "right" : input.checked ? "wrong" : "";
							const name = right ? (input.checked ? "chosen_right" : "right_option") : input.checked ? "chosen_wrong" : "";
							mark.textContent = right === null || !name ? "" : ` (${strings[name]})`;
						}
					},
					focus: () => (rows.find(({ input }) => input.checked) || rows[0]).input.focus(),
				};
			},
		},

		order: {
			read(question, response) {
				const ids = readIds(question, response);
				if (ids && ids.length !== (question.options || []).length) throw new TypeError("options are missing");
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
					const row = { id: option.id, entry, up, down, element: make("li", {}, make("span", { className: "cq-moves" }, up, down), label) };
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
					changed();
					say(text(strings, "moved", { entry: row.entry, position: to + 1, count: sequence.length }));
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
		},

		number: {
			typed: "string",
			read(_, response) {
				const given = readText(response, Infinity);
				if (given && parseNumber(given) === null) throw new TypeError("not a number");
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
		},
	};

	/** Where a statement comes from. @param {Citation} citation @param {Record<string, string>} strings */
	function cited(citation, strings) {
		const since = citation.since ? ` (${strings.since})` : "";
		const link = citation.url ? make("a", { href: citation.url, rel: "noopener", textContent: citation.source }) : citation.source;
		const said = citation.href ? make("a", { href: citation.href, textContent: citation.text }) : citation.text;
		return make("li", {}, said, make("br"), make("small", {}, `${citation.who}${since}. `, link));
	}

	/** One question. @param {Model} model @param {Quiz} quiz @param {number} index @param {string} id */
	function drawQuestion(model, quiz, index, id) {
		const { strings } = quiz;
		const question = quiz.questions[index];
		/** @type {Outcome | undefined} */
		let outcome;
		let confirmed = false;

		const status = make("div", { className: "cq-status", role: "status", tabIndex: -1 });
		const changed = () => {
			model.set("responses", { ...model.get("responses"), [question.id]: drawn.current() });
			model.save_changes();
			status.replaceChildren();
		};
		const drawn = interactions[question.interaction].draw(question, strings, id, changed, (line) => status.replaceChildren(line));

		const points = question.points === 1 ? strings.point : text(strings, "points", { points: shown(question.points) });
		const place = text(strings, "question", { number: index + 1, count: quiz.questions.length });
		const number = make("span", { className: "cq-number-of", textContent: quiz.questions.length > 1 ? `${place} · ${points}` : points });
		const prompt = make(question.block ? "div" : "span", { className: "cq-prompt", id: `${id}-prompt`, innerHTML: question.prompt });
		const fieldset = make("fieldset", {},
			make("legend", {}, number, " ", question.block ? null : prompt),
			question.block ? prompt : null,
			make("p", { className: "cq-instruction", textContent: strings[drawn.instruction] }),
			drawn.element,
		);
		if (question.block) fieldset.setAttribute("aria-describedby", prompt.id);
		const hint = question.hint
			? make("details", { className: "cq-hint" }, make("summary", { textContent: strings.hint }), make("div", { innerHTML: question.hint }))
			: null;
		const main = make("button", { type: "submit", className: "cq-main" });
		const reveal = make("button", { type: "button", textContent: strings.reveal, onclick: () => model.send({ type: "reveal", question: question.id }) });
		const actions = make("div", { className: "cq-actions" }, main, reveal);
		const explanation = make("div", { className: "cq-explanation" });
		const card = make("form", { className: "cq-question", noValidate: true }, fieldset, hint,
			actions, status, explanation);

		card.onsubmit = (/** @type {Event} */ event) => {
			event.preventDefault();
			if (outcome && outcome.settled && outcome.status !== "needs-review") return;
			if (outcome) {
				model.send({ type: "retry", question: question.id });
				return;
			}
			const response = drawn.current();
			// A list that stands in the right order by chance should not score because somebody pressed Enter.
			if (question.interaction === "order" && !at(model.get("responses"), question.id) && !confirmed) {
				confirmed = true;
				status.replaceChildren(strings.order_untouched);
				return;
			}
			try {
				if (read(question, response) === null) status.replaceChildren(strings.unanswered);
				else model.send({ type: "check", question: question.id, response });
			} catch (error) {
				status.replaceChildren(/** @type {Error} */ (error).message === "not a number" ? strings.not_a_number : strings.not_readable);
			}
		};

		/** @param {Outcome} settled */
		const explain = (settled) => {
			if (settled.explanation)
				explanation.append(make("p", { className: "cq-label", textContent: strings.explanation }), make("div", { innerHTML: settled.explanation }));
			if (settled.sources && settled.sources.length)
				explanation.append(make("details", { className: "cq-sources" },
					make("summary", { textContent: `${strings.sources} (${settled.sources.length})` }),
					make("ul", {}, ...settled.sources.map((citation) => cited(citation, strings)))));
		};

		/** @param {Outcome} told */
		const tell = (told) => {
			const name = told.max === 1 ? "score_one" : "score";
			const score = ` · ${text(strings, name, { score: shown(told.score), max: shown(told.max) })}`;
			const verdict = make("p", {}, make("strong", { textContent: strings[told.status] }), told.status === "needs-review" ? "" : score);
			const { about } = interactions[question.interaction];
			const lines = told.feedback.map(({ id: token, html }) => {
				const on = about ? about(question, token, strings) : "";
				return make("div", { className: "cq-feedback" }, on && `${on}: `, make("span", { innerHTML: html }));
			});
			status.replaceChildren(verdict, ...lines);
		};

		return {
			card,
			focus: drawn.focus,
			/** Make the question show the model's state, where that has changed. @param {boolean} [always] */
			update(always) {
				const next = at(model.get("outcomes"), question.id);
				const response = at(model.get("responses"), question.id);
				// Answers may also come from another view of the quiz or from another tab.
				const known = response === undefined || same(response, drawn.current());
				if (!always && known && same(next, outcome)) return;
				const held = card.contains(document.activeElement);
				const retried = outcome && !next;
				outcome = next;
				card.dataset.state = outcome ? outcome.status : "open";
				drawn.show(response, outcome);
				explanation.replaceChildren();
				if (outcome) tell(outcome);
				else status.replaceChildren();
				if (outcome && outcome.settled) explain(outcome);
				main.textContent = outcome ? strings.retry : strings.check;
				const review = outcome && outcome.status === "needs-review"; // may be changed until somebody has read it
				actions.hidden = Boolean(outcome && outcome.settled && !review);
				reveal.hidden = !outcome || Boolean(review);
				// The control that had the focus may be locked or gone now: go where the learner goes on.
				if (held && outcome) (actions.hidden ? status : main).focus();
				else if (held && retried) drawn.focus();
			},
		};
	}

	/** Draw the quiz of `model` into `el`; what it returns takes it down again.
	 * @param {{model: Model, el: HTMLElement}} host @returns {() => void} */
	function render({ model, el }) {
		/** @type {Quiz} */
		const quiz = model.get("quiz");
		const { strings, questions } = quiz;
		// Random, because every widget of a notebook has its own copy of this script.
		const id = `cq-${Math.random().toString(36).slice(2, 10)}`;
		const drawn = questions.map((_, index) => drawQuestion(model, quiz, index, `${id}-${index}`));
		const title = make("p", { className: "cq-title", id: `${id}-title`, textContent: quiz.title, "data-author": "" });
		const notice = make("p", { className: "cq-notice" });
		const progress = make("p", { className: "cq-progress" });
		const results = make("ol", { className: "cq-results" });
		const cleared = make("p", { role: "status" });
		const startOver = make("details", { className: "cq-start-over" }, make("summary", { textContent: strings.start_over }),
			make("button", {
				type: "button",
				textContent: strings.clear,
				onclick: () => {
					model.set("responses", {});
					model.save_changes();
					model.send({ type: "reset" });
					update(true);
					startOver.open = false;
					cleared.textContent = strings.cleared;
					drawn[0].focus();
				},
			}));
		const heading = make("p", { className: "cq-label", id: `${id}-summary`, textContent: strings.summary });
		const summary = make("div", { className: "cq-summary", role: "group", "aria-labelledby": heading.id },
			heading, progress, results, startOver, cleared, notice);
		const single = questions.length === 1;
		// Around a quiz an arrow or a letter may be a command: JupyterLab would move to another cell, or delete this one.
		const keep = (/** @type {KeyboardEvent} */ event) => {
			if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
		};
		// A landmark for a whole quiz; quick checks of one question would fill a page with landmarks of one name.
		const root = make(single ? "div" : "section", { className: single ? "civicquiz cq-single" : "civicquiz", lang: quiz.locale, "aria-labelledby": title.id,
			role: single ? "group" : "region",
			onkeydown: keep }, title, ...drawn.map(({ card }) => card), summary);

		/** Where the interface speaks another language than the author. */
		const tellLanguages = () => {
			if (quiz.language !== quiz.locale)
				for (const each of root.querySelectorAll("[data-author]")) each.setAttribute("lang", quiz.language);
		};
		const update = (/** @type {any} */ always) => {
			for (const question of drawn) question.update(always === true);
			tellLanguages();
			/** @type {Record<string, Outcome>} */
			const outcomes = model.get("outcomes");
			const checked = questions.filter((question) => at(outcomes, question.id));
			const sum = (/** @type {(question: Question) => number} */ of) => shown(questions.reduce((all, question) => all + of(question), 0));
			const score = { score: sum((question) => (at(outcomes, question.id) || { score: 0 }).score), max: sum((question) => ((at(outcomes, question.id) || {}).status === "needs-review" ? 0 : question.points)) };
			progress.textContent = `${text(strings, "progress", { checked: checked.length, count: questions.length })}. ${text(strings, "summary_score", score)}`;
			results.replaceChildren(...questions.map((question, index) => {
				const outcome = at(outcomes, question.id);
				const told = outcome ? `${strings[outcome.status]}, ${shown(outcome.score)}/${shown(outcome.max)}` : strings.summary_open;
				const jump = make("button", {
					type: "button",
					className: "cq-jump",
					textContent: text(strings, "go_to", { number: index + 1 }),
					onclick: () => {
						const target = /** @type {HTMLElement} */ (drawn[index].card.querySelector(":is(input, select, textarea, button):not([hidden], :disabled)"));
						(target || drawn[index].card.querySelector(".cq-status")).focus();
					},
				});
				return make("li", {}, jump, ` ${told}`);
			}));
			// A list of what happened is of use once there is something to look back on.
			results.hidden = !checked.length || single;
			startOver.hidden = !checked.length && single;
			progress.hidden = heading.hidden = single;
			if (Object.keys(outcomes).length) cleared.textContent = "";
			notice.textContent = model.get("notice");
		};
		update(true);
		el.replaceChildren(root);
		const problem = (/** @type {any} */ message) => {
			const index = questions.findIndex((question) => question.id === message.question);
			if (message.type === "problem" && index >= 0)
				drawn[index].card.querySelector(".cq-status").textContent = message.message;
		};
		const sync = () => drawn.forEach((question) => question.update());
		model.on("change:responses", sync);
		model.on("change:outcomes", update);
		model.on("change:notice", update);
		model.on("msg:custom", problem);
		return () => {
			model.off("change:responses", sync);
			model.off("change:outcomes", update);
			model.off("change:notice", update);
			model.off("msg:custom", problem);
			el.replaceChildren();
		};
	}

	return { render, grade, parseNumber, at, interactions, rules, parts, kit: { make, text, words, readText, BLANK } };
})();
