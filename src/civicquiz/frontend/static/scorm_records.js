/** What a response is called in a record of SCORM 1.2 or SCORM 2004: the two write the same in other signs.
 *
 * Source: ADL, SCORM 1.2 Run-Time Environment, 3.4.7; SCORM 2004 4th Edition Run-Time Environment, 4.1 and 4.2.9. */
civicquiz.scormRecords = (() => {
	"use strict";
	const { isScored, ownValue, read: readResponse } = civicquiz;
	const { plainText } = civicquiz.elements;
	const SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789";

	return (is2004) => {
		/** An id as platforms take it. The ids of a quiz have no underscore. @param {string} id */
		const named = (id) => id.replace(/[^\w.]/g, "_");
		/** A text as a field takes it, without signs that mean something there. @param {string} text @param {number} most */
		const plain = (text, most) =>
			text
				.replace(/\s+/g, " ")
				.replace(/\[([,.:])\]/g, "[ $1 ]")
				.replace(/^ ?\{/, "({")
				.slice(0, most)
				.replace(/[\ud800-\udbff]$/, "");
		/** An option: SCORM 1.2 has one character for it. @param {Option[]} options @param {string} id */
		const optionName = (options, id) =>
			is2004 ? named(id) : SIGNS[options.findIndex((option) => option.id === id)] || named(id);
		const [AND, TO] = is2004 ? ["[,]", "[.]"] : [",", "."];

		/** The type of a record, and the response in it.
		 * @param {Question} question @param {any} response one that can be read @returns {[string, string]} */
		function recorded(question, response) {
			const read = readResponse(question, response);
			switch (question.interaction) {
				case "choice":
				case "order": {
					const type = question.interaction === "choice" ? "choice" : "sequencing";
					return [type, read.map((/** @type {string} */ id) => optionName(question.options, id)).join(AND)];
				}
				case "match": {
					const rows = question.options.filter(({ id }) => Object.hasOwn(read, id));
					const name = (/** @type {string} */ id) => optionName(question.targets, read[id]);
					return ["matching", rows.map(({ id }) => optionName(question.options, id) + TO + name(id)).join(AND)];
				}
				case "place": {
					const rows = question.options.filter(({ id }) => Object.hasOwn(read, id));
					return ["performance", rows.map(({ id }) => optionName(question.options, id) + TO + read[id]).join(AND)];
				}
				case "number":
					return ["numeric", read];
				case "calculated":
					return ["numeric", read.answer];
				case "gaps": {
					const texts = question.passage.flatMap(({ gap: name }) => {
						if (!name) return [];
						const gap = question.gaps[name];
						const [option] = gap.interaction === "choice" ? gap.options.filter(({ id }) => id === read[name]) : [];
						return [plain(option ? plainText(option.html) : ownValue(read, name) || "", 250)];
					});
					if (!is2004) return ["fill-in", plain(texts.join(", "), 255)];
					return texts.length > 10 ? ["other", plain(texts.join(", "), 4000)] : ["fill-in", texts.join(AND)];
				}
				case "extended":
					return is2004 ? ["long-fill-in", plain(read, 4000)] : ["fill-in", plain(read, 255)];
				default:
					return ["fill-in", plain(read, 250)];
			}
		}

		/** @param {Outcome | undefined} outcome */
		function result(outcome) {
			if (!outcome || !isScored(outcome)) return "neutral";
			if (outcome.status === "partly") return String(Math.round((outcome.score / outcome.max) * 1e4) / 1e4);
			return outcome.status === "correct" ? "correct" : is2004 ? "incorrect" : "wrong";
		}

		return { named, plain, recorded, result };
	};
})();
