// @ts-check
/**
 * A learning platform that takes nothing which SCORM does not allow, and the page of a package in it, without a
 * browser, for tests/exchange/test_scorm_packages.py: one JSON request in a line, one JSON answer in a line.
 *
 *   {"open": HTML of the page, "cmi": what the platform has of this attempt, "browser": what the browser keeps,
 *    "where": "parent" | "far" | "opener" | "nowhere", "refuses": beginnings of names,
 *    "is": "viewed" | "silent" | "forgetful"}
 *   {"send": a message of quiz.js}
 *   {"respond": {question id: response}}
 *   {"overall": what is set for the whole quiz}
 *   {"later": true}: all timers run
 *   {"leave": true}
 *
 * Each answers with {"cmi", "calls", "wrong": what SCORM does not allow, "line", "notice", "outcomes", "responses",
 * "overall", "browser"}.
 *
 * Source: ADL, SCORM 1.2 Run-Time Environment, 3.4; SCORM 2004 4th Edition Run-Time Environment, 4.
 */
"use strict";
const readline = require("node:readline");
const vm = require("node:vm");

const REAL = /^-?\d+(\.\d+)?$/;
const CHARACTERS = /^[a-z0-9](,[a-z0-9])*$/;
const NAME = "[\\w.]{1,250}";
const list = (/** @type {string} */ entry) => new RegExp(`^(${entry})(\\[,\\](${entry}))*$`);
const upTo = (/** @type {number} */ most) => new RegExp(`^(?!\\{)[^\\r\\n]{0,${most}}$`);
const percent = (/** @type {string} */ text) => /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) <= 100;

