// @ts-check
/// <reference path="./quiz.js" />
/**
 * The host of a static page: it gives every quiz on the page the model that quiz.js asks for, grades with the key that a
 * practice page carries, and keeps the answers in localStorage. It sends nothing anywhere.
 */
(() => {
  "use strict";
  // Answers belong to this book: two books of one host may have quizzes of the same name.
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const book = new URL("../..", script.src).href;

  /** @param {Element} place the element that the page shows without JavaScript */
  function start(place) {
    if (place.hasAttribute("data-started")) return;
    place.setAttribute("data-started", "");
    const island = place.querySelector("script[type='application/json']");
    const { quiz, key: encoded } = JSON.parse((island && island.textContent) || "");
    const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
    const { questions: key, claims } = JSON.parse(new TextDecoder().decode(bytes));
    for (const each of Object.values(key)) each.sources = (each.cites || []).map((/** @type {string} */ id) => claims[id]);
    const shelf = `civicquiz:${book}:${quiz.name}`;

    /** @type {Record<string, any>} */
    const questions = Object.fromEntries(quiz.questions.map((/** @type {any} */ question) => [question.id, question]));
    /** What is kept: responses, and which questions have been checked (true once the answer was shown).
     * @returns {{responses: Record<string, any>, checked: Record<string, boolean>}} */
    const kept = () => {
      try {
        const { responses, checked } = JSON.parse(localStorage.getItem(shelf) || "");
        return { responses: { ...responses }, checked: { ...checked } };
      } catch {
        return { responses: {}, checked: {} };
      }
    };
    /** @type {Record<string, any>} */
    const state = { quiz, responses: {}, outcomes: {}, notice: quiz.strings.saved_browser };
    /** @type {Record<string, ((...args: any[]) => void)[]>} */
    const listeners = {};
    /** @param {string} name @param {...any} args */
    const tell = (name, ...args) => (listeners[name] || []).forEach((callback) => callback(...args));
    /** @param {string} name @param {any} value */
    const set = (name, value) => {
      state[name] = value;
      tell(`change:${name}`);
    };

    const before = kept();
    for (const [id, question] of Object.entries(questions)) {
      const response = civicquiz.at(before.responses, id);
      let outcome = null;
      try {
        outcome = civicquiz.grade(question, key[id], response, civicquiz.at(before.checked, id));
      } catch {
        // Half a number is still what the learner typed; ids that an edited quiz no longer has cannot be shown.
        if (question.interaction !== "number" || typeof response !== "string") continue;
      }
      if (response !== undefined) state.responses[id] = response;
      if (outcome && Object.hasOwn(before.checked, id)) state.outcomes[id] = outcome;
    }

    const save = () => {
      const { responses, checked } = kept(); // the same quiz may stand on this page in parts
      for (const id of Object.keys(questions)) {
        delete responses[id];
        delete checked[id];
        if (Object.hasOwn(state.responses, id)) responses[id] = state.responses[id];
        if (Object.hasOwn(state.outcomes, id)) checked[id] = state.outcomes[id].settled;
      }
      try {
        localStorage.setItem(shelf, JSON.stringify({ responses, checked }));
      } catch {
        set("notice", quiz.strings.not_saved_browser);
      }
    };

    /** @param {any} message */
    const send = ({ type, question: id, response }) => {
      if (type === "check") {
        state.responses = { ...state.responses, [id]: response };
        save();
      }
      const outcomes = type === "reset" ? {} : { ...state.outcomes };
      if (type === "retry") delete outcomes[id];
      else if (type !== "reset") outcomes[id] = civicquiz.grade(questions[id], key[id], state.responses[id], type === "reveal");
      set("outcomes", outcomes);
      save();
    };

    civicquiz.render({
      el: /** @type {HTMLElement} */ (place),
      model: {
        get: (name) => state[name],
        set,
        save_changes: save,
        send,
        on: (name, callback) => (listeners[name] = [...(listeners[name] || []), callback]),
        off: (name, callback) => (listeners[name] = (listeners[name] || []).filter((each) => each !== callback)),
      },
    });
  }

  const startAll = () => document.querySelectorAll(".civicquiz-static").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
  else startAll();
})();
