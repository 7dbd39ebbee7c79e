// The types of the front end, for the type check and for readers; no browser gets this file.

/** Newer than the type checker's own list: which control a popover belongs to, and is shown beside. */
interface HTMLElement {
	showPopover(options: { source: HTMLElement }): void;
}

// ---- What a host gives: the quiz as civicquiz.frontend.payload writes it, without any key ----

type Option = { id: string; html: string };
/** A stretch of a running text: HTML, or the id of the option or gap that is there. */
type Stretch = { html?: string; option?: string; gap?: string };

type Texts = Record<string, string>;
/** How a language writes numbers: with a decimal point (the default), with a comma, or with one here and one there. */
type NumberStyle = "point" | "comma" | "either";
type Numbers = { numbers?: NumberStyle };
/** What may have numbers: `variants` are the sets that learners get, `variant` is the learner's own if it is known. */
type Drawable = { variants?: Texts[]; variant?: Texts; drawnFor?: string };
/** A unit that may be typed: the number times `factor` plus `offset` is what it is in the unit of the question. */
type Unit = { unit: string; factor: number; offset?: number };
type NumberEntry = Numbers & { unit?: string; units?: Unit[]; significant?: number };
type Choice = { options: Option[]; multiple?: boolean; passage?: Stretch[] };
type Gap =
	| ({ interaction: "choice" } & Choice)
	| { interaction: "text" }
	| ({ interaction: "number" } & NumberEntry)
	| ({ interaction: "calculated" } & NumberEntry & { decimals?: number });

/** name of an interaction -> what is shown of its questions, a response, and how that is scored */
interface Interactions {
	choice: { shown: Choice; response: string[]; scoring: MapRule };
	order: { shown: { options: Option[] }; response: string[]; scoring: MapRule };
	match: { shown: { options: Option[]; targets: Option[] }; response: Texts; scoring: MapRule };
	text: { shown: unknown; response: string; scoring: TextRule };
	number: { shown: NumberEntry; response: string; scoring: IntervalRule };
	calculated: {
		shown: NumberEntry & { variants: Texts[]; variant?: Texts; decimals?: number };
		response: Texts;
		scoring: VariantsRule;
	};
	gaps: {
		shown: Numbers & Drawable & { passage: Stretch[]; gaps: Record<string, Gap> };
		response: Texts;
		scoring: GapsRule;
	};
	place: { shown: Numbers & { options: Option[]; start: number; end: number }; response: Texts; scoring: DistanceRule };
	extended: { shown: { minWords?: number; maxWords?: number }; response: string; scoring: never };
}

/** The scoring rules, as civicquiz.model.interactions.rules. */
type MapRule = { rule: "map"; weights: Record<string, number>; full: number; allOrNothing: boolean };
type IntervalRule = {
	rule: "interval";
	low: number;
	high: number;
	also?: [number, number][];
	mistakes?: [number, number][];
};
type TextRule = { rule: "text"; accept: Record<string, number>; ignore: string[]; typos: number; mistakes: string[] };
type DistanceRule = { rule: "distance"; targets: Record<string, number>; tolerance: number; reach: number };
type VariantsRule = {
	rule: "variants";
	variables: string[];
	answers: Record<string, [number, number]>;
	mistakes?: Record<string, [number, number][]>;
};
type GapsRule = { rule: "gaps"; gaps: Record<string, MapRule | IntervalRule | TextRule | VariantsRule> };
type Scoring = MapRule | IntervalRule | TextRule | DistanceRule | VariantsRule | GapsRule;

/** The language of what a translation leaves in that of the original. */
type Untranslated = { language?: string };
/** What all questions have. */
type QuestionBase = Numbers &
	Untranslated &
	Drawable & {
		id: string;
		prompt: string;
		/** whether the prompt is more than a paragraph */
		block?: boolean;
		hint?: string;
		points: number;
		/** whether the options have an order of their own */
		fixed?: boolean;
		stimulus?: string;
		objectives?: string[];
	};
type QuestionOf<Name extends keyof Interactions> = QuestionBase & { interaction: Name } & Interactions[Name]["shown"];
/** One of the questions above, told apart by `interaction`. */
type Question = { [Name in keyof Interactions]: QuestionOf<Name> }[keyof Interactions];

