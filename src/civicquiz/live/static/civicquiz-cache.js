// @ts-check
/**
 * Goes before the service worker of JupyterLite: keeps what a visit has loaded, so that the next one needs no network.
 * The program is taken from there, and has a version; what a teacher has written is asked for again, as long as there is
 * a network.
 */
(() => {
	"use strict";
	const VERSION = ""; // filled in when a site is built: a digest of all its files
	/** @type {any} of a service worker, which has no types here */
	const worker = self;
	const { scope } = worker.registration;
	/** Several sites may share an address, and what browsers keep for it. */
	const OURS = `civicquiz ${scope} `;
	const WRITTEN = ["files/", "api/contents/"].map((folder) => scope + folder);
	const HEARTBEAT = "/api/service-worker-heartbeat"; // which JupyterLite answers

	/** @param {any} event @param {string} address */
	const load = async (event, address) => {
		// Not what the browser has kept of an earlier version.
		const response = await fetch(event.request, { cache: "no-cache" });
		if (response.ok) {
			const copy = response.clone();
			const keep = async () => (await caches.open(OURS + VERSION)).put(address, copy);
			event.waitUntil(keep().catch(console.warn)); // there may be no room
		}
		return response;
	};
	/** @param {any} event */
	const answer = async (event) => {
		const address = event.request.url.split(/[?#]/)[0];
		const kept = await (await caches.open(OURS + VERSION)).match(address);
		if (kept && !WRITTEN.some((folder) => address.startsWith(folder))) return kept;
		try {
			return await load(event, address);
		} catch {
			return kept || new Response("", { status: 504, statusText: "No network" });
		}
	};

	worker.addEventListener("fetch", (/** @type {any} */ event) => {
		const { method, url } = event.request;
		if (method !== "GET" || !url.startsWith(scope) || url.endsWith(HEARTBEAT)) return;
		event.stopImmediatePropagation();
		event.respondWith(answer(event));
	});
	worker.addEventListener("activate", (/** @type {any} */ event) => {
		const tidy = async () => {
			const names = await caches.keys();
			const old = names.filter((name) => name.startsWith(OURS) && name !== OURS + VERSION);
			await Promise.all(old.map((name) => caches.delete(name)));
		};
		event.waitUntil(tidy());
	});
})();
