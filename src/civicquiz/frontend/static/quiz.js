/** The quiz in the browser: elements, one question, render({model, el}). HTML of authors has its markup escaped. */
civicquiz.elements = (() => {
	"use strict";

	/** @type {Civicquiz["elements"]["element"]} */
	function element(tag, properties, ...children) {
		const built = document.createElement(tag);
		for (const [name, value] of Object.entries(properties || {}))
			if (name.includes("-") || name === "role") built.setAttribute(name, value);
			else {
				/** @type {any} */ (built)[name] = value;
				if (name === "innerHTML") built.dataset.author = ""; // all HTML is the author's
			}
		built.append(.../** @type {Node[]} */ (children.filter((child) => child !== null)));
		return built;
	}

	return {
		element,
		button: (textContent, onclick, more) => element("button", { type: "button", textContent, onclick, ...more }),
		line: (className, textContent, more) => element("p", { className, textContent, ...more }),
		format: (strings, name, values = {}) =>
			strings[name].replace(/\{(\w+)\}/g, (_, placeholder) => String(values[placeholder])),
		scoreText: (score) => String(Math.round(score * 100) / 100),
		plainText(html) {
			const shown = element("span", { innerHTML: html });
			for (const part of shown.querySelectorAll("math, img")) part.replaceWith(part.ariaLabel || part.alt);
			return shown.textContent.trim();
		},
		// In a shadow tree, the document only knows the tree's host.
		hasFocus: (part) => part.contains(/** @type {Document} */ (part.getRootNode()).activeElement),
	};
})();