/** A section, with the ids of its questions. */
type Section = Untranslated & { title?: string; html?: string; questions: string[]; pick?: number };
/** A section with the questions that a learner gets, in that learner's order. */
type ArrangedSection = Untranslated & { title?: string; html?: string; questions: Question[] };
/** What a quiz can be set to; what is absent has its default. */
type QuizSettings = {
	feedback?: "at-end" | "none";
	attempts?: number;
	attemptPenalty?: number;
	hintPenalty?: number;
	shuffle?: string[];
	pick?: number;
	/** in minutes */
	timeLimit?: number;
	certainty?: "reflect" | "marks";
	layout?: "one";
	/** code -> what it says */
	objectives?: Record<string, string>;
	stimuli?: Record<string, Numbers & Untranslated & { title?: string; html: string; variants?: Texts[] }>;
};
/** The words of the user interface. */
type Strings = Record<string, string>;
type QuizBase = QuizSettings & {
	name: string;
	title: string;
	/** which version of the quiz this is, for the response file */
	version: string;
	/** in a notebook: what tells the file of the answers from all others */
	store?: string;
	language: string;
	/** the language of the title, if that is not translated */
	titleLanguage?: string;
	/** the language of `strings` */
	locale: string;
	questions: Question[];
	strings: Strings;
	/** whether the quiz needs settings.js; another quiz of the page may have asked for that script */
	hasSettings?: boolean;
	/** whether what learners see depends on their seed */
	seeded?: boolean;
	/** in a copy for one learner */
	learner?: string;
	seed?: number;
	/** language -> what differs in it */
	translations?: Record<string, Partial<Quiz>>;
	/** the languages to choose from; where `translations` are missing, the host sends the quiz again */
	languages?: string[];
};
type Quiz = QuizBase & { sections?: Section[] };
/** A quiz as one learner sees it. */
type ShownQuiz = QuizBase & { sections: ArrangedSection[] };

/**
 * What anywidget gives to render(), and page.js on a page:
 *
 *   get("quiz")        the quiz
 *   get("responses")   question id -> response; set() and save_changes() whenever the learner does something
 *   get("notes")       question id -> {flag, hint, certainty}; likewise
 *   get("overall")     {seed, language, started, extra, finished}; likewise, except for the seed
 *   get("outcomes")    question id -> outcome of every question that has been checked; set by the host
 *   get("notice")      one line about where the answers are kept; set by the host
 *   get("saves")       question id -> "saving" or "not_saved", for answers that the host has not confirmed
 *   get("page")        whether the host can print the page and save a file
 *   get("anchor")      on a page: what the ids of its questions begin with; links lead there
 *   get("shelf")       on a page: what the place is called where the browser keeps the answers
 *   send(message)      {type: "check", question, response} | {type: "reveal" | "retry", question}
 *                      | {type: "finish" | "again", questions} | {type: "reset" | "file" | "dismiss"}
 *                      | {type: "ask"}, which notebook.js sends for all that the kernel would show
 */
type Model = {
	get(name: string): any;
	set(name: string, value: any): void;
	save_changes(): void;
	send(message: any): void;
	on(name: string, callback: (...args: any[]) => void): void;
	off(name: string, callback: (...args: any[]) => void): void;
};
type Host = { model: Model; el: HTMLElement };

// ---- Responses, keys, outcomes ----

