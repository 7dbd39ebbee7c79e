/** How far a reader is in the quizzes of a book: {quiz-progress}. Nothing but the answers in this browser is read. */
civicquiz.progress = (() => {
	"use strict";
	const { isAnswered, isScored, ownValue } = civicquiz;
	const { element, format, plainText, scoreText } = civicquiz.elements;
	const { kept, opened, shelfOf, storage } = civicquiz.shelves;
	/** as many characters of a prompt as tell what a question is about */
	const LONGEST = 90;
	const WORDS = { open: "quiz_open", begun: "quiz_begun", done: "quiz_done" };

	/** The questions that a learner gets. @param {Quiz} quiz @param {Session} session */
	function questionsOf(quiz, { overall }) {
		const { arrangement } = civicquiz;
		if (!arrangement || !Number.isInteger(overall.seed)) return quiz.questions;
		return arrangement.arranged(quiz, overall.seed).flatMap(({ questions }) => questions);
	}

	/** @type {ProgressScript["progressOf"]} */
	function progressOf(keyed, session) {
		const { quiz } = keyed;
		const questions = questionsOf(quiz, session);
		const outcomes = questions.map(({ id }) => civicquiz.session.verdict(keyed, session, id));
		const answered = questions.filter((question, index) => {
			const isOpen = !outcomes[index] || outcomes[index].status === "unanswered";
			return !isOpen || isAnswered(question, ownValue(session.responses, question.id));
		}).length;
		const count = questions.length;
		const isTold = quiz.feedback !== "none";
		const isDone = isTold ? outcomes.every(Boolean) : answered === count || session.overall.finished === true;
		/** @type {Progress} */
		const progress = {
			state: isDone ? "done" : answered || outcomes.some(Boolean) ? "begun" : "open",
			answered,
			count,
			missed: questions.filter((_, index) => {
				const { status = "correct", attempt = 0 } = outcomes[index] || {};
				return status !== "correct" && isScored({ status }) && attempt < (quiz.attempts || Infinity);
			}),
		};
		if (isDone && isTold) {
			progress.score = outcomes.reduce((sum, outcome) => sum + (outcome?.score || 0), 0);
			progress.max = outcomes.reduce((sum, outcome) => sum + (outcome && isScored(outcome) ? outcome.max : 0), 0);
		}
		return progress;
	}

	/** An object in JSON; an empty one where there is none. @param {string | null} text @returns {Record<string, any>} */
	function parsed(text) {
		try {
			return Object(JSON.parse(text || "{}"));
		} catch {
			return {};
		}
	}

	/** What is kept, with the answers of a file to questions that have none. @type {ProgressScript["filled"]} */
	function filled(here, file) {
		const missing = (/** @type {string} */ id) => !Object.hasOwn(here.responses || {}, id);
		/** @param {string} table */
		const both = (table) => {
			const added = Object.entries(file[table] || {}).filter(([id]) => missing(id));
			return { ...here[table], ...Object.fromEntries(added) };
		};
		const tables = ["responses", "checked", "attempts", "marks", "reviews"].map((table) => [table, both(table)]);
		const hasAnswers = Object.keys(here.responses || {}).length > 0;
		return {
			saved: hasAnswers ? here.saved : file.saved,
			...Object.fromEntries(tables),
			// The seed belongs to the answers: it decides which questions there are, and which numbers they have.
			session: hasAnswers ? here.session : { ...here.session, ...file.session },
		};
	}

	/** Runs the script of a quiz. It is a script because a page from a folder can read no other file.
	 * @param {string} address @returns {Promise<void>} */
	const run = (address) =>
		new Promise((resolve) => {
			const script = element("script", { src: address, onload: resolve, onerror: resolve });
			document.head.append(script);
		});

	/** @type {ProgressScript["begun"]} */
	async function begun(listed) {
		const names = listed.filter(({ path }) => storage().getItem(shelfOf(path)) !== null);
		const contentOf = (/** @type {ListedQuiz} */ { path }) => ownValue(civicquiz.contents || {}, path) || null;
		await Promise.all(names.map((quiz) => contentOf(quiz) || run(quiz.script)));
		return names.map((quiz) => [quiz, contentOf(quiz)]);
	}

	/** @type {ProgressScript["shortened"]} */
	function shortened(text) {
		const line = text.replace(/\s+/g, " ").trim();
		return line.length <= LONGEST ? line : `${line.slice(0, LONGEST).replace(/\s\S*$/, "")}…`;
	}

	/** @type {ProgressScript["addressOf"]} */
	const addressOf = ({ page, elsewhere }, { anchor }, id) =>
		`${ownValue(elsewhere, id) ?? page}${encodeURI(`#${anchor}-${id}`)}`;

	/** @param {Element} place what the page shows without scripts */
	function start(place) {
		if (place.hasAttribute("data-started")) return; // a page may be sent the script twice
		place.setAttribute("data-started", "");
		const island = place.querySelector("script[type='application/json']");
		/** @type {{quizzes: ListedQuiz[], strings: Strings}} */
		const { quizzes, strings } = JSON.parse(island?.textContent || "");
		const lines = [...place.querySelectorAll(".civicquiz-listed")];
		const states = lines.map((line) => /** @type {Element} */ (line.querySelector(".civicquiz-state")));
		const total = /** @type {HTMLElement} */ (place.querySelector(".civicquiz-total"));

		/** @param {ListedQuiz} listed @param {Content} content @param {Session} session @param {Question} question */
		const linkTo = (listed, content, session, { id }) => {
			const { quiz } = content;
			const language = session.overall.language in (quiz.translations || {}) ? session.overall.language : quiz.language;
			const texts = ownValue(quiz.translations || {}, language)?.questions || quiz.questions;
			const [question] = [...texts, ...quiz.questions].filter((candidate) => candidate.id === id);
			const own = question.variants
				? civicquiz.arrangement.withOwnNumbers(
						question,
						/** @type {any} */ ({}),
						session.overall.seed,
						ownValue(session.responses, id),
					).question
				: question;
			const textContent = shortened(plainText(own.prompt));
			const link = element("a", { href: addressOf(listed, content, id), textContent, lang: language, dir: "auto" });
			return element("li", {}, link);
		};

		/** @param {number} index @param {Content | null} content */
		const fill = (index, content) => {
			lines[index].querySelector(".civicquiz-missed")?.remove();
			if (!content) {
				states[index].textContent = strings.quiz_not_loaded;
				return false;
			}
			const { keyed, shelf } = opened(content);
			const session = civicquiz.session.restored(content.quiz, kept(shelf), 0);
			const { state, answered, count, score, max, missed } = progressOf(keyed, session);
			const values = { answered, count, score: scoreText(score || 0), max: scoreText(max || 0) };
			lines[index].setAttribute("data-state", state);
			states[index].textContent = format(strings, max ? "quiz_scored" : WORDS[state], values);
			if (missed.length) {
				const links = missed.map((question) => linkTo(quizzes[index], content, session, question));
				const label = element("span", { textContent: strings.to_retry });
				lines[index].append(element("div", { className: "civicquiz-missed" }, label, element("ul", {}, ...links)));
			}
			return state === "done";
		};

		/** Puts the answers of a file back, and says what came of it. @param {File} file */
		const putBack = async (file) => {
			const found = parsed(await file.text());
			const index = quizzes.findIndex(({ path }) => path.split("/").pop() === found.quiz);
			if (found.schema !== 1 || index < 0) return format(strings, "file_unknown", { file: file.name });
			const shelf = shelfOf(quizzes[index].path);
			try {
				const here = parsed(storage().getItem(shelf));
				storage().setItem(shelf, JSON.stringify(filled(here, found)));
			} catch {
				return format(strings, "file_not_kept", { file: file.name });
			}
			return format(strings, "file_put_back", { quiz: lines[index].querySelector("a")?.textContent });
		};
		const said = element("div", { role: "status" });
		const chosen = element("input", {
			type: "file",
			multiple: true,
			accept: ".json",
			async onchange() {
				const news = await Promise.all([...chosen.files].map(putBack));
				said.replaceChildren(...news.map((textContent) => element("p", { textContent })));
				chosen.value = "";
				// Other lists, and quizzes on the page, hear of it as of an answer.
				for (const { path } of quizzes)
					dispatchEvent(new CustomEvent("civicquiz", { detail: { shelf: shelfOf(path), place } }));
			},
		});
		place.append(element("p", {}, element("label", {}, `${strings.file_read} `, chosen)), said);

		const show = async () => {
			/** @type {[ListedQuiz, Content | null][]} */
			let found;
			try {
				found = await begun(quizzes);
			} catch {
				total.textContent = strings.progress_no_storage;
				return;
			}
			const contents = new Map(found);
			const done = quizzes.filter((quiz, index) => {
				if (contents.has(quiz)) return fill(index, contents.get(quiz) ?? null);
				lines[index].querySelector(".civicquiz-missed")?.remove();
				lines[index].setAttribute("data-state", "open");
				states[index].textContent = strings.quiz_open;
				return false;
			}).length;
			const values = { done, count: quizzes.length };
			total.replaceChildren(
				element(
					"label",
					{},
					format(strings, "book_progress", values),
					" ",
					element("progress", {
						max: values.count,
						value: done,
					}),
				),
			);
		};
		show();
		addEventListener("storage", show);
		// A reader who goes back to the page has answered something since.
		addEventListener("pageshow", ({ persisted }) => persisted && show());
		addEventListener("civicquiz", show);
	}

	const startAll = () => document.querySelectorAll(".civicquiz-progress").forEach(start);
	if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
	else startAll();
	return { progressOf, begun, shortened, addressOf, filled };
})();
