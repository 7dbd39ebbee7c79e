/** The button that hides and shows the marks of all citations; its choice holds for every page of a site. */
(() => {
	"use strict";
	const button = document.querySelector(".civicquiz-marks button");
	if (!button || button.ariaPressed) return; // a page may be sent the script twice
	const hidden = "civicquiz-marks-hidden";
	const { classList } = document.documentElement;
	const say = () => button.setAttribute("aria-pressed", String(!classList.contains(hidden)));
	// A browser may refuse to store anything; the choice then holds for the page.
	try {
		if (localStorage[hidden]) classList.add(hidden);
	} catch {}
	say();
	button.addEventListener("click", () => {
		const chosen = classList.toggle(hidden) ? "1" : "";
		say();
		try {
			localStorage[hidden] = chosen;
		} catch {}
	});
})();
