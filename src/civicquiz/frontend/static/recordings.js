/** Plays recordings where a browser refuses addresses that contain them, as Safari does: from an object of the page. */
(() => {
	"use strict";
	addEventListener(
		"error",
		({ target }) => {
			if (!(target instanceof HTMLMediaElement) || !target.src.startsWith("data:")) return;
			const [head, encoded] = target.src.split(",");
			const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
			const type = head.slice("data:".length).split(";")[0];
			target.src = URL.createObjectURL(new Blob([bytes], { type }));
		},
		true, // nothing around a recording hears of its errors later
	);
})();
