/**
 * The notes of citations and terms. A note opens when the Tab key brings the focus to its button or a mouse rests on
 * it, and closes when they move on; a click or Enter is the browser's own.
 */
(() => {
	"use strict";
	if (!("popover" in HTMLElement.prototype) || "civicquizNotes" in document.documentElement.dataset) return;
	document.documentElement.dataset.civicquizNotes = ""; // a page may be sent the script twice

	let tabbed = false;
	let timer = 0;
	/** @type {Element | null} */
	let hovered = null;
	const opened = () => /** @type {HTMLElement | null} */ (document.querySelector(".civicquiz-note:popover-open"));
	/** @param {EventTarget | null} target */
	const opener = (target) =>
		/** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (target).closest("[popovertarget$=-note]"));
	/** @param {HTMLButtonElement} button */
	const noteOf = (button) => /** @type {HTMLElement} */ (button.popoverTargetElement);
	addEventListener("pointerover", ({ target, pointerType }) => {
		if (pointerType !== "mouse") return;
		clearTimeout(timer);
		const button = opener(target);
		const open = opened();
		const note = button && noteOf(button);
		// A mouse that moves from a word to its note is reading it, and what was opened by hand stays open.
		if (note ? note === open : !open || open !== hovered || open.contains(/** @type {Node} */ (target))) return;
		timer = setTimeout(() => {
			if (note) note.showPopover({ source: button });
			else if (open) open.hidePopover();
			hovered = note;
		}, 300);
	});
	// A click on what the mouse has opened already keeps it open.
	addEventListener("click", (event) => {
		const button = opener(event.target);
		if (button && hovered && hovered === opened() && noteOf(button) === hovered) event.preventDefault();
		hovered = null;
	});
	addEventListener(
		"keydown",
		({ key }) => {
			tabbed = key === "Tab";
			// The browser's own closing does not come where a page keeps this key for itself, as themes do for their search.
			if (key === "Escape") opened()?.hidePopover();
		},
		true,
	);
	addEventListener("focusin", ({ target }) => {
		const focused = /** @type {Element} */ (target);
		const open = opened();
		const button = opener(focused);
		const note = button && noteOf(button);
		if (open && open !== note && !open.contains(focused)) open.hidePopover();
		if (note && note !== open && tabbed) note.showPopover({ source: button });
	});
})();
