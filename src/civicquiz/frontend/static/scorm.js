/** A page in a learning platform, by SCORM 1.2 or SCORM 2004: what a student does is reported, and put back later.
 * Only packages have this script, before page.js. Opening and leaving sets no score, and completes nothing. */
(() => {
	"use strict";
	const { interactionOf, isAnswered, isScored, ownValue } = civicquiz;
	const { format, plainText } = civicquiz.elements;
	const line = /** @type {HTMLElement} */ (document.querySelector("[data-scorm]"));
	const island = document.querySelector(".civicquiz-static script[type='application/json']");
	/** @type {Content} */
	const content = JSON.parse(island?.textContent || "");
	const { quiz } = content;
	const is2004 = line.dataset.scorm === "2004";
	const isKeyless = quiz.feedback === "none";
	/** how many characters of state a platform keeps */
	const ROOM = is2004 ? 64000 : 4096;
	/** how long after the last keystroke a platform gets what was typed, in milliseconds */
	const PAUSE = 2000;
	const TABLES = /** @type {const} */ (["responses", "checked", "attempts", "marks"]);
	const LANGUAGE = "civicquiz-language";

	/** The first result that is not an error. @template T @param {() => T} attempt @returns {T | null} */
	function quietly(attempt) {
		try {
			return attempt();
		} catch {
			return null; // a window of another site, or a browser that stores nothing
		}
	}

	// ---- The platform ----

	/** What a platform gives to its pages, in a window or in one of those around it.
	 * @param {any} start @returns {Record<string, (...values: string[]) => any> | null} */
	function apiAround(start) {
		let around = start;
		for (let steps = 0; around && steps <= 10; steps++) {
			const here = around;
			const found = quietly(() => here[is2004 ? "API_1484_11" : "API"]);
			if (found) return found;
			around = here.parent === here ? null : here.parent;
		}
		return null;
	}
	const api = apiAround(window) || apiAround(window.opener) || apiAround(window.top?.opener);
	/** @param {string} name @param {string[]} values */
	const call = (name, ...values) => String(quietly(() => api?.[is2004 ? name : `LMS${name}`](...values)));
	const get = (/** @type {string} */ name) => call("GetValue", name);
	const set = (/** @type {string} */ name, /** @type {string | number} */ value) =>
		call("SetValue", name, String(value)) === "true";
	const NAMES = is2004
		? { mode: "mode", status: "completion_status", time: "session_time", exit: "exit", score: "score" }
		: {
				mode: "core.lesson_mode",
				status: "core.lesson_status",
				time: "core.session_time",
				exit: "core.exit",
				score: "core.score",
			};
	const started = Date.now();
	const isOpen = api !== null && call("Initialize", "") === "true";
	/** whether the platform only shows what was done earlier, or a preview to a teacher */
	const isViewed = isOpen && ["browse", "review"].includes(get(`cmi.${NAMES.mode}`));
	let isReporting = isOpen && !isViewed;

	// ---- The answers ----

	/** @param {string | null} text @returns {Record<string, any>} */
	const parsed = (text) => quietly(() => Object(JSON.parse(text || "{}"))) || {};

	/** Answers with the id of each question once, which takes about half the room. @param {Record<string, any>} kept */
	function packed({ responses, checked, attempts, marks, ...rest }) {
		const tables = [responses, checked, attempts, marks];
		const ids = new Set(tables.flatMap((table) => Object.keys(table)));
		return { ...rest, rows: Object.fromEntries([...ids].map((id) => [id, tables.map((table) => table[id])])) };
	}

	/** @param {Record<string, any>} kept */
	function unpacked({ rows, ...rest }) {
		if (!rows) return rest;
		const tables = TABLES.map((table, index) => {
			const values = Object.entries(rows).map(([id, row]) => [id, Object(row)[index]]);
			return [table, Object.fromEntries(values.filter(([, value]) => value !== null && value !== undefined))];
		});
		return { ...rest, ...Object.fromEntries(tables) };
	}

	/** JSON in ASCII, the only characters that every platform keeps. @param {any} value */
	const ascii = (value) =>
		JSON.stringify(value).replace(
			/[\u007f-\uffff]/g,
			(sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
		);

	const suspended = unpacked(parsed(isOpen ? get("cmi.suspend_data") : ""));
	/** names this attempt in the browser, where another student may have worked before */
	const attempt = String(suspended.attempt || `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`);
	const shelf = `civicquiz-scorm:${quiz.name}:${attempt}`;
	const local = quietly(() => localStorage.getItem(shelf));
	const isLocal = Boolean(local) && String(parsed(local).saved) >= String(suspended.saved);
	/** the answers as page.js keeps them @type {string | null} */
	let kept = isLocal ? local : suspended.responses ? JSON.stringify(suspended) : null;
	/** the questions whose answers had no room in the platform, and are not in this browser either @type {string[]} */
	const lost = isLocal || !Array.isArray(suspended.left) ? [] : suspended.left;
	/** those whose answers have no room now @type {string[]} */
	let left = [];
	/** the positions of the questions that the platform has a record of, in its order @type {number[]} */
	let told = suspended.content_hash === quiz.version && Array.isArray(suspended.told) ? suspended.told : [];
	const records = Number(isOpen ? get("cmi.interactions._count") : 0) || 0;
	if (records < told.length) told = []; // the platform begins anew each time
	/** how many records there were before ours */
	const firstRecord = records - told.length;
	let isRefused = false;

	/** Gives the platform as many of the answers as it has room for; whether it took them. */
	function suspend() {
		const about = { schema: 1, quiz: quiz.name, content_hash: quiz.version, attempt, told };
		/** @type {Record<string, any>} */
		const content = { ...about, responses: {}, checked: {}, attempts: {}, marks: {}, ...parsed(kept) };
		left = [];
		let text = ascii(content);
		const lengthOf = (/** @type {string} */ id) => ascii(content.responses[id]).length;
		const ids = text.length > ROOM ? Object.keys(content.responses).sort((a, b) => lengthOf(a) - lengthOf(b)) : [];
		// Without a key, it has to stay a response file.
		const written = () => ascii(isKeyless ? { ...content, left } : packed({ ...content, left }));
		if (text.length > ROOM) text = written();
		while (text.length > ROOM && ids.length) {
			const longest = /** @type {string} */ (ids.pop());
			left.push(longest);
			delete content.responses[longest];
			delete content.checked[longest];
			text = written();
		}
		return set("cmi.suspend_data", text);
	}

	/** @param {string} text */
	function keep(text) {
		kept = text;
		const isHere = quietly(() => localStorage.setItem(shelf, text)) !== null;
		const isThere = isReporting && suspend();
		if (isReporting && !isThere) isRefused = true; // until the platform has taken all of it
		if (!isHere && !isThere) throw new Error("The answers are kept nowhere.");
	}

	/** whether a name is that of the answers, or the one by which page.js finds out whether anything is kept */
	const isOurs = (/** @type {string} */ name) => isOpen && name.startsWith("civicquiz:");
	civicquiz.storage = {
		getItem(name) {
			if (isOurs(name)) return kept;
			if (name !== LANGUAGE) return localStorage.getItem(name);
			const chosen = quietly(() => localStorage.getItem(name));
			return chosen || (parsed(kept).session?.language ? null : line.dataset.opens || null);
		},
		setItem(name, text) {
			if (!isOurs(name)) localStorage.setItem(name, text);
			else if (!name.endsWith("?")) keep(text);
		},
		removeItem(name) {
			if (!isOurs(name)) localStorage.removeItem(name);
		},
	};

	// ---- The record of a question ----

	const { named, plain, recorded, result } = civicquiz.scormRecords(is2004);

	/** @param {Question} question @param {any} response @param {Outcome | undefined} outcome */
	function tell(question, response, outcome) {
		const position = quiz.questions.findIndex(({ id }) => id === question.id);
		if (!told.includes(position)) told.push(position);
		const record = `cmi.interactions.${firstRecord + told.indexOf(position)}`;
		const field = `${record}.${is2004 ? "learner" : "student"}_response`;
		// The options in the order of the quiz, which is the same for everyone.
		const [type, text] = isAnswered(question, response) ? recorded(quiz.questions[position], response) : ["other", ""];
		const anything = is2004 ? "other" : "fill-in";
		set(`${record}.id`, named(question.id));
		set(`${record}.type`, text ? type : anything);
		if (text && !set(field, text)) {
			set(`${record}.type`, anything); // some platforms take no number of more than five digits
			set(field, text.slice(0, is2004 ? 4000 : 255));
		}
		set(`${record}.weighting`, question.points);
		set(`${record}.result`, result(outcome));
		if (is2004) set(`${record}.description`, plain(plainText(question.prompt), 250));
	}

	// ---- The report ----

	/** The questions that the student gets. @param {Model} model @returns {Question[]} */
	function questionsOf(model) {
		const { seed } = model.get("overall");
		if (!civicquiz.arrangement) return quiz.questions;
		return civicquiz.arrangement.arranged(quiz, seed).flatMap(({ questions }) => questions);
	}

	/** The share of the points, without questions that wait for a person; null if nothing has been scored.
	 * @param {Question[]} questions @param {Record<string, Outcome>} outcomes */
	function shareOf(questions, outcomes) {
		const { keyOf } = civicquiz.shelves.opened(content).keyed;
		let [score, max] = [0, 0];
		for (const question of questions) {
			const outcome = ownValue(outcomes, question.id);
			const isVoid = !outcome && keyOf(question.id, /** @type {any} */ ({ overall: {} })).void;
			if (outcome ? !isScored(outcome) : interactionOf(question).needsReview && !isVoid) continue;
			score += outcome ? outcome.score : isVoid ? question.points : 0;
			max += question.points;
		}
		return max && questions.some(({ id }) => ownValue(outcomes, id)) ? Math.min(score / max, 1) : null;
	}

	/** The quiz in the language that the student has chosen. @param {Model} model */
	const textsOf = (model) => ({ ...quiz, ...ownValue(quiz.translations || {}, model.get("overall").language) });

	/** Reports what happens in a quiz from now on; returns what says where its answers are.
	 * @param {Model} model @returns {() => string} */
	function follow(model) {
		const questions = questionsOf(model);
		/** what the platform has been told of a question @param {Question} question */
		const stateOf = (question) => {
			const outcome = ownValue(model.get("outcomes"), question.id);
			const response = ownValue(model.get("responses"), question.id);
			if (outcome) return JSON.stringify([response, outcome.status, outcome.score, outcome.settled]);
			return isKeyless && isAnswered(question, response) ? JSON.stringify(response) : "";
		};
		const known = new Map(questions.map((question) => [question.id, stateOf(question)]));
		let timer = 0;

		const report = () => {
			clearTimeout(timer);
			timer = 0;
			if (!isReporting) return;
			const [outcomes, responses, overall] = ["outcomes", "responses", "overall"].map(model.get);
			const news = questions.filter((question) => stateOf(question) !== known.get(question.id));
			for (const question of news) known.set(question.id, stateOf(question));
			const changed = news.filter(stateOf);
			for (const question of changed) tell(question, ownValue(responses, question.id), ownValue(outcomes, question.id));
			const share = changed.length && !isKeyless ? shareOf(questions, outcomes) : null;
			const accepted = [suspend()];
			if (share !== null) {
				set(`cmi.${NAMES.score}.min`, 0);
				set(`cmi.${NAMES.score}.max`, 100);
				accepted.push(set(`cmi.${NAMES.score}.raw`, Math.round(share * 1e4) / 100));
				if (is2004) set("cmi.score.scaled", Math.round(share * 1e4) / 1e4);
			}
			const isDone = questions.every((question) =>
				isKeyless
					? isAnswered(question, ownValue(responses, question.id))
					: ownValue(outcomes, question.id)?.settled === true,
			);
			if (isDone || (isKeyless && overall.finished)) complete();
			accepted.push(call("Commit", "") === "true");
			isRefused = accepted.includes(false);
			say();
		};

		const say = () => {
			const { strings, locale } = textsOf(model);
			const numbers = (/** @type {string[]} */ ids) =>
				questions.flatMap(({ id }, index) => (ids.includes(id) ? index + 1 : [])).join(", ");
			const missing = lost.filter((id) => ownValue(model.get("responses"), id) === undefined);
			/** @type {Record<string, () => string>} */
			const words = {
				none: () => strings[isKeyless ? "platform_none_answers" : "platform_none"],
				silent: () => strings.platform_silent,
				viewed: () => strings.platform_viewed,
				refused: () => strings.platform_refused,
				full: () => format(strings, "platform_full", { numbers: numbers(left) }),
				lost: () => format(strings, "platform_lost", { numbers: numbers(missing) }),
				reported: () => strings[isKeyless ? "platform_answers" : "platform_score"],
			};
			const state = !api
				? "none"
				: !isOpen
					? "silent"
					: isViewed
						? "viewed"
						: isRefused
							? "refused"
							: left.length
								? "full"
								: missing.length
									? "lost"
									: "reported";
			const said = words[state]();
			if (line.textContent !== said) line.textContent = said;
			Object.assign(line, { lang: locale });
			return isRefused || left.length ? said : strings.saved_platform;
		};

		model.on("change:outcomes", () => {
			if (!isReporting) return void say();
			const news = questions.some((question) => stateOf(question) !== known.get(question.id));
			if (news && !isKeyless) return report();
			clearTimeout(timer);
			timer = setTimeout(report, PAUSE);
			say();
		});
		addEventListener("pagehide", () => {
			if (!isReporting) return;
			if (timer) report();
			isReporting = false;
			set(`cmi.${NAMES.exit}`, "suspend"); // so that the platform gives the answers back
			set(`cmi.${NAMES.time}`, duration(Date.now() - started));
			call(is2004 ? "Terminate" : "Finish", "");
		});
		// A page that comes back from the browser's memory has ended its session.
		addEventListener("pageshow", ({ persisted }) => persisted && isOpen && location.reload());
		say();
		return say;
	}

	let status = isReporting ? get(`cmi.${NAMES.status}`) : "";
	function complete() {
		if (["completed", "passed", "failed"].includes(status)) return;
		status = "completed";
		set(`cmi.${NAMES.status}`, status);
	}
	// Otherwise a platform takes a page that says nothing for completed as soon as it is left.
	if (isReporting && !["incomplete", "completed", "passed", "failed"].includes(status))
		set(`cmi.${NAMES.status}`, "incomplete");

	/** @param {number} milliseconds */
	function duration(milliseconds) {
		const seconds = Math.round(milliseconds / 1000);
		if (is2004) return `PT${seconds}S`;
		const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
		return parts.map((part, index) => String(part).padStart(index ? 2 : 4, "0")).join(":");
	}

	const { render } = civicquiz;
	civicquiz.render = ({ el, model }) => {
		const say = follow(model);
		const notice = () => {
			const { strings } = textsOf(model);
			const text = model.get("notice");
			return isReporting ? text.replace(strings.saved_browser, say).replace(strings.not_saved_browser, say) : text;
		};
		return render({ el, model: { ...model, get: (name) => (name === "notice" ? notice() : model.get(name)) } });
	};
})();
