// @ts-check
/// <reference path="./types.d.ts" />
/**
 * The quiz in the browser: render({model, el}), after the Anywidget Front-End Module contract. A classic script, because
 * browsers block modules on file:// pages; a host that needs a module appends its export line. What a model offers:
 *
 *   get("quiz")        the quiz as civicquiz.payload writes it, without any key
 *   get("responses")   question id -> response; set() and save_changes() whenever the learner does something
 *   get("notes")       question id -> {flag, hint, certainty}; likewise
 *   get("overall")     {seed, language, started, extra, finished}; likewise, but for the seed
 *   get("outcomes")    question id -> outcome of every question that has been checked; set by the host
 *   get("notice")      one line about where the answers are kept; set by the host
 *   get("page")        whether the host can print the page and save a file
 *   send(message)      {type: "check", question, response} | {type: "reveal" | "retry", question}
 *                      | {type: "finish" | "again", questions} | {type: "reset" | "file"}
 *
 * All HTML comes from civicquiz.markdown, which escapes markup; everything else is set as text.
 */

var civicquiz = (() => {
	"use strict";

	// ---- Scoring, as civicquiz.interactions.rules ----

	/** The own value under a person's name for it; plain objects also have a "constructor".
	 * @param {any} object @param {string} name */
	const at = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

	/** A response that cannot be graded; `code` is what the learner is told, as a key of `strings`. */
	class Malformed extends Error {
		/** @param {"not_readable" | "not_a_number"} code */
		constructor(code) {
			super(code);
			this.code = code;
		}
	}

	/** @param {Question} question @param {any} response @returns {string[] | null} */
	function readIds(question, response) {
		const known = (question.options || []).map((option) => option.id);
		if (!Array.isArray(response)) throw new Malformed("not_readable");
		if (response.some((id) => !known.includes(id))) throw new Malformed("not_readable");
		if (new Set(response).size !== response.length) throw new Malformed("not_readable");
		return response.length ? response : null;
	}

	/** The share of the points that a response earns. @type {Record<string, Rule>} */
	const rules = {
		map(scoring, tokens) {
			const sum = tokens.reduce((total, token) => total + (at(scoring.weights, token) || 0), 0);
			const capped = Math.min(Math.max(sum, 0), scoring.full);
			return scoring.allOrNothing && capped < scoring.full ? 0 : capped / scoring.full;
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

	/** What a response earned; null where there is none, but for a settled question. Throws on a malformed one.
	 * @param {Question} question @param {Key} key @param {any} response @param {About} [about] @param {Settings} [quiz]
	 * @returns {Outcome | null} */
	function grade(question, key, response, about = {}, quiz = {}) {
		const given = read(question, response);
		if (given === null && !about.settled) return null;
		const { scoring, feedback = {} } = key;
		const { tokens, told } = interactions[question.interaction];
		const found = given === null ? [] : tokens(given, scoring, question);
		const part = scoring && given !== null ? rules[scoring.rule](scoring, found, given, question) : 0;
		const attempt = about.attempts || 1;
		const kept = Math.max(0, 1 - (quiz.attemptPenalty || 0) * (attempt - 1) - (about.hint ? quiz.hintPenalty || 0 : 0));
		/** @type {Outcome} */
		const outcome = {
			status: given === null ? "unanswered" : !scoring ? "needs-review" : part === 1 ? "correct" : part ? "partly" : "incorrect",
			score: part * kept === 1 ? question.points : rounded(question.points * (part * kept)),
			max: question.points,
			settled: part === 1 || !scoring || Boolean(about.settled) || attempt >= (quiz.attempts || Infinity),
			feedback: found.filter((id) => at(feedback, id)).map((id) => ({ id, html: feedback[id] })),
		};
		if (quiz.attempts) outcome.attempt = attempt;
		if (outcome.settled) {
			const answer = told ? told(key, given, question) : key.answer;
			Object.assign(outcome, { answer, explanation: key.explanation, sources: key.sources });
			const each = scoring && given !== null && parts[scoring.rule];
			if (each) outcome.parts = each(scoring, given, question);
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

	/** The interactions; interactions.js has all others. @type {Record<string, Interaction>} */
	const interactions = {
		choice: {
			read(question, response) {
				const ids = readIds(question, response);
				if (ids && ids.length > 1 && !question.multiple) throw new Malformed("not_readable");
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
	};

	/** Where a statement comes from. @param {Citation} citation @param {Record<string, string>} strings */
	function cited(citation, strings) {
		const since = citation.since ? ` (${citation.since})` : "";
		const link = citation.url ? make("a", { href: citation.url, rel: "noopener", textContent: citation.source }) : citation.source;
		const said = citation.href ? make("a", { href: citation.href, textContent: citation.text }) : citation.text;
		return make("li", {}, said, make("br"), make("small", {}, `${citation.who}${since}. `, link));
	}

	/** What settings.js puts in the place of these, for the quizzes that need it. @type {Extras} */
	const extras = { prepare: (quiz) => quiz, mine: (question) => question, filled: (_, html) => html, question: () => null, frame: () => null };

	/** Whether there is anything in a response, and with `strict` whether it can be graded.
	 * @param {Question} question @param {any} response @param {boolean} [strict] */
	function answered(question, response, strict) {
		try {
			return read(question, response) !== null;
		} catch (error) {
			if (!(error instanceof Malformed)) throw error;
			return !strict;
		}
	}

	/** One question. @param {Model} model @param {Quiz} quiz @param {number} index @param {string} id */
	function drawQuestion(model, quiz, index, id) {
		const { strings } = quiz;
		const question = quiz.questions[index];
		/** @type {Outcome | undefined} */
		let outcome;
		let confirmed = false;

		const status = make("div", { className: "cq-status", role: "status", tabIndex: -1 });
		/** @param {string} table @param {any} value */
		const change = (table, value) => {
			model.set(table, { ...model.get(table), [question.id]: value });
			model.save_changes();
		};
		const notes = () => at(model.get("notes"), question.id) || {};
		const changed = () => {
			change("responses", drawn.current());
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
			? make("details", { className: "cq-hint" },
				make("summary", { textContent: quiz.hintPenalty ? text(strings, "hint_cost", { cost: shown(100 * quiz.hintPenalty) }) : strings.hint }),
				make("div", { innerHTML: question.hint }))
			: null;
		if (hint && quiz.hintPenalty)
			hint.ontoggle = () => {
				if (hint.open && !outcome && !notes().hint) change("notes", { ...notes(), hint: true });
			};
		const flag = make("button", { type: "button", className: "cq-flag", textContent: strings.flag,
			onclick: () => change("notes", { ...notes(), flag: !notes().flag }) });
		flag.hidden = quiz.questions.length === 1;
		const extra = extras.question({ question, quiz, id, notes, note: (noted) => change("notes", { ...notes(), ...noted }) });
		const main = make("button", { type: "submit", className: "cq-main" });
		const reveal = make("button", { type: "button", className: "cq-reveal", textContent: strings.reveal, onclick: () => model.send({ type: "reveal", question: question.id }) });
		const actions = make("div", { className: "cq-actions" }, main, reveal, flag);
		const explanation = make("div", { className: "cq-explanation" });
		const card = make("form", { className: "cq-question", noValidate: true }, fieldset, hint, extra && extra.element,
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
				if (read(question, response) === null) status.replaceChildren(strings.answer_first);
				else if (quiz.feedback) {
					change("responses", response);
					status.replaceChildren(strings.saved);
				} else if (extra && extra.missing()) status.replaceChildren(extra.missing());
				else model.send({ type: "check", question: question.id, response });
			} catch (error) {
				if (!(error instanceof Malformed)) throw error;
				status.replaceChildren(strings[error.code]);
			}
		};

		/** @param {Outcome} settled */
		const explain = (settled) => {
			if (settled.explanation)
				explanation.append(make("p", { className: "cq-label", textContent: strings.explanation }), make("div", { innerHTML: extras.filled(question, settled.explanation) }));
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
			if (told.attempt && !told.settled) verdict.append(` · ${text(strings, "attempt", { attempt: told.attempt, attempts: quiz.attempts })}`);
			status.replaceChildren(verdict, ...lines);
		};

		return {
			card,
			focus: drawn.focus,
			/** Make the question show the model's state, where that has changed. @param {boolean} [always] */
			update(always) {
				flag.setAttribute("aria-pressed", String(Boolean(notes().flag)));
				const next = at(model.get("outcomes"), question.id);
				if (extra) extra.update(next);
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
				main.textContent = outcome ? strings.retry : quiz.feedback ? strings.save : strings.check;
				const review = outcome && outcome.status === "needs-review"; // may be changed until somebody has read it
				main.hidden = Boolean(outcome && outcome.settled && !review);
				reveal.hidden = main.hidden || !outcome || Boolean(review);
				// A hint that stays open counts for the next attempt.
				if (retried && hint && hint.open && quiz.hintPenalty && !notes().hint) change("notes", { ...notes(), hint: true });
				// The control that had the focus may be locked or gone now: go where the learner goes on.
				if (held && outcome) (main.hidden ? status : main).focus();
				else if (held && retried) drawn.focus();
			},
		};
	}

	/** Draw the quiz of `model` into `el`; what it returns takes it down again.
	 * @param {{model: Model, el: HTMLElement}} host @returns {() => void} */
	function render({ model, el }) {
		/** Whoever chooses another language, or gets other questions, sees another quiz. */
		const version = () => JSON.stringify([model.get("overall").language, model.get("overall").seed]);
		let now = version();
		let drawn = draw(model, el);
		const redraw = () => {
			const held = el.contains(document.activeElement);
			drawn.stop();
			drawn = draw(model, el);
			if (held) /** @type {HTMLElement} */ (el.querySelector("select") || el).focus(); // the choice of language
		};
		/** @type {Record<string, (message?: any) => void>} */
		const listeners = {
			"change:responses": () => drawn.sync(),
			"change:notes": () => drawn.sync(),
			"change:outcomes": () => drawn.update(),
			"change:notice": () => drawn.update(),
			"change:quiz": () => redraw(),
			"change:overall": () => {
				if (version() === now) return drawn.update();
				now = version();
				redraw();
			},
			"msg:custom": (message) => drawn.problem(message),
		};
		for (const [name, listener] of Object.entries(listeners)) model.on(name, listener);
		return () => {
			for (const [name, listener] of Object.entries(listeners)) model.off(name, listener);
			drawn.stop();
			el.replaceChildren();
		};
	}

	/** @param {string} language a tag, which need not be one that browsers know */
	function nameOf(language) {
		try {
			return new Intl.DisplayNames([language], { type: "language" }).of(language);
		} catch {
			return language;
		}
	}

	/** @param {Model} model @param {HTMLElement} el */
	function draw(model, el) {
		const original = model.get("quiz");
		/** @type {Quiz} */
		const quiz = extras.prepare({ ...original, ...at(original.translations || {}, model.get("overall").language) }, model);
		const { strings, questions } = quiz;
		// Random, because every widget of a notebook has its own copy of this script.
		const id = `cq-${Math.random().toString(36).slice(2, 10)}`;
		const drawn = questions.map((_, index) => drawQuestion(model, quiz, index, `${id}-${index}`));
		const single = questions.length === 1;
		/** the question to go to as soon as it can be answered @type {number | null} */
		let wanted = null;
		const title = make("p", { className: "cq-title", id: `${id}-title`, textContent: quiz.title, "data-author": "" });
		const notice = make("p", { className: "cq-notice" });
		const progress = make("p", { className: "cq-progress" });
		const results = make("ol", { className: "cq-results" });
		const cleared = make("p", { role: "status" });
		/** @param {string} name @param {() => void} onclick */
		const button = (name, onclick) => make("button", { type: "button", textContent: strings[name], onclick });
		const again = button("again", () => {
			const missed = questions.filter(isMissed);
			wanted = questions.indexOf(missed[0]);
			model.send({ type: "again", questions: missed.map((question) => question.id) });
		});
		const keep = make("div", { className: "cq-actions" }, again,
			...(model.get("page") && (!single || quiz.feedback === "none") ? [button("print", () => print()), button("file", () => model.send({ type: "file" }))] : []));
		const startOver = make("details", { className: "cq-start-over" }, make("summary", { textContent: strings.start_over }),
			button("clear", () => {
				model.set("responses", {});
				model.set("notes", {});
				model.set("overall", { ...model.get("overall"), started: 0, extra: 0, finished: false });
				model.save_changes();
				wanted = 0;
				startOver.open = false;
				model.send({ type: "reset" });
				update(true);
				cleared.textContent = strings.cleared;
			}));
		const heading = make("p", { className: "cq-label", id: `${id}-summary`, textContent: strings.summary });
		const summary = make("div", { className: "cq-summary", role: "group", "aria-labelledby": heading.id },
			heading, progress, results, keep, startOver, cleared, notice);
		// Around a quiz an arrow or a letter may be a command: JupyterLab would move to another cell, or delete this one.
		const onkeydown = (/** @type {KeyboardEvent} */ event) => {
			if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
		};
		// A landmark for a whole quiz; quick checks of one question would fill a page with landmarks of one name.
		const root = make(single ? "div" : "section", { className: single ? "civicquiz cq-single" : "civicquiz", lang: quiz.locale,
			"aria-labelledby": title.id, role: single ? "group" : "region", onkeydown }, title, ...drawn.map(({ card }) => card), summary);
		if (quiz.languages) {
			const choice = make("select", {
				className: "cq-number",
				onchange: () => {
					model.set("overall", { ...model.get("overall"), language: choice.value });
					model.save_changes();
				},
			}, ...quiz.languages.map((language) =>
				make("option", { value: language, lang: language, selected: language === quiz.language, textContent: nameOf(language) })));
			title.before(make("label", { className: "cq-language" }, `${strings.language} `, choice));
		}
		const frame = extras.frame({ quiz, model, cards: drawn.map(({ card }) => card), title, heading, summary });

		/** @param {Question} question @returns {Outcome | undefined} */
		const outcomeOf = (question) => at(model.get("outcomes"), question.id);
		/** @param {Question} question */
		const isMissed = (question) => {
			const { status = "correct", attempt = 0 } = outcomeOf(question) || {};
			return !["correct", "needs-review"].includes(status) && attempt < (quiz.attempts || Infinity);
		};
		const flagged = (/** @type {Question} */ question) => Boolean((at(model.get("notes"), question.id) || {}).flag);
		const isAnswered = (/** @type {Question} */ question) => answered(question, at(model.get("responses"), question.id));

		/** What has been answered, and what it has earned. */
		const sum = () => {
			const checked = questions.filter(outcomeOf);
			const total = (/** @type {(question: Question) => number} */ of) => shown(questions.reduce((all, question) => all + of(question), 0));
			const score = {
				score: total((question) => (outcomeOf(question) || { score: 0 }).score),
				max: total((question) => ((outcomeOf(question) || {}).status === "needs-review" ? 0 : question.points)),
			};
			const count = { answered: questions.filter(isAnswered).length, count: questions.length };
			const flags = questions.filter(flagged).length;
			progress.textContent = [
				text(strings, "progress", count),
				flags ? text(strings, "flags", { flags }) : "",
				!quiz.feedback || checked.length ? text(strings, "summary_score", score) : "",
			].filter(Boolean).join(". ");
			results.replaceChildren(...questions.map((question, index) => {
				const outcome = outcomeOf(question);
				const open = isAnswered(question) ? "summary_answered" : "summary_open";
				const told = outcome ? `${strings[outcome.status]}, ${shown(outcome.score)}/${shown(outcome.max)}` : strings[open];
				const jump = make("button", {
					type: "button",
					className: "cq-jump",
					textContent: text(strings, "go_to", { number: index + 1 }),
					onclick: () => {
						const target = /** @type {HTMLElement} */ (drawn[index].card.querySelector(":is(input, select, textarea, button):not([hidden], :disabled)"));
						(target || drawn[index].card.querySelector(".cq-status")).focus();
					},
				});
				return make("li", {}, jump, ` ${told}`, flagged(question) ? `, ${strings.flagged}` : null);
			}));
			// A list of what happened is of use once there is something to look back on.
			results.hidden = single || !(checked.length || flags || quiz.feedback);
			again.hidden = single || !questions.some(isMissed);
			startOver.hidden = !checked.length && single;
			progress.hidden = heading.hidden = single;
		};
		const update = (/** @type {any} */ always) => {
			for (const question of drawn) question.update(always === true);
			// Where the interface speaks another language than the author.
			for (const each of quiz.language === quiz.locale ? [] : root.querySelectorAll("[data-author]"))
				Object.assign(each, { lang: quiz.language, dir: "auto" });
			sum();
			if (frame) frame.update();
			if (Object.keys(model.get("outcomes")).length) cleared.textContent = "";
			notice.textContent = model.get("notice");
			// The host may take a while to open a question again; until then its controls take no focus.
			if (wanted !== null && !outcomeOf(questions[wanted])) {
				const { card, focus } = drawn[wanted];
				wanted = null;
				if (!card.hidden) focus();
			}
		};
		update(true);
		el.replaceChildren(root);
		return {
			update: () => update(false),
			sync() {
				for (const question of drawn) question.update();
				sum();
			},
			stop: () => frame && frame.stop(),
			/** @param {any} message */
			problem(message) {
				const index = questions.findIndex((question) => question.id === message.question);
				if (message.type === "problem" && index >= 0) drawn[index].card.querySelector(".cq-status").textContent = strings[message.code];
			},
		};
	}

	/** What session.js has, for pages. @type {SessionRules} */
	const session = /** @type {any} */ (null);

	return { session, Malformed, render, read, grade, answered, at, interactions, rules, parts, extras, kit: { make, text, words, readIds, shown } };
})();