civicquiz.render = (() => {
	"use strict";
	const { interactionOf, isAnswered, isScored, orMalformed, ownValue, read } = civicquiz;
	const { button, element, format, hasFocus, line, scoreText } = civicquiz.elements;
	const FOCUSABLE = ":is(input, select, textarea, button):not([hidden], :disabled)";

	/** @param {any} first @param {any} second */
	const isSame = (first, second) => JSON.stringify(first) === JSON.stringify(second);

	/** @param {QuizBase} quiz @param {number} index @param {string} id @param {Drawn} drawn */
	function drawFieldset({ questions, strings }, index, id, drawn) {
		const { points, prompt, block } = questions[index];
		const worth = format(strings, { 0: "no_points", 1: "point" }[points] || "points", { points: scoreText(points) });
		const position = format(strings, "question", { number: index + 1, count: questions.length });
		const number = element("span", {
			className: "cq-number-of",
			textContent: questions.length > 1 ? `${position} · ${worth}` : worth,
		});
		const shown = element(block ? "div" : "span", { className: "cq-prompt", id: `${id}-prompt`, innerHTML: prompt });
		const fieldset = element(
			"fieldset",
			{},
			element("legend", {}, number, " ", block ? null : shown),
			block ? shown : null,
			line("cq-instruction", strings[drawn.instruction]),
			drawn.element,
		);
		if (block) fieldset.setAttribute("aria-describedby", shown.id);
		return fieldset;
	}

	/** @param {Model} model @param {QuizBase} quiz @param {number} index @param {string} id @returns {DrawnQuestion} */
	function drawQuestion(model, quiz, index, id) {
		const { strings } = quiz;
		const question = quiz.questions[index];
		const { untouched, label } = interactionOf(question);
		/** the outcome on display @type {Outcome | undefined} */
		let outcome;
		let isConfirmed = false;

		const status = element("div", { className: "cq-status", role: "status", tabIndex: -1 });
		/** @param {"responses" | "notes"} table @param {any} value */
		const change = (table, value) => {
			model.set(table, { ...model.get(table), [question.id]: value });
			model.save_changes();
		};
		const notes = () => ownValue(model.get("notes"), question.id) || {};
		const note = (/** @type {Record<string, any>} */ noted) => change("notes", { ...notes(), ...noted });
		const changed = () => {
			change("responses", drawn.current());
			announce("");
		};
		/** the name of the line about saving that is on display */
		let saving = "";
		const announce = (/** @type {string | Node} */ said) => {
			saving = "";
			status.replaceChildren(said);
		};
		const savingNow = () => ownValue(model.get("saves"), question.id) || "saved";
		const showSaving = () => {
			announce(strings[savingNow()]);
			saving = savingNow();
		};
		const drawn = interactionOf(question).draw(question, { strings, id, changed, announce });
		const certainty =
			quiz.certainty && question.points ? civicquiz.settings.drawCertainty(quiz, id, notes, note) : null;

		const hint = question.hint
			? element(
					"details",
					{ className: "cq-hint" },
					element("summary", { textContent: strings.hint }),
					element("div", { innerHTML: question.hint }),
				)
			: null;
		const price =
			hint && quiz.hintPenalty ? civicquiz.settings.priceHint(quiz, hint, notes, note, () => !outcome) : null;
		const flag = button(strings.flag, () => note({ flag: !notes().flag }), {
			className: "cq-flag",
			hidden: quiz.questions.length === 1,
		});
		const main = element("button", { type: "submit", className: "cq-main" });
		const reveal = button(strings.reveal, () => model.send({ type: "reveal", question: question.id }), {
			className: "cq-reveal",
		});
		const explanation = element("div", { className: "cq-explanation" });
		const card = element(
			"form",
			{ className: "cq-question", noValidate: true, "data-language": question.language || "" },
			drawFieldset(quiz, index, id, drawn),
			hint,
			certainty?.element ?? null,
			element("div", { className: "cq-actions" }, main, reveal, flag),
			status,
			explanation,
		);

		/** Checks or saves the answer; returns a line to show, if there is one. */
		function submit() {
			const response = drawn.current();
			// Right by chance, before it is touched, should not score.
			if (untouched && !ownValue(model.get("responses"), question.id) && !isConfirmed) {
				isConfirmed = true;
				return strings[untouched];
			}
			const refusal = orMalformed(
				() => (read(question, response) === null ? strings.answer_first : ""),
				({ code, choices }) =>
					choices
						? civicquiz.numberEntry.ask(choices, response, strings, (meant) => {
								change("responses", meant);
								drawn.show(meant, undefined);
								main.focus();
								card.requestSubmit();
							})
						: strings[code],
			);
			if (refusal) return refusal;
			if (quiz.feedback) change("responses", response);
			else {
				if (certainty && !notes().certainty && !interactionOf(question).needsReview) return strings.sure_first;
				model.send({ type: "check", question: question.id, response });
			}
			if (!outcome) showSaving();
			return "";
		}
		card.onsubmit = (/** @type {Event} */ event) => {
			event.preventDefault();
			if (!outcome) {
				const said = submit();
				if (said) announce(said);
			} else if (!outcome.settled || !isScored(outcome)) model.send({ type: "retry", question: question.id });
		};

		/** @param {Outcome} settled */
		const explain = (settled) => {
			if (settled.explanation) {
				explanation.append(line("cq-label", strings.explanation), element("div", { innerHTML: settled.explanation }));
			}
			if (settled.sources?.length) explanation.append(civicquiz.drawCitations(settled.sources, quiz));
		};

		/** @param {Outcome} shown */
		const showOutcome = (shown) => {
			const { status: reached, score, max, attempt, settled, feedback } = shown;
			const values = { score: scoreText(score), max: scoreText(max) };
			const verdict = element("p", {}, element("strong", { textContent: strings[reached] }));
			if (max && isScored(shown)) verdict.append(` · ${format(strings, max === 1 ? "score_one" : "score", values)}`);
			if (attempt && !settled) verdict.append(` · ${format(strings, "attempt", { attempt, attempts: quiz.attempts })}`);
			const lines = feedback.map(({ id: token, html }) => {
				const about = label ? label(question, token, strings) : "";
				return element(
					"div",
					{ className: "cq-feedback" },
					about && `${about}: `,
					element("span", { innerHTML: html }),
				);
			});
			saving = "";
			status.replaceChildren(verdict, ...lines);
		};

		return {
			card,
			focus: drawn.focus,
			announce,
			update(always) {
				flag.setAttribute("aria-pressed", String(Boolean(notes().flag)));
				const next = ownValue(model.get("outcomes"), question.id);
				certainty?.update(Boolean(next));
				if (saving && saving !== savingNow()) showSaving();
				const response = ownValue(model.get("responses"), question.id);
				// Another view or tab may have answered.
				const isKnown = response === undefined || isSame(response, drawn.current());
				if (!always && isKnown && isSame(next, outcome)) return;
				const hadFocus = hasFocus(card);
				const isRetried = outcome && !next;
				outcome = next;
				card.dataset.state = outcome ? outcome.status : "open";
				drawn.show(response, outcome);
				explanation.replaceChildren();
				if (outcome) showOutcome(outcome);
				else announce("");
				if (outcome?.settled) explain(outcome);
				main.textContent = outcome ? strings.retry : quiz.feedback || !question.points ? strings.save : strings.check;
				// What is not scored here may be changed until it is read.
				const isOpen = Boolean(outcome && !isScored(outcome));
				main.hidden = Boolean(outcome?.settled && !isOpen);
				reveal.hidden = main.hidden || !outcome || isOpen;
				if (isRetried) price?.(); // a hint that stays open counts for the next attempt
				// The focused control may be gone: go where the learner goes on.
				if (hadFocus && outcome) (main.hidden ? status : main).focus();
				else if (hadFocus && isRetried) drawn.focus();
			},
		};
	}

	/** @type {Civicquiz["render"]} */
	function render({ model, el }) {
		/** With another language, or other questions, a learner sees another quiz. */
		const shownVersion = () => JSON.stringify([model.get("overall").language, model.get("overall").seed]);
		let version = shownVersion();
		let drawn = draw(model, el);
		drawn.follow();
		const redraw = () => {
			const hadFocus = hasFocus(el);
			drawn.stop();
			drawn = draw(model, el);
			if (hadFocus) /** @type {HTMLElement} */ (el.querySelector("select") || el).focus(); // the choice of language
		};
		/** @type {Record<string, (message?: any) => void>} */
		const listeners = {
			"change:responses": () => drawn.sync(),
			"change:notes": () => drawn.sync(),
			"change:outcomes": () => drawn.update(),
			"change:notice": () => drawn.update(),
			"change:quiz": () => redraw(),
			"change:overall": () => {
				if (shownVersion() === version) return drawn.update();
				version = shownVersion();
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

	/** In the chosen language, with the learner's own questions in their own order.
	 * @param {Model} model @returns {ShownQuiz} */
	function shownQuiz(model) {
		/** @type {Quiz} */
		const original = model.get("quiz");
		const { seed, language } = model.get("overall");
		const quiz = { ...original, ...ownValue(original.translations || {}, language) };
		const { arrangement } = civicquiz;
		if (!arrangement || !(quiz.seeded || quiz.hasSettings)) return { ...quiz, sections: [] };
		const sections = arrangement.arranged(quiz, seed);
		const stimuli = arrangement.stimuliFor(quiz, seed);
		return { ...quiz, sections, stimuli, questions: sections.flatMap(({ questions }) => questions) };
	}

	/** @param {Model} model @param {ShownQuiz} quiz */
	function progressOf(model, quiz) {
		const { questions } = quiz;
		const { responses, notes } = { responses: model.get("responses"), notes: model.get("notes") };
		/** @param {Question} question @returns {Outcome | undefined} */
		const outcomeOf = ({ id }) => ownValue(model.get("outcomes"), id);
		/** @param {Question} question */
		const isMissed = (question) => {
			const { status = "correct", attempt = 0 } = outcomeOf(question) || {};
			return status !== "correct" && isScored({ status }) && attempt < (quiz.attempts || Infinity);
		};
		/** @param {(question: Question) => number} pointsOf */
		const total = (pointsOf) => scoreText(questions.reduce((sum, question) => sum + pointsOf(question), 0));
		return {
			outcomeOf,
			isFlagged: (/** @type {Question} */ { id }) => Boolean(ownValue(notes, id)?.flag),
			isAnswered: (/** @type {Question} */ question) => isAnswered(question, ownValue(responses, question.id)),
			missed: questions.filter(isMissed),
			checked: questions.filter(outcomeOf),
			score: total((question) => (outcomeOf(question) || { score: 0 }).score),
			max: total((question) => (outcomeOf(question)?.status === "needs-review" ? 0 : question.points)),
		};
	}

	/** @param {Model} model @param {HTMLElement} el */
	function draw(model, el) {
		const quiz = shownQuiz(model);
		const { strings, questions } = quiz;
		// Random: each widget of a notebook has a copy of this script.
		const id = `cq-${Math.random().toString(36).slice(2, 10)}`;
		const drawn = questions.map((_, index) => drawQuestion(model, quiz, index, `${id}-${index}`));
		const cards = drawn.map(({ card }) => card);
		const isSingle = questions.length === 1;
		/** the question to go to as soon as it can be answered @type {number | null} */
		let nextIndex = null;
		const title = line("cq-title", quiz.title, {
			id: `${id}-title`,
			"data-author": "",
			"data-language": quiz.titleLanguage || "",
		});
		const notice = line("cq-notice");
		const progress = line("cq-progress");
		const results = element("ol", { className: "cq-results" });
		const cleared = element("p", { role: "status" });
		const setOverall = (/** @type {Record<string, any>} */ values) => {
			model.set("overall", { ...model.get("overall"), ...values });
			model.save_changes();
		};
		const again = button(strings.again, () => {
			const { missed } = progressOf(model, quiz);
			nextIndex = questions.indexOf(missed[0]);
			model.send({ type: "again", questions: missed.map((question) => question.id) });
		});
		const isKept = model.get("page") && (!isSingle || quiz.feedback === "none");
		const keep = element(
			"div",
			{ className: "cq-actions" },
			again,
			...(isKept
				? [button(strings.print, () => print()), button(strings.file, () => model.send({ type: "file" }))]
				: []),
		);
		const clear = button(strings.clear, () => {
			const settled = frame?.settled() || [];
			const responses = model.get("responses");
			model.set("responses", Object.fromEntries(settled.map((name) => [name, responses[name]])));
			nextIndex = questions.findIndex((question) => !settled.includes(question.id));
			startOver.open = false;
			model.send({ type: "reset" });
			update(true);
			cleared.textContent = strings[settled.length ? "cleared_open" : "cleared"];
		});
		const startOver = element(
			"details",
			{ className: "cq-start-over" },
			element("summary", { textContent: strings.start_over }),
			clear,
		);
		const heading = line("cq-label", strings.summary, { id: `${id}-summary` });
		const summary = element(
			"div",
			{ className: "cq-summary", role: "group", "aria-labelledby": heading.id },
			heading,
			progress,
			results,
			keep,
			startOver,
			cleared,
			notice,
		);
		// A landmark for a whole quiz only.
		const root = element(
			isSingle ? "div" : "section",
			{
				className: isSingle ? "civicquiz cq-single" : "civicquiz",
				lang: quiz.locale,
				"aria-labelledby": title.id,
				role: isSingle ? "group" : "region",
				oninput: () => cleared.replaceChildren(),
				// In JupyterLab a letter may be a command.
				onkeydown(/** @type {KeyboardEvent} */ event) {
					if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
				},
			},
			title,
			...cards,
			summary,
		);
		if (quiz.languages) title.before(civicquiz.languages.draw(quiz, (language) => setOverall({ language })));
		const around = { quiz, model, root, title, cards, summary, heading, below: [cleared, notice], setOverall };
		const frame = quiz.hasSettings ? civicquiz.settings.drawFrame(around) : null;
		const paging = quiz.layout && !isSingle ? civicquiz.paging.draw(around, frame?.leads) : null;

		/** @param {number} index */
		const goTo = (index) => {
			if (paging) return paging.show(index);
			const { card } = drawn[index];
			/** @type {HTMLElement} */ (card.querySelector(FOCUSABLE) || card.querySelector(".cq-status")).focus();
		};

		const summarize = () => {
			const shown = progressOf(model, quiz);
			const { outcomeOf, isFlagged, isAnswered: hasAnswer, missed, checked, score, max } = shown;
			const flags = questions.filter(isFlagged).length;
			const answered = questions.filter(hasAnswer).length;
			progress.textContent = [
				format(strings, "progress", { answered, count: questions.length }),
				flags ? format(strings, "flags", { flags }) : "",
				!quiz.feedback || checked.length ? format(strings, "summary_score", { score, max }) : "",
			]
				.filter(Boolean)
				.join(". ");
			const lines = questions.map((question, index) => {
				const outcome = outcomeOf(question);
				const state = outcome
					? `${strings[outcome.status]}, ${scoreText(outcome.score)}/${scoreText(outcome.max)}`
					: strings[hasAnswer(question) ? "summary_answered" : "summary_open"];
				const label = format(strings, "go_to", { number: index + 1 });
				const jump = button(label, () => goTo(index), { className: "cq-jump" });
				return element("li", {}, jump, ` ${state}`, isFlagged(question) ? `, ${strings.flagged}` : null);
			});
			results.replaceChildren(...lines);
			results.hidden = isSingle || !(checked.length || flags || quiz.feedback);
			again.hidden = isSingle || !missed.length;
			startOver.hidden = !checked.length && isSingle;
			progress.hidden = heading.hidden = isSingle;
			paging?.update(shown);
		};
		/** @param {boolean} always */
		const update = (always) => {
			for (const question of drawn) question.update(always);
			civicquiz.languages?.mark(root, quiz);
			summarize();
			frame?.update();
			notice.textContent = model.get("notice");
			// Until the host has opened a question again, its controls take no focus.
			if (nextIndex !== null && !ownValue(model.get("outcomes"), questions[nextIndex].id)) {
				const { card, focus } = drawn[nextIndex];
				paging?.show(nextIndex);
				nextIndex = null;
				if (!card.hidden) focus();
			}
		};
		update(true);
		el.replaceChildren(root);
		const anchor = model.get("anchor");
		if (anchor)
			for (const [index, card] of cards.entries()) {
				const name = `${anchor}-${questions[index].id}`;
				if (!document.getElementById(name)) card.id = name; // a page may have a question twice
			}
		return {
			update: () => update(false),
			/** Go to the question that the address names. */
			follow() {
				const linked = cards.find((card) => encodeURI(`#${card.id}`) === location.hash);
				if (paging) paging.follow();
				else linked?.scrollIntoView();
			},
			sync() {
				for (const question of drawn) question.update();
				summarize();
			},
			stop() {
				frame?.stop();
				paging?.stop();
			},
			/** @param {any} message */
			problem({ type, question: about, code }) {
				const index = questions.findIndex((question) => question.id === about);
				if (type === "problem" && index >= 0) drawn[index].announce(strings[code]);
			},
		};
	}

	return render;
})();