/** The code of a refusal, a key of `Strings`. */
type Refusal = "not_readable" | "not_a_number" | "only_number" | "two_numbers";
/** What a text may have meant, each in a form that means nothing else. */
type Choices = { typed: string; readings: string[] };
type Citation = { text: string; who: string; source: string; url?: string; href?: string; since?: string };
type Key = {
	/** absent where a person has to score */
	scoring?: Scoring;
	/** everybody gets the points */
	void?: true;
	answer: any;
	/** the numbers of a variant, joined by spaces -> its answer; for gaps, the answers that depend on them */
	answers?: Record<string, any>;
	/** for each set of numbers, those that only explanation and feedback have */
	numbers?: Texts[];
	/** token of a response -> HTML */
	feedback?: Record<string, string>;
	explanation?: string;
	sources?: Citation[];
};
type Status = "correct" | "partly" | "incorrect" | "unanswered" | "needs-review" | "unscored";
type Outcome = {
	status: Status;
	score: number;
	max: number;
	/** whether the answer has been told, so that nothing more can be earned */
	settled: boolean;
	/** how often it was checked, where that is limited */
	attempt?: number;
	feedback: { id: string; html: string }[];
	answer?: any;
	explanation?: string;
	sources?: Citation[];
	/** once settled: the share of each part, where a response has parts */
	parts?: Record<string, number>;
};
/** What matters for an outcome besides the response: how often it was checked, whether the hint was opened. */
type Circumstances = { settled?: boolean; attempts?: number; hint?: boolean };

// ---- The session of a learner, as civicquiz.grading.session ----

/** One learner's work on one quiz, by question id except for `overall`. */
type Session = {
	responses: Record<string, any>;
	/** the questions whose outcome is shown: true once the answer has been told too */
	checked: Record<string, boolean>;
	attempts: Record<string, number>;
	/** flag, hint (it was opened), certainty */
	notes: Record<string, any>;
	/** seed, language, started, extra, finished */
	overall: Record<string, any>;
};
/** What came of one action. */
type Step = { session: Session; touched: string[]; refusal?: Refusal };
/** A quiz with its key, in the language that the learner has chosen. */
type Keyed = { quiz: Quiz; keyOf(id: string, session: Session): Key };
/** What an action does to the named questions:
 *   check    grade a response and count the attempt
 *   reveal   tell the answer to a question that has been checked
 *   retry    open a question again, until its answer has been told, or while a text waits for its reader
 *   finish   settle the questions
 *   again    empty the questions that were missed and have an attempt left
 */
type Action = (keyed: Keyed, session: Session, ids: string[], message: any) => Step;
/** Session in, session out; tests/session_cases.json and a property test compare it with Python. */
type SessionRules = {
	/** One thing that the learner did, as quiz.js sends it; anything else changes nothing. */
	act(keyed: Keyed, session: Session, message: any): Step;
	/** What of a kept session still fits the questions, as their author has them now. Half a number is still what the
	 * learner typed; ids that are gone cannot be shown. `seed` is for a learner who has none yet. */
	restored(quiz: Quiz, kept: Session, seed: number): Session;
	/** What the learner is told about a question; null while it is open, and in a quiz without feedback. */
	verdict(keyed: Keyed, session: Session, id: string): Outcome | null;
	/** What a response earns; null where there is none, unless the question is settled. Throws Malformed. */
	graded(keyed: Keyed, session: Session, id: string, response: any, settled: boolean): Outcome | null;
	/** The session without what these tables of it say about some questions. */
	without(session: Session, ids: string[], ...tables: (keyof Session)[]): Session;
	/** The session with a question whose outcome is shown. */
	checked(session: Session, id: string, settled: boolean): Session;
	/** One more attempt at a question. Where none is left, it is settled as it is. */
	attempted(keyed: Keyed, session: Session, id: string, outcome: Outcome, settled: boolean): Session;
};

// ---- What scripts give to others ----

