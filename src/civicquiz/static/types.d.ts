// The types of the front end, for the type check and for readers; no browser gets this file.

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
};
type Quiz = {
  name: string;
  title: string;
  language: string;
  /** the language of `strings` */
  locale: string;
  questions: Question[];
  strings: Record<string, string>;
};

/** A scoring rule with its details, see civicquiz.interactions.rules. */
type Scoring = { rule: string; [detail: string]: any };
type Rule = (scoring: any, tokens: string[], given: any, question: Question) => number;
type Citation = { text: string; who: string; source: string; url?: string; href?: string; since?: boolean };
type Key = {
  /** absent where a person has to score */
  scoring?: Scoring;
  answer: Given;
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
  tokens(given: any, scoring?: Scoring): string[];
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
