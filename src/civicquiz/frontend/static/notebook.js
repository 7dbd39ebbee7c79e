/**
 * The host of a notebook: it gives quiz.js the model of the widget, and says what the kernel has saved. A kernel that
 * has stopped does not answer.
 */
civicquiz.renderInNotebook = (() => {
	"use strict";
	const { ownValue, render } = civicquiz;
	/** after how long the learner reads that the kernel does not answer, in ms */
	const PATIENCE = 4000;
	/** how long it is left alone at most: it may be busy */
	const LONGEST = 64000;

	/** @type {any} */
	const shared = globalThis; // of all widgets: a cell that is run again draws another one
	shared.civicquizUnconfirmed ||= new Map();
	/** What no kernel has confirmed yet, by its file. @type {Map<string, Record<string, any>>} */
	const unconfirmed = shared.civicquizUnconfirmed;

	/** @type {Civicquiz["renderInNotebook"]} */
	return ({ model, el }) => {
		const file = model.get("quiz").store;
		/** question id -> the revision in which the learner changed it last @type {Record<string, number>} */
		let changes = {};
		let { revision, number: heard } = model.get("saving");
		let isLate = false;
		let isBehind = false; // an answer got lost
		let timer = 0;
		/** @type {Record<string, ((...args: any[]) => void)[]>} */
		const listeners = {};
		const tell = () => {
			for (const listener of listeners["change:notice"] || []) listener();
			addDismiss();
		};
		/** A warning stays until it is dismissed. */
		const addDismiss = () => {
			const notice = el.querySelector(".cq-notice");
			if (!notice || !model.get("warning")) return;
			const { button } = civicquiz.elements;
			notice.append(
				" ",
				button(model.get("quiz").strings.dismiss, () => facade.send({ type: "dismiss" })),
			);
		};

		/** Tell the kernel; a comm that is closed may throw. @param {() => void} message */
		const attempt = (message) => {
			try {
				message();
			} catch (error) {
				console.warn(error);
			}
		};
		const send = () => {
			model.set("revision", revision);
			attempt(() => model.save_changes());
		};
		const wait = (patience = PATIENCE) => {
			clearTimeout(timer);
			timer = setTimeout(() => {
				isLate = unconfirmed.has(file);
				send(); // the disk may have room again
				attempt(() => model.send({ type: "ask", revision }));
				tell();
				wait(Math.min(2 * patience, LONGEST));
			}, patience);
		};

		/** The learner has changed these questions, or something about the whole quiz. @param {string[]} ids */
		const changed = (ids) => {
			revision = Math.max(revision, model.get("revision")) + 1;
			for (const id of ids) changes[id] = revision;
			const responses = model.get("responses");
			const kept = unconfirmed.get(file) || {};
			for (const id of ids) kept[id] = ownValue(responses, id);
			unconfirmed.set(file, kept);
			wait();
			tell();
		};
		const confirmed = () => {
			const { revision: answered, saved, number, whole } = model.get("saving");
			isBehind = !whole && (isBehind || number !== heard + 1);
			heard = number;
			if (answered < revision) return;
			clearTimeout(timer);
			isLate = !saved;
			if (saved) {
				changes = {};
				unconfirmed.delete(file);
			}
			if (isBehind || !saved) wait();
			tell();
		};
		model.on("change:saving", confirmed);

		/** @param {BeforeUnloadEvent} event */
		const onLeave = (event) => {
			if (unconfirmed.has(file)) event.preventDefault();
		};
		addEventListener("beforeunload", onLeave);

		/** @type {Model} */
		const facade = {
			get(name) {
				const isWaiting = unconfirmed.has(file);
				const { revision: answered, saved } = model.get("saving");
				if (name === "saves")
					return Object.fromEntries(Object.keys(changes).map((id) => [id, isLate ? "not_saved" : "saving"]));
				if (name !== "notice" || !isWaiting) return model.get(name);
				// The kernel has said why it could not save, or has said nothing.
				if (isLate && answered === revision && !saved) return model.get("notice");
				return model.get("quiz").strings[isLate ? "kernel_silent" : "saving"];
			},
			set(name, value) {
				const before = model.get(name);
				model.set(name, value);
				if (name === "overall") changed([]);
				else changed(Object.keys({ ...before, ...value }).filter((id) => before[id] !== value[id]));
			},
			save_changes: send,
			send(message) {
				if (message.type !== "dismiss") changed(message.question ? [message.question] : []);
				model.set("revision", revision);
				attempt(() => model.send({ ...message, revision }));
			},
			on(name, callback) {
				listeners[name] = [...(listeners[name] || []), callback];
				model.on(name, callback);
			},
			off(name, callback) {
				listeners[name] = (listeners[name] || []).filter((listener) => listener !== callback);
				model.off(name, callback);
			},
		};
		// What was typed while a kernel had stopped goes on here.
		const left = unconfirmed.get(file);
		if (left) {
			facade.set("responses", { ...model.get("responses"), ...left });
			send();
		}
		const stop = render({ model: facade, el });
		for (const name of ["change:notice", "change:warning", "change:quiz"]) model.on(name, tell);
		addDismiss();
		return () => {
			clearTimeout(timer);
			removeEventListener("beforeunload", onLeave);
			model.off("change:saving", confirmed);
			for (const name of ["change:notice", "change:warning", "change:quiz"]) model.off(name, tell);
			stop();
		};
	};
})();