/** Where an interaction is drawn. */
type Place = {
	strings: Strings;
	/** an id that nothing else on the page has, to begin the ids of elements with */
	id: string;
	/** to be called whenever the learner has changed the response */
	changed(): void;
	/** Say a line, to screen readers too. */
	announce(line: string): void;
};
/** A drawn interaction: its element, and what reads from it and writes to it. */
type Drawn<Response = any> = {
	element: HTMLElement;
	/** the name of a string: what to do */
	instruction: string;
	/** the response that the controls show */
	current(): Response;
	/** Put a response into the controls, and what is known of the right one; lock them where there is an outcome. */
	show(response: any, outcome: Outcome | undefined): void;
	focus(): void;
};
/** What a script registers. */
type Interaction<Name extends keyof Interactions = any> = {
	/** the type of a response that a learner types, and that is worth keeping although it is not well-formed yet */
	typed?: "string" | "object";
	/** whether a person scores the responses */
	needsReview?: boolean;
	/** the name of a string: what to say where a learner wants to check what was there from the beginning */
	untouched?: string;
	/** The response if it is well-formed, null if it is empty; throws Malformed if it is neither. */
	read(question: Shown<Name>, response: any): Interactions[Name]["response"] | null;
	/** What is scored one by one, and what feedback is on. */
	tokens?(
		response: Interactions[Name]["response"],
		question: Shown<Name>,
		scoring: Interactions[Name]["scoring"] | undefined,
	): string[];
	/** The share of the points that a response earns; where it is absent, the tokens have weights. */
	share?(
		scoring: Interactions[Name]["scoring"],
		response: Interactions[Name]["response"],
		question: Shown<Name>,
	): number;
	/** The shares of parts that count the same; they take the place of `share`. */
	partScores?(
		scoring: Interactions[Name]["scoring"],
		response: Interactions[Name]["response"],
		question: Shown<Name>,
	): Record<string, number>;
	/** The right answer, where it depends on the response. */
	answer?(key: Key, response: Interactions[Name]["response"] | null, question: QuestionOf<Name>): any;
	/** What a token is called where feedback on it is shown. */
	label?(question: QuestionOf<Name>, token: string, strings: Strings): string;
	draw(question: QuestionOf<Name>, place: Place): Drawn;
};
/** A question, or a gap, which has no more than what its interaction shows. */
type Shown<Name extends keyof Interactions> = Interactions[Name]["shown"];

type DrawnQuestion = {
	card: HTMLElement;
	focus(): void;
	/** Say a line about the question. */
	announce(line: string | Node): void;
	/** Make the question show the model's state; unless `always`, where that has changed. */
	update(always?: boolean): void;
};

/** What learners read before some questions, and the indexes of the first and the last of them. */
type Lead = { element: HTMLElement; first: number; last: number };

/** A quiz that quiz.js has drawn. */
type Around = {
	quiz: ShownQuiz;
	model: Model;
	root: HTMLElement;
	title: HTMLElement;
	cards: HTMLElement[];
	summary: HTMLElement;
	/** of the summary */
	heading: HTMLElement;
	/** the lines of the summary that concern every question */
	below: HTMLElement[];
	setOverall(values: Record<string, any>): void;
};

type SettingsScript = {
	certaintyMark(outcome: Pick<Outcome, "status" | "score" | "max">, level: number): number;
	/** [code, [points earned, points possible]] of each objective, in the order in which they come up. */
	sumsByObjective(
		scored: { id: string; objectives?: string[] }[],
		outcomes: Record<string, Outcome>,
	): [string, [number, number]][];
	/** The question how sure the learner is. `notes` gives what is noted of the question, `note` adds to it. */
	drawCertainty(
		quiz: QuizBase,
		id: string,
		notes: () => Record<string, any>,
		note: (noted: Record<string, any>) => void,
	): { element: HTMLElement; update(isLocked: boolean): void };
	/** Says on a hint what it costs, and notes that it was opened. What it returns notes that it is open still. */
	priceHint(
		quiz: QuizBase,
		hint: HTMLDetailsElement,
		notes: () => Record<string, any>,
		note: (noted: Record<string, any>) => void,
		isOpen: () => boolean,
	): () => void;
	/** All that is around the questions. */
	drawFrame(around: Around): { leads: Lead[]; update(): void; stop(): void; settled(): string[] };
};

/** What a list of questions knows of one of them. */
type Known = { response: any; outcome?: Outcome; isAnswered: boolean; isFlagged: boolean };
type PagingScript = {
	/** The state of a question: a name for its sign, and the words for it. */
	stateOf(question: Question, known: Known, strings: Strings): { name: string; words: string };
	/** All that is around the one question in view. */
	draw(
		around: Around,
		leads?: Lead[],
	): {
		/** Brings a question into view, or the summary after the last one, and the focus to its heading. */
		show(index: number, block?: ScrollLogicalPosition): void;
		/** Brings the question into view that the address names. */
		follow(): void;
		/** Show what is known of each question. */
		update(progress: {
			outcomeOf(question: Question): Outcome | undefined;
			isAnswered(question: Question): boolean;
			isFlagged(question: Question): boolean;
		}): void;
		stop(): void;
	};
};

