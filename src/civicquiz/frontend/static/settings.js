// @ts-check
/// <reference path="./quiz.js" />
/**
 * What a quiz can be set to, for the quizzes that are: sections, shared texts, another order for each learner, feedback
 * at the end, a time limit, certainty, objectives. Loaded after quiz.js, whose gaps it fills.
 */
(() => {
	"use strict";
	const { extras, at, answered } = civicquiz;
	const { make, text, shown } = civicquiz.kit;

	/** Where a name stands in the order of a seed, as civicquiz.arrangement. @param {number} seed @param {string} name */
	function rank(seed, name) {
		let value = 2166136261;
		for (const sign of `${seed}:${name}`) value = Math.imul(value ^ sign.charCodeAt(0), 16777619);
		value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
		value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
		return (value ^ (value >>> 16)) >>> 0;
	}

	/** Each section with the questions that a learner gets, in that learner's order, as civicquiz.arrangement.
	 * @param {Quiz} quiz @param {number} seed */
	function arranged(quiz, seed) {
		const known = Object.fromEntries(quiz.questions.map((question) => [question.id, question]));
		/** @type {(ids: string[], key: (id: string) => string) => string[]} */
		const sorted = (ids, key) => [...ids].sort((a, b) => rank(seed, key(a)) - rank(seed, key(b)));
		const [shuffle, whole] = [quiz.shuffle || [], { questions: quiz.questions.map(({ id }) => id), pick: quiz.pick }];
		return (quiz.sections || [whole]).map((section) => {
			let ids = section.questions.filter((id) => at(known, id));
			const chosen = sorted(ids, (id) => `pick ${id}`).slice(0, section.pick);
			ids = ids.filter((id) => chosen.includes(id));
			if (shuffle.includes("questions")) ids = sorted(sorted(ids, (id) => `next ${id}`), (id) => known[id].stimulus || id);
			return { ...section, questions: ids.map((id) => own(known[id], seed, shuffle.includes("options"))) };
		});
	}

	/** A question as a learner gets it. @param {Question} question @param {number} seed @param {boolean} shuffle
	 * @returns {Question} */
	function own(question, seed, shuffle) {
		const { id, options, targets, passage, fixed } = question;
		/** @param {Option[] | undefined} list */
		const mixed = (list) => list && [...list].sort((a, b) => rank(seed, `${id} ${a.id}`) - rank(seed, `${id} ${b.id}`));
		const mine = { ...extras.mine(question, seed), ...(shuffle && !fixed && !passage ? { options: mixed(options), targets: mixed(targets) } : {}) };
		return { ...mine, prompt: extras.filled(mine, question.prompt), hint: question.hint && extras.filled(mine, question.hint) };
	}

	extras.mine = (question, seed) => {
		const { id, variants } = question;
		return variants ? { ...question, variant: variants[rank(seed, id) % variants.length] } : question;
	};

	extras.filled = ({ variant }, html) => (variant ? html.replace(/\{(\w+)\}/g, (all, name) => at(variant, name) || all) : html);

	/** Another quiz of the page may have asked for this script. @param {Quiz} quiz */
	const isOurs = (quiz) => "finish" in quiz.strings;

	extras.prepare = (original, model) => {
		if (!isOurs(original)) return original;
		const sections = arranged(original, model.get("overall").seed);
		return { ...original, sections, questions: sections.flatMap(({ questions }) => questions) };
	};

	/** How sure the learner is, 1 to 3. */
	extras.question = ({ question, quiz, id, notes, note }) => {
		const { strings, certainty } = quiz;
		if (!isOurs(quiz) || !certainty) return null;
		const levels = [1, 2, 3].map((level) => {
			const input = make("input", { type: "radio", name: `${id}-sure`, id: `${id}-sure-${level}`, onchange: () => note({ certainty: level }) });
			const pays = certainty === "marks" ? ` (${strings["sure_marks_" + level]})` : "";
			return { level, input, label: make("label", { htmlFor: input.id, textContent: strings["sure_" + level] + pays }) };
		});
		return {
			element: make("fieldset", { className: "cq-certainty" }, make("legend", { textContent: strings.sure }),
				...levels.map(({ input, label }) => make("div", { className: "cq-option" }, input, label))),
			missing: () => (notes().certainty || question.interaction === "extended" ? "" : strings.sure_first),
			update(outcome) {
				for (const { level, input } of levels) {
					input.checked = notes().certainty === level;
					input.disabled = Boolean(outcome);
				}
			},
		};
	};

	extras.frame = ({ quiz, model, cards, title, heading, summary }) => {
		if (!isOurs(quiz)) return null;
		const { strings } = quiz;
		/** @type {Question[]} */
		const questions = quiz.questions;
		const setOverall = (/** @type {any} */ values) => {
			model.set("overall", { ...model.get("overall"), ...values });
			model.save_changes();
		};
		/** @param {string} name @param {() => void} onclick */
		const button = (name, onclick) => make("button", { type: "button", textContent: strings[name], onclick });
		const say = make("p", { role: "status" });
		const leads = lead(quiz, cards, heading.id);
		const clock = quiz.timeLimit ? timer(quiz, model, setOverall) : null;
		if (clock) title.after(clock.element);

		const atEnd = quiz.feedback === "at-end";
		/** the numbers of the questions that the learner knows to be open */
		let known = "";
		let pressed = false;
		const finish = button("finish", () => {
			const open = questions.filter((question) => !answered(question, at(model.get("responses"), question.id), true));
			const numbers = open.map((question) => questions.indexOf(question) + 1).join(", ");
			if (numbers !== known) {
				known = numbers;
				say.textContent = numbers && text(strings, "finish_open", { numbers });
				if (numbers) return;
			}
			pressed = true;
			if (atEnd) model.send({ type: "finish", questions: questions.map(({ id }) => id) });
			else setOverall({ finished: true });
		});
		finish.className = "cq-main";
		const objectives = make("ul", {});
		const sure = make("ul", {});
		const told = make("div", {}, make("p", { className: "cq-label", textContent: strings.objectives }), objectives);
		const calibrated = make("div", {}, make("p", { className: "cq-label", textContent: strings.calibration }), sure);
		if (quiz.feedback) heading.after(finish);
		summary.append(told, calibrated);
		heading.after(say);

		return {
			stop: () => clock && clock.stop(),
			update() {
				/** @type {Record<string, Outcome>} */
				const outcomes = model.get("outcomes");
				const scored = questions.filter(({ id }) => at(outcomes, id) && outcomes[id].status !== "needs-review");
				const done = atEnd ? questions.every(({ id }) => at(outcomes, id)) : Boolean(model.get("overall").finished);
				finish.hidden = atEnd && done;
				if (pressed && done) {
					[pressed, known] = [false, ""];
					say.textContent = atEnd ? strings.finished : strings.finished_saved;
					const place = heading.hidden ? /** @type {HTMLElement} */ (cards[0].querySelector(".cq-status")) : heading;
					place.tabIndex = -1;
					place.focus();
				} else if (!done && !known) say.textContent = "";
				if (clock) clock.update([...leads, ...cards, summary], done);
				/** @type {Record<string, [number, number]>} */
				const sums = {};
				for (const { id, objectives: codes } of scored)
					for (const code of codes || []) {
						const [score, max] = sums[code] || [0, 0];
						sums[code] = [score + outcomes[id].score, max + outcomes[id].max];
					}
				objectives.replaceChildren(...Object.entries(sums).map(([code, [score, max]]) => {
					const words = at(quiz.objectives || {}, code);
					return make("li", {}, code, words ? ` (${words})` : null, `: ${shown(score)}/${shown(max)}`);
				}));
				told.hidden = !objectives.children.length;
				sure.replaceChildren(...calibration(quiz, scored, outcomes, model.get("notes")));
				calibrated.hidden = !quiz.certainty || !scored.length;
			},
		};
	};

	/** Headings of sections and shared texts, each before its first question.
	 * @param {any} quiz @param {HTMLElement[]} cards @param {string} id */
	function lead({ sections, stimuli, strings }, cards, id) {
		/** @type {HTMLElement[]} */
		const leads = [];
		/** @param {number} index @param {HTMLElement} element */
		const put = (index, element) => {
			cards[index].before(element);
			leads.push(element);
		};
		let index = 0;
		for (const { title, html, questions: own } of sections) {
			if (own.length && (title || html))
				put(index, make("div", { className: "cq-section" },
					title ? make("p", { className: "cq-title", role: "heading", "aria-level": "3", textContent: title, "data-author": "" }) : null,
					html ? make("div", { innerHTML: html }) : null));
			own.forEach((/** @type {Question} */ { stimulus }, /** @type {number} */ place) => {
				const first = index++;
				if (!stimulus || (place && own[place - 1].stimulus === stimulus)) return;
				let last = first;
				while (own[place + last - first + 1] && own[place + last - first + 1].stimulus === stimulus) last += 1;
				const name = text(strings, last > first ? "stimulus_for" : "stimulus_for_one", { first: first + 1, last: last + 1 });
				const about = make("p", { className: "cq-instruction", id: `${id}-${first}`, textContent: name });
				const shared = stimuli[stimulus];
				put(first, make("section", { className: "cq-stimulus", "aria-labelledby": about.id }, about,
					shared.title ? make("p", { className: "cq-label", textContent: shared.title, "data-author": "" }) : null,
					make("div", { innerHTML: shared.html })));
			});
		}
		return leads;
	}

	/** A clock that warns, can be given more time, and takes nothing away.
	 * @param {any} quiz @param {Model} model @param {(values: any) => void} setOverall */
	function timer({ strings, timeLimit }, model, setOverall) {
		const left = make("p", {});
		const say = make("p", { role: "status" });
		const more = Math.ceil(timeLimit / 4);
		const start = make("button", { type: "button", className: "cq-main", textContent: strings.time_start, onclick: () => setOverall({ started: Date.now() }) });
		const extend = make("button", {
			type: "button",
			textContent: text(strings, "time_more", { minutes: more }),
			onclick: () => setOverall({ extra: (model.get("overall").extra || 0) + more }),
		});
		let warned = "";
		let finished = false;
		const tick = () => {
			const { started, extra = 0 } = model.get("overall");
			const minutes = Math.ceil((started + (timeLimit + extra) * 6e4 - Date.now()) / 6e4);
			left.textContent = !started ? text(strings, "time_limit", { minutes: timeLimit }) : finished ? "" : minutes > 0 ? text(strings, "time_left", { minutes }) : "";
			start.hidden = Boolean(started);
			extend.hidden = !started || finished;
			const warning = !started || finished ? "" : minutes <= 0 ? "time_up" : minutes <= Math.max(timeLimit / 5, 1) ? "time_warning" : "";
			if (warning !== warned) say.textContent = warning && strings[warning];
			warned = warning;
		};
		const ticking = setInterval(tick, 1000);
		return {
			element: make("div", { className: "cq-clock" }, left, say, start, extend),
			stop: () => clearInterval(ticking),
			/** @param {HTMLElement[]} shown what is there once the clock runs @param {boolean} done */
			update(shown, done) {
				finished = done;
				const held = document.activeElement === start;
				tick();
				for (const each of shown) each.hidden = !start.hidden;
				if (held && start.hidden) extend.focus();
			},
		};
	}

	/** How often the learner was right, by how sure. @param {any} quiz @param {Question[]} scored
	 * @param {Record<string, Outcome>} outcomes @param {Record<string, any>} notes */
	function calibration({ strings, certainty }, scored, outcomes, notes) {
		// As civicquiz.grading.certainty_mark.
		const sum = scored.reduce((total, { id }) => {
			const { status, score, max } = outcomes[id];
			const level = (at(notes, id) || {}).certainty || 1;
			return total + (status === "incorrect" ? [0, -2, -6][level - 1] : level * (score / max));
		}, 0);
		const lines = [1, 2, 3].map((level) => {
			const said = scored.filter(({ id }) => (at(notes, id) || {}).certainty === level && outcomes[id].status !== "unanswered");
			const right = said.filter(({ id }) => outcomes[id].status === "correct").length;
			return text(strings, "calibration_line", { level: strings["sure_" + level], right, count: said.length });
		});
		if (certainty === "marks") lines.push(text(strings, "certainty_marks", { marks: shown(sum) }), strings.certainty_note);
		return lines.map((textContent) => make("li", { textContent }));
	}
	Object.assign(civicquiz, { arranged });
})();