/** name of an element of a version -> whether it can have a value @type {Record<string, Record<string, any>>} */
const ELEMENTS = {
	1.2: {
		"cmi.suspend_data": /^[\0-\x7e]{0,4096}$/,
		"cmi.core.lesson_status": /^(passed|completed|failed|incomplete|browsed)$/,
		"cmi.core.exit": /^(time-out|suspend|logout|)$/,
		"cmi.core.session_time": /^\d{2,4}:\d\d:\d\d(\.\d{1,2})?$/,
		"cmi.core.score.raw": percent,
		"cmi.core.score.min": percent,
		"cmi.core.score.max": percent,
		id: /^[\w.]{1,255}$/,
		type: /^(true-false|choice|fill-in|matching|performance|sequencing|likert|numeric)$/,
		result: /^(correct|wrong|unanticipated|neutral|\d+(\.\d+)?)$/,
		weighting: REAL,
		student_response: {
			choice: CHARACTERS,
			sequencing: CHARACTERS,
			matching: /^[a-z0-9]\.[a-z0-9](,[a-z0-9]\.[a-z0-9])*$/,
			performance: /^[a-z0-9]\.-?[\d.]+(,[a-z0-9]\.-?[\d.]+)*$/,
			numeric: /^-?\d+(\.\d+)?$/,
			"fill-in": /^[^\r\n]{0,255}$/,
		},
	},
	2004: {
		"cmi.suspend_data": /^[\0-\x7e]{0,64000}$/,
		"cmi.completion_status": /^(completed|incomplete|not attempted|unknown)$/,
		"cmi.exit": /^(time-out|suspend|logout|normal|)$/,
		"cmi.session_time": /^PT(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?$/,
		"cmi.score.raw": percent,
		"cmi.score.min": percent,
		"cmi.score.max": percent,
		"cmi.score.scaled": (/** @type {string} */ text) => REAL.test(text) && Math.abs(Number(text)) <= 1,
		id: new RegExp(`^${NAME}$`),
		type: /^(true-false|choice|fill-in|long-fill-in|matching|performance|sequencing|likert|numeric|other)$/,
		result: /^(correct|incorrect|unanticipated|neutral|-?\d+(\.\d+)?)$/,
		weighting: REAL,
		description: upTo(250),
		learner_response: {
			choice: list(NAME),
			sequencing: list(NAME),
			matching: list(`${NAME}\\[\\.\\]${NAME}`),
			performance: list(`${NAME}\\[\\.\\]-?\\d+(\\.\\d+)?`),
			// some platforms take no more digits
			numeric: /^-?\d{1,6}(\.\d{1,18})?$/,
			"fill-in": (/** @type {string} */ text) => {
				const texts = text.split("[,]");
				return texts.length <= 10 && texts.every((one) => upTo(250).test(one));
			},
			"long-fill-in": upTo(4000),
			other: /^[^\r\n]{0,4000}$/,
		},
	},
};

/** @param {string} version @param {any} request */
function platformOf(version, { cmi = {}, refuses = [], is = "" }) {
	const elements = ELEMENTS[version];
	/** @type {Record<string, string>} */
	const values = { ...cmi };
	/** @type {string[]} */
	const calls = [];
	/** @type {string[]} */
	const wrong = [];
	let isOpen = false;
	let isOver = false;
	const count = () => Object.keys(values).filter((name) => /^cmi\.interactions\.\d+\.id$/.test(name)).length;
	const readable = {
		[version === "2004" ? "cmi.mode" : "cmi.core.lesson_mode"]: () => (is === "viewed" ? "review" : "normal"),
		[version === "2004" ? "cmi.completion_status" : "cmi.core.lesson_status"]: (/** @type {string} */ name) =>
			values[name] || (version === "2004" ? "unknown" : "not attempted"),
		"cmi.suspend_data": (/** @type {string} */ name) => values[name] || "",
		"cmi.interactions._count": () => String(count()),
	};
	/** What says whether an element can have a value now. @param {string} name */
	const ruleOf = (name) => {
		const [, position, field] = /^cmi\.interactions\.(\d+)\.(\w+)$/.exec(name) || [];
		if (!field) return elements[name];
		if (Number(position) > count() || (Number(position) === count() && field !== "id")) return null;
		if (field !== "student_response" && field !== "learner_response") return elements[field];
		return elements[field]?.[values[`cmi.interactions.${position}.type`]];
	};
	const call = (/** @type {string} */ name, /** @type {() => string} */ done) => {
		calls.push(name);
		if (isOpen) return done();
		wrong.push(`${name} while no session is open`);
		return name.startsWith("GetValue") ? "" : "false";
	};
	/** @type {Record<string, (...values: string[]) => string>} */
	const api = {
		Initialize(nothing) {
			calls.push("Initialize");
			if (is === "silent") return "false";
			if (isOpen || isOver || nothing !== "") wrong.push("Initialize");
			isOpen = true;
			return "true";
		},
		GetValue: (name) =>
			call(`GetValue ${name}`, () => {
				if (readable[name]) return readable[name](name);
				wrong.push(`GetValue ${name}`);
				return "";
			}),
		SetValue: (name, value) =>
			call(`SetValue ${name}`, () => {
				const rule = typeof value === "string" ? ruleOf(name) : null;
				const isFit = rule && (rule instanceof RegExp ? rule.test(value) : rule(value));
				// What is not a short number there goes as text.
				if (!isFit && !(name.endsWith("_response") && /^-?[\d.]{6,}|e/.test(value)))
					wrong.push(`SetValue ${name} ${value}`);
				if (!isFit || refuses.some((/** @type {string} */ start) => name.startsWith(start))) return "false";
				values[name] = value;
				return "true";
			}),
		Commit: () => call("Commit", () => String(!refuses.includes("Commit"))),
		[version === "2004" ? "Terminate" : "Finish"]: () =>
			call("End", () => {
				isOpen = false;
				isOver = true;
				// What a page says nothing about is taken for completed.
				const name = version === "2004" ? "cmi.completion_status" : "cmi.core.lesson_status";
				values[name] ||= "completed";
				return "true";
			}),
	};
	const own = Object.entries(api).map(([name, does]) => [version === "2004" ? name : `LMS${name}`, does]);
	return { api: Object.fromEntries(own), values, calls, wrong };
}

/** @param {any} request */
function opened(request) {
	const html = request.open;
	const [, version] = /data-scorm="([\d.]+)"/.exec(html) || [];
	const [, opens] = /data-opens="([^"]+)"/.exec(html) || [];
	const [, island] = /<script type="application\/json">(.*?)<\/script>/s.exec(html) || [];
	const platform = platformOf(version, request);
	const API = { [version === "2004" ? "API_1484_11" : "API"]: platform.api };
	/** @type {Record<string, Function[]>} */
	const listeners = {};
	/** @type {Map<number, () => void>} */
	const timers = new Map();
	const browser = new Map(Object.entries(request.browser || {}));
	const line = { dataset: { scorm: version, opens }, textContent: "" };
	const script = { textContent: island };
	const place = { dataset: {}, querySelector: () => script };
	/** @type {Record<string, any>} */
	const page = {
		document: {
			readyState: "complete",
			currentScript: {},
			querySelector: (/** @type {string} */ sought) => (sought.includes("data-scorm") ? line : script),
			querySelectorAll: (/** @type {string} */ sought) => (sought.startsWith(".civicquiz-static") ? [place] : []),
		},
		location: { href: "https://example.org/package/page.html", search: "", reload() {} },
		navigator: { languages: ["en"] },
		localStorage: {
			getItem: (/** @type {string} */ name) => browser.get(name) ?? null,
			setItem(/** @type {string} */ name, /** @type {string} */ text) {
				if (request.is === "forgetful") throw new Error("nothing is kept here");
				browser.set(name, text);
			},
			removeItem: (/** @type {string} */ name) => browser.delete(name),
		},
		addEventListener(/** @type {string} */ name, /** @type {Function} */ does) {
			listeners[name] = [...(listeners[name] || []), does];
		},
		dispatchEvent(/** @type {Event} */ event) {
			for (const does of listeners[event.type] || []) does(event);
		},
		setTimeout(/** @type {() => void} */ does) {
			timers.set(timers.size + 1, does);
			return timers.size;
		},
		clearTimeout: (/** @type {number} */ timer) => timers.set(timer, () => undefined),
		...{ URL, URLSearchParams, Event, EventTarget, CustomEvent, crypto },
	};
	const around = { parent: { ...{ parent: { parent: API } } } };
	if (request.where === "far") page.parent = around;
	else if (request.where === "opener") page.opener = { parent: API };
	else if (request.where !== "nowhere") page.parent = API;
	const context = vm.createContext(page);
	vm.runInContext("var window = globalThis", context);
	/** @type {any} */
	let host = null;
	for (const [, text] of html.matchAll(/<script>(.*?)<\/script>/gs)) {
		vm.runInContext(text, context);
		if (!page.civicquiz.render || page.civicquiz.isPlayed) continue;
		page.civicquiz.isPlayed = true;
		page.civicquiz.render = (/** @type {any} */ given) => {
			host = given;
		};
		page.civicquiz.elements.plainText = (/** @type {string} */ shown) => shown.replace(/<[^>]*>/g, "");
	}
	const { model } = host;
	return {
		model,
		leave() {
			for (const does of listeners.pagehide || []) does({});
		},
		later() {
			for (const [timer, does] of [...timers]) {
				timers.delete(timer);
				does();
			}
		},
		state: () => ({
			cmi: platform.values,
			calls: platform.calls,
			wrong: platform.wrong,
			line: line.textContent,
			notice: model.get("notice"),
			outcomes: model.get("outcomes"),
			responses: model.get("responses"),
			overall: model.get("overall"),
			browser: Object.fromEntries(browser),
		}),
	};
}

/** @type {any} */
let page = null;

/** @param {any} request */
function answered(request) {
	if ("open" in request) page = opened(request);
	if ("send" in request) page.model.send(request.send);
	if ("respond" in request) {
		page.model.set("responses", { ...page.model.get("responses"), ...request.respond });
		page.model.save_changes();
	}
	if ("overall" in request) {
		page.model.set("overall", { ...page.model.get("overall"), ...request.overall });
		page.model.save_changes();
	}
	if (request.later) page.later();
	if (request.leave) page.leave();
	return page.state();
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
	let answer;
	try {
		answer = answered(JSON.parse(line));
	} catch (error) {
		answer = { crash: String(error), stack: /** @type {Error} */ (error).stack };
	}
	process.stdout.write(`${JSON.stringify(answer)}\n`);
});