/** A quiz as a page of a book has it, as civicquiz.frontend.payload.page_payload writes it. */
type Content = {
	quiz: Quiz;
	/** what the ids of its questions on a page begin with */
	anchor: string;
	/** encoded; absent where nothing is told */
	key?: string;
	/** what tells the quiz from others of the book */
	path?: string;
	/** in the script that a list loads: the version of each question */
	versions?: Record<string, string>;
};
/** Where a page of a book keeps answers. */
type Shelves = {
	/** A browser may refuse to say. */
	storage(): AnswerStorage;
	/** The name under which the answers to a quiz are kept. */
	shelfOf(path: string): string;
	/** What is kept under a name, as far as it has the right shape; of `reviews`, nobody has looked inside yet. */
	kept(shelf: string): Session & { reviews?: Record<string, any> };
	opened(content: Content): { shelf: string; keyed: Keyed };
	/** What render() needs of a quiz without a kernel: it grades with the key of the page and keeps the answers. */
	modelOf(content: Content): Model;
};

/** A quiz in the list of `{quiz-progress}`, as civicquiz.hosts.book.quiz_list writes it. */
type ListedQuiz = {
	path: string;
	language: string;
	/** the address of the script with its content */
	script: string;
	/** the address of the page that it is on, and those of the questions that only other pages have */
	page: string;
	elsewhere: Record<string, string>;
};
/** How far a learner is in a quiz; score and max only where they are told. */
type Progress = {
	state: "open" | "begun" | "done";
	answered: number;
	count: number;
	score?: number;
	max?: number;
	/** what was wrong when it was last checked, and can be tried again */
	missed: Question[];
};
type ProgressScript = {
	progressOf(keyed: Keyed, session: Session): Progress;
	/** The content of those of some quizzes that this browser has answers to; null for one that could not be loaded. */
	begun(listed: ListedQuiz[]): Promise<[ListedQuiz, Content | null][]>;
	/** What is kept of a quiz, with the answers of a downloaded file where there are none. */
	filled(here: Record<string, any>, file: Record<string, any>): Record<string, any>;
	/** A few words of a prompt, for a link. */
	shortened(text: string): string;
	/** The address of a question. */
	addressOf(listed: ListedQuiz, content: Content, id: string): string;
};

/** When a question is due again, as ts-fsrs describes it and JSON keeps it; `version` is that of the question. */
type Card = {
	due: string;
	last_review: string;
	stability: number;
	difficulty: number;
	elapsed_days: number;
	scheduled_days: number;
	learning_steps: number;
	reps: number;
	lapses: number;
	state: number;
	version: string;
};
/** The global of ts-fsrs, as far as it is used here. */
declare const FSRS: {
	Rating: { Again: number; Good: number };
	createEmptyCard(now: Date): object;
	fsrs(parameters: Record<string, any>): { next(card: object, now: Date, rating: number): { card: any } };
};
type ReviewScript = {
	/** A card after one more review, or the first; times are in milliseconds. */
	reviewed(card: Card | null, isRight: boolean, now: number, version: string): Card;
	/** Whether a question should be asked on the day of `now`. */
	isDue(card: Card, now: number): boolean;
	/** The cards of a quiz: those that are kept and still fit, and new ones for what has been checked since. `saved` is
	 * when the answers were saved. */
	cardsOf(
		content: Content,
		kept: Session & { reviews?: Record<string, any> },
		saved: string | undefined,
		now: number,
	): Record<string, Card>;
	/** One question of a quiz as a quiz of its own, which tells at once. */
	alone(quiz: Quiz, id: string): Quiz;
};

/** The global that the scripts share: classic scripts, because browsers block modules on file:// pages. Each adds what
 * it is named after. `render` follows the Anywidget Front-End Module contract. */
