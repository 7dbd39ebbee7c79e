// The types of the front end, for the type check and for readers; no browser gets this file.

/** Newer than the type checker's own list: which control a popover belongs to, and stands beside. */
interface HTMLElement {
  showPopover(options: { source: HTMLElement }): void;
}

/** A response: ids (choice, order), a text (text, number, extended), or one of these for each id (match, gaps, place). */
type Given = string[] | string | Record<string, string>;
type Option = { id: string; html: string };

/** A stretch of a running text: HTML, or the id of the option or gap that stands there. */
type Segment = { html?: string; option?: string; gap?: string };

/** A question as civicquiz.payload writes it, without any key. */
type Question = {
  id: string;
  interaction: string;
  prompt: string;
  /** whether the prompt is more than a paragraph */
  block?: boolean;
  hint?: string;
  points: number;
  options?: Option[];
  multiple?: boolean;
  unit?: string;
  passage?: Segment[];
  targets?: Option[];
  gaps?: Record<string, { interaction: string; options?: Option[]; unit?: string }>;
  start?: number;
  end?: number;
  minWords?: number;
  maxWords?: number;
  /** whether the options stand in an order of their own */
  fixed?: boolean;
  /** the sets of numbers of a calculated question, and the learner's own one */
  variants?: Record<string, string>[];
  variant?: Record<string, string>;
  decimals?: number;
  stimulus?: string;
  objectives?: string[];
};

/** What a quiz can be set to; what is absent has its default. */
type Settings = {
  feedback?: "at-end" | "none";
  attempts?: number;
  attemptPenalty?: number;
  hintPenalty?: number;
  shuffle?: string[];
  pick?: number;
  sections?: { title?: string; html?: string; questions: any[]; pick?: number }[];
  timeLimit?: number;
  certainty?: "reflect" | "marks";
  /** code -> what it says */
  objectives?: Record<string, string>;
  stimuli?: Record<string, { title?: string; html: string }>;
};
type Quiz = Settings & {
  name: string;
  title: string;
  /** what the response file says about which version was answered */
  hash: string;
  language: string;
  /** the language of `strings` */
  locale: string;
  questions: Question[];
  strings: Record<string, string>;
  /** whether what learners see depends on their seed */
  seeded?: boolean;
  /** language -> what differs in it */
  translations?: Record<string, Partial<Quiz>>;
  /** the languages to choose from; where `translations` are missing, the host sends the quiz anew */
  languages?: string[];
};

/** What matters for an outcome besides the response. */
type About = { settled?: boolean; attempts?: number; hint?: boolean };

/** One learner's work on one quiz, by question id but for `overall`; as civicquiz.grading.session. */
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
/** What came of one action; `refusal` is a key of `strings`. */
type Step = { session: Session; touched: string[]; refusal?: string };
/** A quiz with its key, in the language that the learner has chosen. */
type Keyed = { quiz: Quiz; keyOf(id: string, session: Session): Key };

type SessionRules = {
  act(keyed: Keyed, session: Session, message: any): Step;
  restored(quiz: Quiz, kept: Session, seed: number): Session;
  verdict(keyed: Keyed, session: Session, id: string): Outcome | null;
};

/** A scoring rule with its details, see civicquiz.interactions.rules. */
type Scoring = { rule: string; [detail: string]: any };
type Rule = (scoring: any, tokens: string[], given: any, question: Question) => number;
type Citation = { text: string; who: string; source: string; url?: string; href?: string; since?: string };
type Key = {
  /** absent where a person has to score */
  scoring?: Scoring;
  answer: Given;
  /** calculated: the numbers of a variant, joined by spaces -> its answer */
  answers?: Record<string, string>;
  /** token of a response -> HTML */
  feedback?: Record<string, string>;
  explanation?: string;
  sources?: Citation[];
};
type Outcome = {
  status: string;
  score: number;
  max: number;
  /** whether the answer has been told */
  settled: boolean;
  /** how often it was checked, where that is limited */
  attempt?: number;
  feedback: { id: string; html: string }[];
  answer?: Given;
  explanation?: string;
  sources?: Citation[];
  /** once settled: the share of each part, where a response has parts */
  parts?: Record<string, number>;
};
type PartsRule = (scoring: any, given: any, question: Question) => Record<string, number>;

/** What anywidget gives to render(), and page.js on a static page. */
type Model = {
  get(name: string): any;
  set(name: string, value: any): void;
  save_changes(): void;
  send(message: any): void;
  on(name: string, callback: (...args: any[]) => void): void;
  off(name: string, callback: (...args: any[]) => void): void;
};

/** A drawn question: its element, and what reads from it and writes to it. */
type Drawn = {
  element: HTMLElement;
  /** the name of a string: what to do */
  instruction: string;
  /** the response that the controls show */
  current(): Given;
  /** Put a response into the controls, and what is known of the right one; lock them where there is an outcome. */
  show(response: any, outcome: Outcome | undefined): void;
  focus(): void;
};
type Interaction = {
  /** The type of a response that a learner types, and that is worth keeping although it is not well-formed yet. */
  typed?: string;
  /** The response if it is well-formed, null if it is empty; throws if it is neither. */
  read(question: Question, response: any): Given | null;
  /** What is scored one by one, and what feedback is on. */
  tokens(given: any, scoring: Scoring | undefined, question: Question): string[];
  /** The right answer, where it depends on the response. */
  told?(key: Key, given: any, question: Question): Given;
  /** What a token is called where feedback on it is shown. */
  about?(question: Question, token: string, strings: Record<string, string>): string;
  draw(
    question: Question,
    strings: Record<string, string>,
    id: string,
    changed: () => void,
    say: (line: string) => void,
  ): Drawn;
};

/** What quiz.js leaves to settings.js. */
type Extras = {
  /** The quiz as this learner gets it. */
  prepare(quiz: Quiz, model: Model): Quiz;
  /** A question with the learner's own numbers. */
  mine(question: Question, seed: number): Question;
  /** HTML with the learner's own numbers in it. */
  filled(question: Question, html: string): string;
  /** More controls of a question; `missing` says what has to be done before it can be checked. */
  question(about: {
    question: Question;
    quiz: Quiz;
    id: string;
    notes: () => any;
    note: (noted: any) => void;
  }): { element: HTMLElement; missing(): string; update(outcome: Outcome | undefined): void } | null;
  /** What stands around the questions. */
  frame(about: {
    quiz: Quiz;
    model: Model;
    cards: HTMLElement[];
    title: HTMLElement;
    heading: HTMLElement;
    summary: HTMLElement;
  }): { update(): void; stop(): void } | null;
};
