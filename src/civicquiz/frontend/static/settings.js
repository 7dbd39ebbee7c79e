/** What a quiz can be set to around its questions: sections, shared texts, an end, a clock, certainty, objectives. */
civicquiz.settings = (() => {
	"use strict";
	const { isAnswered, isScored, ownValue } = civicquiz;
	const { button, element, format, hasFocus, line, scoreText } = civicquiz.elements;
	const LEVELS = [1, 2, 3];
	const MINUTE = 60_000;

	/** How sure the learner is of an answer. @type {SettingsScript["drawCertainty"]} */
	function drawCertainty({ strings, certainty }, id, notes, note) {
		const levels = LEVELS.map((level) => {
			const input = element("input", {
				type: "radio",
				name: `${id}-sure`,
				id: `${id}-sure-${level}`,
				onchange: () => note({ certainty: level }),
			});
			const pay = certainty === "marks" ? ` (${strings[`sure_marks_${level}`]})` : "";
			const label = element("label", { htmlFor: input.id, textContent: strings[`sure_${level}`] + pay });
			return { level, input, option: element("div", { className: "cq-option" }, input, label) };
		});
		return {
			element: element(
				"fieldset",
				{ className: "cq-certainty" },
				element("legend", { textContent: strings.sure }),
				...levels.map(({ option }) => option),
			),
			update(isLocked) {
				for (const { level, input } of levels) {
					input.checked = notes().certainty === level;
					input.disabled = isLocked;
				}
			},
		};
	}

	/** @type {SettingsScript["priceHint"]} */
	function priceHint({ strings, hintPenalty = 0 }, hint, notes, note, isOpen) {
		const pay = () => {
			if (hint.open && isOpen() && !notes().hint) note({ hint: true });
		};
		/** @type {HTMLElement} */ (hint.firstChild).textContent = format(strings, "hint_cost", {
			cost: scoreText(100 * hintPenalty),
		});
		hint.ontoggle = pay;
		return pay;
	}

	/** @type {SettingsScript["drawFrame"]} */
	function drawFrame({ quiz, model, cards, title, heading, summary, setOverall }) {
		const { strings, questions } = quiz;
		const leads = drawLeads(quiz, cards, title.id);
		const clock = quiz.timeLimit ? drawClock(strings, quiz.timeLimit, model, setOverall) : null;
		if (clock) title.after(clock.element);

		const isAtEnd = quiz.feedback === "at-end";
		const status = element("p", { role: "status" });
		/** the numbers of the questions that the learner knows to be open */
		let known = "";
		let isPressed = false;
		const press = () => {
			const isOpen = (/** @type {Question} */ question) =>
				!isAnswered(question, ownValue(model.get("responses"), question.id));
			const numbers = questions.flatMap((question, index) => (isOpen(question) ? index + 1 : [])).join(", ");
			if (numbers !== known) {
				known = numbers;
				status.textContent = numbers && format(strings, "finish_open", { numbers });
				if (numbers) return;
			}
			isPressed = true;
			if (isAtEnd) model.send({ type: "finish", questions: questions.map(({ id }) => id) });
			else setOverall({ finished: true });
		};
		const finish = button(strings.finish, press, { className: "cq-main" });
		const byObjective = drawList(strings.objectives);
		const byCertainty = drawList(strings.calibration);
		if (quiz.feedback) heading.after(finish);
		summary.append(byObjective.element, byCertainty.element);
		heading.after(status);

		const settled = () =>
			quiz.attempts ? questions.map(({ id }) => id).filter((id) => ownValue(model.get("outcomes"), id)?.settled) : [];

		return {
			leads,
			stop: () => clock?.stop(),
			settled,
			update() {
				summary.classList.toggle("cq-settled", settled().length === questions.length);
				/** @type {Record<string, Outcome>} */
				const outcomes = model.get("outcomes");
				const isDone = isAtEnd
					? questions.every(({ id }) => ownValue(outcomes, id))
					: Boolean(model.get("overall").finished);
				finish.hidden = isAtEnd && isDone;
				if (isPressed && isDone) {
					isPressed = false;
					known = "";
					status.textContent = isAtEnd ? strings.finished : strings.finished_saved;
					const target = heading.hidden ? /** @type {HTMLElement} */ (cards[0].querySelector(".cq-status")) : heading;
					target.tabIndex = -1;
					target.focus();
				} else if (!isDone && !known) status.textContent = "";
				if (clock) clock.update([...leads.map(({ element: lead }) => lead), ...cards, summary], isDone);
				const scored = questions.filter(({ id }) => {
					const outcome = ownValue(outcomes, id);
					return outcome && isScored(outcome);
				});
				byObjective.show(objectiveLines(quiz, scored, outcomes));
				byCertainty.show(
					quiz.certainty && scored.length ? certaintyLines(quiz, scored, outcomes, model.get("notes")) : [],
				);
			},
		};
	}

	/** A list with a heading, in view while there is something in it. @param {string} heading */
	function drawList(heading) {
		const list = element("ul", {});
		const part = element("div", {}, line("cq-label", heading), list);
		return {
			element: part,
			/** @param {(string | HTMLElement)[]} lines */
			show(lines) {
				list.replaceChildren(
					...lines.map((entry) => (typeof entry === "string" ? element("li", { textContent: entry }) : entry)),
				);
				part.hidden = !lines.length;
			},
		};
	}

	/** Headings of sections and shared texts, each put before its first question.
	 * @param {ShownQuiz} quiz @param {HTMLElement[]} cards @param {string} id @returns {Lead[]} */
	function drawLeads({ sections, stimuli = {}, strings }, cards, id) {
		/** @type {Lead[]} */
		const leads = [];
		/** @param {number} first @param {number} last @param {HTMLElement} lead */
		const put = (first, last, lead) => {
			cards[first].before(lead);
			leads.push({ element: lead, first, last });
		};
		let index = 0;
		for (const section of sections) {
			const { title, html, questions } = section;
			if (questions.length && (title || html)) put(index, index + questions.length - 1, drawSection(section));
			questions.forEach(({ stimulus }, position) => {
				const first = index + position;
				if (!stimulus || (position && questions[position - 1].stimulus === stimulus)) return;
				const others = questions.slice(position).findIndex((question) => question.stimulus !== stimulus);
				const last = others < 0 ? index + questions.length - 1 : first + others - 1;
				const name = ["stimulus_for_one", "stimulus_for_two"][last - first] || "stimulus_for";
				const said = format(strings, name, { first: first + 1, last: last + 1 });
				const label = line("cq-instruction", said, { id: `${id}-${first}` });
				put(first, last, drawStimulus(stimuli[stimulus], label, id));
			});
			index += questions.length;
		}
		return leads;
	}

	/** @param {{title?: string, html?: string, language?: string}} section */
	function drawSection({ title, html, language }) {
		return element(
			"div",
			{ className: "cq-section", "data-language": language || "" },
			title ? line("cq-title", title, { role: "heading", "aria-level": "3", "data-author": "" }) : null,
			html ? element("div", { innerHTML: html }) : null,
		);
	}

	/** @param {{title?: string, html: string, language?: string}} stimulus @param {HTMLElement} label
	 * @param {string} quiz the id of its title */
	function drawStimulus({ title, html, language }, label, quiz) {
		return element(
			"section",
			{ className: "cq-stimulus", "data-language": language || "", "aria-labelledby": `${label.id} ${quiz}` },
			label,
			title ? line("cq-label", title, { "data-author": "" }) : null,
			element("div", { innerHTML: html }),
		);
	}

	/** A clock that warns, can be given more time, and takes nothing away.
	 * @param {Strings} strings @param {number} timeLimit in minutes @param {Model} model
	 * @param {(values: Record<string, any>) => void} setOverall */
	function drawClock(strings, timeLimit, model, setOverall) {
		const left = element("p", {});
		const status = element("p", { role: "status" });
		const more = Math.ceil(timeLimit / 4);
		const start = button(strings.time_start, () => setOverall({ started: Date.now() }), { className: "cq-main" });
		const extend = button(format(strings, "time_more", { minutes: more }), () =>
			setOverall({ extra: (model.get("overall").extra || 0) + more }),
		);
		let warned = "";
		let isDone = false;
		/** @param {number} minutes how many are left */
		const warningFor = (minutes) => {
			if (minutes <= 0) return "time_up";
			return minutes <= Math.max(timeLimit / 5, 1) ? "time_warning" : "";
		};
		const tick = () => {
			const { started, extra = 0 } = model.get("overall");
			const minutes = Math.ceil((started + (timeLimit + extra) * MINUTE - Date.now()) / MINUTE);
			const isRunning = Boolean(started) && !isDone;
			if (!started) left.textContent = format(strings, "time_limit", { minutes: timeLimit });
			else left.textContent = isRunning && minutes > 0 ? format(strings, "time_left", { minutes }) : "";
			start.hidden = Boolean(started);
			extend.hidden = !isRunning;
			const warning = isRunning ? warningFor(minutes) : "";
			if (warning !== warned) status.textContent = warning && strings[warning];
			warned = warning;
		};
		const ticking = setInterval(tick, 1000);
		return {
			element: element("div", { className: "cq-clock" }, left, status, start, extend),
			stop: () => clearInterval(ticking),
			/** @param {HTMLElement[]} parts what is in view once the clock runs @param {boolean} isFinished */
			update(parts, isFinished) {
				isDone = isFinished;
				const hadFocus = hasFocus(start);
				tick();
				for (const part of parts) part.hidden = !start.hidden;
				if (hadFocus && start.hidden) extend.focus();
			},
		};
	}

	/** @type {SettingsScript["sumsByObjective"]} */
	function sumsByObjective(scored, outcomes) {
		/** @type {Map<string, [number, number]>} */
		const sums = new Map(); // a code can be a name that every object has, such as "constructor"
		for (const { id, objectives: codes = [] } of scored)
			for (const code of codes) {
				const [score, max] = sums.get(code) || [0, 0];
				sums.set(code, [score + outcomes[id].score, max + outcomes[id].max]);
			}
		return [...sums];
	}

	/** The points by objective.
	 * @param {QuizBase} quiz @param {Question[]} scored @param {Record<string, Outcome>} outcomes */
	function objectiveLines({ objectives = {} }, scored, outcomes) {
		return sumsByObjective(scored, outcomes).map(([code, [score, max]]) => {
			const words = ownValue(objectives, code);
			return element("li", {}, code, words ? ` (${words})` : null, `: ${scoreText(score)}/${scoreText(max)}`);
		});
	}

	/** As civicquiz.grading.certainty_mark: a question without points and without an answer has no share to count.
	 * @type {SettingsScript["certaintyMark"]} */
	function certaintyMark({ status, score, max }, level) {
		return status === "incorrect" ? [0, -2, -6][level - 1] : score && level * (score / max);
	}

	/** How often the learner was right, by how sure. @param {QuizBase} quiz @param {Question[]} scored
	 * @param {Record<string, Outcome>} outcomes @param {Record<string, any>} notes */
	function certaintyLines({ strings, certainty }, scored, outcomes, notes) {
		const levelOf = (/** @type {Question} */ { id }) => ownValue(notes, id)?.certainty;
		const lines = LEVELS.map((level) => {
			const answers = scored.filter(
				(question) => levelOf(question) === level && outcomes[question.id].status !== "unanswered",
			);
			const right = answers.filter(({ id }) => outcomes[id].status === "correct").length;
			return format(strings, "calibration_line", { level: strings[`sure_${level}`], right, count: answers.length });
		});
		if (certainty !== "marks") return lines;
		const marks = scored.reduce(
			(total, question) => total + certaintyMark(outcomes[question.id], levelOf(question) || 1),
			0,
		);
		return [...lines, format(strings, "certainty_marks", { marks: scoreText(marks) }), strings.certainty_note];
	}

	return { certaintyMark, drawCertainty, drawFrame, priceHint, sumsByObjective };
})();