interface Civicquiz {
	/** A response that cannot be graded; `code` is what the learner is told. */
	Malformed: new (
		code: Refusal,
		choices?: Choices,
	) => Error & { code: Refusal; choices?: Choices };
	/** What `attempt` returns, or what `otherwise` makes of a response that cannot be graded. */
	orMalformed<T>(attempt: () => T, otherwise: (error: { code: Refusal; choices?: Choices }) => T): T;
	/** The value that an object itself has under a name that a person chose; every object also has a "constructor". */
	ownValue<T>(object: Record<string, T>, name: string): T | undefined;
	/** Each interaction registers itself, under the name that questions call it by. */
	register<Name extends keyof Interactions>(name: Name, interaction: Interaction<Name>): void;
	interactionOf(question: { interaction: string }): Interaction;
	idsOf(options: Option[]): string[];
	/** A list of some of the ids of `options`, each at most once; null where it is empty. Throws Malformed. */
	readIds(options: Option[], response: any): string[] | null;
	/** The response if it is well-formed, null if it is empty; throws Malformed if it is neither. */
	read(question: Question, response: any): any;
	/** What a response earned; null where there is none, unless the question is settled. Throws Malformed. */
	grade(
		question: Question,
		key: Key,
		response: any,
		circumstances?: Circumstances,
		settings?: QuizSettings,
	): Outcome | null;
	/** Whether there is anything in a response, and it can be graded. */
	isAnswered(question: Question, response: any): boolean;
	/** Whether a score counts: nobody has to score the response, and the question has points. */
	isScored(outcome: { status: Status }): boolean;
	/** The share of the points that these parts of a response earn, as MapRule. */
	mapShare(rule: MapRule, tokens: string[]): number;

