/** The filter of a list of claims: only those by the chosen speaker, or of the chosen type of statement, are shown. */
(() => {
	"use strict";

	/** @param {Element} form */
	function start(form) {
		const terms = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".civicquiz-claims dt")]);
		const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
		const chosen = () => [...form.querySelectorAll("select")].map(({ value }) => value);
		form.addEventListener("change", () => {
			const [statement, speaker] = chosen();
			let count = 0;
			for (const term of terms) {
				const about = /** @type {HTMLElement} */ (term.nextElementSibling);
				const said = /** @type {Element} */ (about.querySelector(".civicquiz-speaker"));
				const fits =
					(!statement || term.classList.contains(`is-${statement}`)) &&
					(!speaker || (said.textContent || "").toLowerCase() === speaker.toLowerCase());
				term.hidden = about.hidden = !fits;
				if (fits) count += 1;
			}
			status.textContent = (status.dataset.text || "")
				.replace("{shown}", String(count))
				.replace("{count}", String(terms.length));
		});
		/** @type {HTMLElement} */ (form).hidden = false;
	}

	const startAll = () => document.querySelectorAll(".civicquiz-filter[hidden]").forEach(start);
	if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
	else startAll();
})();