	/** What builds pages. All HTML is from civicquiz.authoring.markdown, which escapes markup; the rest is set as text. */
	elements: {
		/** An element with properties, attributes (a name with a hyphen, or "role") and children. */
		element(tag: string, properties?: Record<string, any>, ...children: (Node | string | null)[]): any;
		/** A button that submits nothing, and a paragraph; `more` are further properties. */
		button(textContent: string, onclick: () => void, more?: Record<string, any>): HTMLButtonElement;
		line(className: string, textContent?: string, more?: Record<string, any>): HTMLParagraphElement;
		/** The words of `name` with the values in place of {names}. */
		format(strings: Strings, name: string, values?: Record<string, any>): string;
		/** A score for people: at most two decimals, as civicquiz.authoring.wording. */
		scoreText(score: number): string;
		/** The visible words of some HTML. */
		plainText(html: string): string;
		/** Whether the focus is in an element. */
		hasFocus(part: Element): boolean;
	};
	/** of interactions/interaction.js */
	shared: {
		isBlank(text: string): boolean;
		readText(response: any, limit: number): string | null;
		readMapping(response: any, known: string[]): Texts | null;
		passageOf(stretches: Stretch[], controlOf: (stretch: Stretch) => Node): HTMLElement;
		selectOf(options: Option[], strings: Strings, properties: Record<string, any>): any;
		rowsOf<Controls extends Record<string, any>>(
			options: Option[],
			id: string,
			controlOf: (id: string) => Controls,
		): { rows: (Controls & { id: string; mark: HTMLElement; item: HTMLElement })[]; list: HTMLElement };
		showPartScore(mark: HTMLElement, share: number | null, strings: Strings, answer: string): void;
	};
	/** The normal form of a text, as civicquiz.authoring.normal_form. */
	normalForm(text: string): string;
	textMatching: {
		normalized(text: string, ignore: string[]): string;
		distance(first: string[], second: string[]): number;
	};
	numberEntry: {
		/** The numbers that a learner may have meant: none, one, or two where people write it in two ways. */
		readings(text: string, style?: NumberStyle, units?: Unit[]): number[];
		/** The number that a text says in English, or null. */
		parseNumber(text: string): number | null;
		/** The number that a learner wrote, as JavaScript writes it. Throws Malformed. */
		readNumber(text: string, style?: NumberStyle, field?: NumberEntry): string;
		/** Asks which of two numbers was meant; `pick` gets the response with that one. */
		ask(choices: Choices, response: any, strings: Strings, pick: (response: any) => void): HTMLElement;
		/** The share of the points that a number earns, as IntervalRule. */
		intervalShare(interval: Omit<IntervalRule, "rule">, response: string): number;
		/** The known mistake that a number is, as IntervalRule. */
		intervalTokens(interval: Omit<IntervalRule, "rule">, response: string): string[];
		/** A number for people: 1.67e-27 with a power of ten, and with a decimal comma where the language has one. */
		written(number: string, style?: NumberStyle): string;
		/** How exact a number should be, and in which other units, in words; "" where that is not said. */
		asked(field: NumberEntry & { decimals?: number }, strings: Strings): string;
		/** A field for a line of text; `right` says how to write the right answer. */
		drawField(
			place: Place,
			options: {
				question?: NumberEntry;
				right?: (answer: string) => string;
				inputMode?: string;
				instruction: string;
			},
		): Drawn<string>;
		/** A field for a number. */
		drawNumber(question: NumberEntry & { decimals?: number }, place: Place): Drawn<string>;
	};
	computedNumber: {
		/** What the tables of answers call a set of numbers. */
		setName(rule: VariantsRule, numbers: Texts): string;
		/** Throws Malformed if the numbers of a response are those of no variant. */
		requireVariant(variants: Texts[], response: Texts): void;
	};
	arrangement: {
		rank(seed: number, name: string): number;
		arranged(quiz: Quiz, seed: number): ArrangedSection[];
		/** A question, and its key, with the learner's numbers in its texts: those of the response where it has any. */
		withOwnNumbers(question: Question, key: Key, seed: number, response: any): { question: Question; key: Key };
		/** The shared texts, with the learner's numbers. */
		stimuliFor(quiz: Quiz, seed: number): QuizSettings["stimuli"];
	};
	settings: SettingsScript;
	paging: PagingScript;
	drawCitations(citations: Citation[], quiz: { strings: Strings; languages?: string[] }): HTMLElement;
	languages: {
		/** Tells screen readers where the author speaks another language than the interface, or a text is not translated. */
		mark(root: HTMLElement, quiz: QuizBase): void;
		/** Keeps the quiz of `model` in the language that is chosen for the site, which the quiz can change. */
		follow(model: Model): void;
		draw(quiz: QuizBase, onchoice: (language: string) => void): HTMLElement;
	};
	/** Draws the quiz of `model` into `el`; what it returns takes it down again. */
	render(host: Host): () => void;
	/** The same in a notebook, whose kernel has to say what it has saved. */
	renderInNotebook(host: Host): () => void;
	/** The same on a MyST site, where the model has no more than the `content` of the quiz. */
	renderOnSite(host: Host): () => void;
	session: Pick<SessionRules, "act" | "restored" | "verdict">;
	/** In a package for a learning platform: how a version of SCORM writes what a student answered. */
	scormRecords(is2004: boolean): {
		/** An id as platforms take it. */
		named(id: string): string;
		/** A text of at most `most` characters, without signs that mean something in a record. */
		plain(text: string, most: number): string;
		/** The type of a record, and the response in it, which has to be one that can be read. */
		recorded(question: Question, response: any): [string, string];
		/** What a response earned; "neutral" where that is not known. */
		result(outcome: Outcome | undefined): string;
	};
	shelves: Shelves;
	progress: ProgressScript;
	review: ReviewScript;
	/** path -> content of the quizzes that progress.js has loaded */
	contents?: Record<string, Content>;
	/** Where page.js keeps answers, if not in localStorage. */
	storage?: AnswerStorage;
	/** The address of the book that answers belong to, if that is not where page.js is. */
	book?: string;
}

type AnswerStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

// ---- civicquiz preview: what its server says of quizzes, and what its pages have for each other ----

interface Window {
	/** where the page around a quiz keeps the answers, while it is open */
	civicquizAnswers?: AnswerStorage;
}

/** A mistake of the author, or a warning, as civicquiz.errors.Problem. */
type PreviewProblem = { place: string; message: string; hint: string; isWarning: boolean };
type PreviewQuiz = {
	title: string;
	/** null until the file has been read */
	problems: PreviewProblem[] | null;
	/** of what is shown now, empty if the quiz could not be read yet */
	revision: string;
	/** whether that is older than the file */
	isOutdated: boolean;
	/** its own language first */
	languages: string[];
};
/** A line of the list; the numbers are null until the quiz has been read. */
type PreviewEntry = { name: string; title: string; problems: number | null; warnings: number | null };
