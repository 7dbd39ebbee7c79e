// @ts-check
/**
 * On the page that JupyterLite shows a notebook on: runs the notebook once Python has started, says why it cannot start,
 * and saves and restores the answers.
 */
(() => {
	"use strict";
	const script = /** @type {HTMLScriptElement} */ (document.currentScript);
	const megabytes = script.dataset.megabytes;
	/** How long Python may take to start before a reader is told, in ms. */
	const PATIENCE = 240_000;
	/** The same after an error, once Python has answered: WebKit reports one at each start that is not its end. */
	const GRACE = 30_000;
	const ANSWERS = ".responses.json";

	const english = {
		region: "This lesson",
		starting: `Python is starting. The first time, this loads about ${megabytes} MB. Until then, you see the quizzes as text.`,
		running: "Python is running the lesson.",
		ready: "Ready. Your answers stay in this browser.",
		ready_unkept: "Ready. This browser keeps nothing: save your answers as a file before you close this page.",
		kept: "This lesson now opens without a network, too.",
		failed:
			"Python could not start: {reason} You see the quizzes as text. To answer, use the page of this lesson, or another browser.",
		no_wasm: "this browser is too old, or does not allow WebAssembly.",
		no_worker: "this browser does not allow service workers here. They need https, and no private window.",
		no_memory: "this device has too little memory left.",
		too_slow: "it has not answered for four minutes. Reload the page to try again.",
		crashed: "it stopped with an error ({error}). Reload the page to try again.",
		save: "Save answers as files",
		restore: "Restore answers from a file",
		hide: "Hide",
		none: "There are no answers to this lesson yet.",
		saved: "Saved: {files}.",
		not_answers: "{file} is not a file with answers.",
		replace: "This browser has answers to this quiz already ({file}). Replace them with those in the file?",
		restored: "Restored: {file}.",
		lost: "The file could not be written: {error}",
	};
	/** @type {Record<string, typeof english>} */
	const WORDS = {
		en: english,
		es: {
			region: "Esta lección",
			starting: `Python se está iniciando. La primera vez se cargan unos ${megabytes} MB. Mientras tanto, ves los cuestionarios como texto.`,
			running: "Python está ejecutando la lección.",
			ready: "Listo. Tus respuestas se quedan en este navegador.",
			ready_unkept:
				"Listo. Este navegador no guarda nada: guarda tus respuestas en un archivo antes de cerrar esta página.",
			kept: "Desde ahora, esta lección se abre también sin conexión.",
			failed:
				"Python no pudo iniciarse: {reason} Ves los cuestionarios como texto. Para responder, usa la página de esta lección u otro navegador.",
			no_wasm: "este navegador es demasiado antiguo o no permite WebAssembly.",
			no_worker: "este navegador no permite service workers aquí. Necesitan https y una ventana que no sea privada.",
			no_memory: "a este dispositivo le queda muy poca memoria.",
			too_slow: "no ha respondido en cuatro minutos. Vuelve a cargar la página para intentarlo otra vez.",
			crashed: "se detuvo con un error ({error}). Vuelve a cargar la página para intentarlo otra vez.",
			save: "Guardar respuestas en archivos",
			restore: "Recuperar respuestas de un archivo",
			hide: "Ocultar",
			none: "Todavía no hay respuestas a esta lección.",
			saved: "Guardado: {files}.",
			not_answers: "{file} no es un archivo con respuestas.",
			replace:
				"Este navegador ya tiene respuestas a este cuestionario ({file}). ¿Quieres reemplazarlas por las del archivo?",
			restored: "Recuperado: {file}.",
			lost: "No se pudo escribir el archivo: {error}",
		},
	};
	const language = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag in WORDS) || "en";
	const words = WORDS[language];
	/** @param {string} text @param {Record<string, string>} values */
	const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

	const bar = document.createElement("section");
	const state = document.createElement("p");
	/** @type {any} the application; of JupyterLite, which has no types here */
	let app;
	/** @type {any} the panel of the notebook */
	let panel;
	/** Whether the notebook has run. */
	let isReady = false;
	let hasFailed = false;
	let hasAnswered = false;

	/** @param {string} text */
	const say = (text) => {
		state.textContent = text;
	};
	/**
	 * Say why Python cannot start. It may do so after all: a device can be slow, and not every error in the worker is the
	 * end of Python.
	 * @param {string} reason
	 */
	const fail = (reason) => {
		if (isReady || hasFailed) return;
		say(filled(words.failed, { reason }));
		hasFailed = true;
		bar.classList.add("civicquiz-live-failed");
		bar.hidden = false;
	};
	/** Take back that Python cannot start, as soon as it answers. */
	const recover = async () => {
		await panel.sessionContext.session.kernel.requestKernelInfo();
		hasFailed = false;
		bar.classList.remove("civicquiz-live-failed");
	};

	/** What stands in the way of Python, if that can be known before it is loaded. */
	const obstacle = () => {
		try {
			new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
			if (!("Exception" in WebAssembly) || typeof BigInt64Array === "undefined") return words.no_wasm;
		} catch {
			return words.no_wasm; // too old, or blocked by the policy of a school
		}
		try {
			new WebAssembly.Memory({ initial: 1024, maximum: 32768 });
		} catch {
			return words.no_memory;
		}
		return navigator.serviceWorker ? "" : words.no_worker;
	};

	/** Whether this browser keeps what the notebook writes. @returns {Promise<boolean>} */
	const keeps = () =>
		new Promise((resolve) => {
			try {
				const request = indexedDB.open("civicquiz-live");
				request.onerror = () => resolve(false);
				request.onsuccess = () => {
					request.result.close();
					resolve(true);
				};
			} catch {
				resolve(false);
			}
		});

	const contents = () => app.serviceManager.contents;
	const folder = () => panel.context.path.split("/").slice(0, -1).join("/");
	/** The paths of the answers to this lesson: what its quizzes have written next to it. @returns {Promise<string[]>} */
	const answerFiles = async () => {
		const listed = await contents().get(folder(), { content: true });
		/** @type {{ name: string, path: string }[]} */
		const files = listed.content;
		return files.filter(({ name }) => name.endsWith(ANSWERS) && !name.startsWith(".")).map(({ path }) => path);
	};
	/** @param {string} path */
	const text = async (path) => {
		const file = await contents().get(path, { content: true, format: "text", type: "file" });
		return typeof file.content === "string" ? file.content : JSON.stringify(file.content, null, 1);
	};

	const save = async () => {
		const paths = await answerFiles();
		for (const path of paths) {
			const link = document.createElement("a");
			link.href = URL.createObjectURL(new Blob([await text(path)], { type: "application/json" }));
			link.download = path.split("/").at(-1) || "";
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it after the click
		}
		say(
			paths.length
				? filled(words.saved, { files: paths.map((path) => path.split("/").at(-1)).join(", ") })
				: words.none,
		);
	};

	/** @param {File} file */
	const restore = async (file) => {
		let found;
		try {
			found = JSON.parse(await file.text());
		} catch {
			found = null;
		}
		if (found?.schema !== 1 || typeof found.quiz !== "string" || typeof found.responses !== "object") {
			return say(filled(words.not_answers, { file: file.name }));
		}
		// A name that a browser has changed, as in "law.responses (1).json", is not the name of the answers.
		const name = `${found.quiz}${ANSWERS}`;
		if (/[/\\]/.test(found.quiz)) return say(filled(words.not_answers, { file: file.name }));
		const path = [folder(), name].filter(Boolean).join("/");
		const there = (await answerFiles()).includes(path);
		if (
			there &&
			(await text(path)).includes('"responses": {}') === false &&
			!confirm(filled(words.replace, { file: name }))
		)
			return;
		await contents().save(path, { type: "file", format: "text", content: `${JSON.stringify(found, null, 1)}\n` });
		await runAll();
		say(filled(words.restored, { file: name }));
	};

	const runAll = async () => {
		say(words.running);
		const notebook = panel.content;
		const { activeCellIndex } = notebook;
		notebook.scrollToItem = async () => {}; // it would take readers to the last cell
		try {
			const running = app.commands.execute("notebook:run-all-cells");
			notebook.activeCellIndex = activeCellIndex;
			await running;
		} finally {
			delete notebook.scrollToItem;
		}
		panel.context.model.dirty = false; // the outputs are made again each time; only answers are kept
	};

	/** @param {string} label @param {() => any} action */
	const button = (label, action) => {
		const made = document.createElement("button");
		made.type = "button";
		made.textContent = label;
		made.addEventListener("click", async () => {
			try {
				await action();
			} catch (error) {
				say(filled(words.lost, { error: String(error) }));
			}
		});
		return made;
	};

	const addButtons = () => {
		const input = document.createElement("input");
		input.type = "file";
		input.accept = ".json,application/json";
		input.hidden = true;
		const choose = button(words.restore, () => input.click());
		input.addEventListener("change", async () => {
			for (const file of input.files || [])
				await restore(file).catch((error) => say(filled(words.lost, { error: String(error) })));
			input.value = "";
			choose.focus();
		});
		bar.append(button(words.save, save), choose, input);
	};

	/** @param {() => any} found @returns {Promise<any>} */
	const until = async (found) => {
		for (;;) {
			const value = found();
			if (value) return value;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	};

	const start = async () => {
		bar.className = "civicquiz-live";
		bar.lang = language;
		bar.setAttribute("aria-label", words.region);
		state.setAttribute("role", "status");
		bar.append(state);
		document.body.append(bar);
		if (!hasFailed) say(words.starting);
		if (inTheWay) return fail(inTheWay);
		setTimeout(() => fail(words.too_slow), PATIENCE);
		const isKept = keeps();
		app = await until(() => /** @type {any} */ (window).jupyterapp);
		panel = await until(() => {
			const widget = app.shell.currentWidget;
			return widget?.sessionContext && widget.content?.model && widget;
		});
		await panel.context.ready;
		await panel.sessionContext.ready;
		await until(() => panel.sessionContext.session?.kernel);
		addButtons();
		bar.append(
			button(words.hide, () => {
				bar.hidden = true;
			}),
		);
		await panel.sessionContext.session.kernel.info;
		hasAnswered = true;
		if (hasFailed) await recover();
		await runAll();
		if (hasFailed) await recover();
		isReady = true;
		const ready = (await isKept) ? words.ready : words.ready_unkept;
		say(ready);
		if (isIncomplete) await keepAll().catch(console.warn);
		const isUnchanged = state.textContent === ready;
		if (isUnchanged && (await isOnDevice())) say(`${ready} ${words.kept}`);
	};

	// Python runs in a worker. It starts before JupyterLite is there to ask for it, because a device has more than one
	// core, and it is handed over then. If it cannot start, nothing of JupyterLite says so.
	performance.setResourceTimingBufferSize(2000);
	const PlainWorker = globalThis.Worker;
	/** @type {Worker | undefined} */
	let early;
	let isAsked = false;
	/** @param {Worker} worker */
	const watched = (worker) => {
		worker.addEventListener("error", ({ message }) => {
			setTimeout(() => fail(filled(words.crashed, { error: message || "?" })), hasAnswered ? GRACE : 0);
		});
		return worker;
	};
	/** Whether the service worker has not seen everything that this visit has loaded. */
	let isIncomplete = false;
	/** Ask again for what is not kept: now the service worker sees it, and keeps it for a visit without a network. */
	const keepAll = async () => {
		const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
		const ours = [location.href, ...loaded].filter((name) => name.startsWith(new URL("..", location.href).href));
		for (const address of new Set(ours.map((name) => name.split(/[?#]/)[0])))
			if (!(await caches.match(address))) await (await fetch(address)).arrayBuffer();
	};
	/** Whether the largest file is kept; if there is no room, it is the first that is not. */
	const isOnDevice = async () => {
		try {
			return Boolean(await caches.match(new URL("../static/pyodide/pyodide.asm.wasm", location.href)));
		} catch {
			return false; // a browser that keeps nothing
		}
	};
	const startEarly = async () => {
		const { serviceWorker } = navigator;
		serviceWorker.addEventListener("controllerchange", () => {
			isIncomplete = true;
		});
		if (!serviceWorker.controller) {
			const controlled = new Promise((resolve) => {
				serviceWorker.addEventListener("controllerchange", resolve, { once: true });
			});
			// As JupyterLite registers it. Without it, the kernel could not read files.
			const address = new URL("../service-worker.js?enableCache=false", location.href).href;
			// JupyterLite would take it for one of an earlier version, and remove it while the kernel starts.
			localStorage.setItem(`${address}-version`, script.dataset.version || "");
			await serviceWorker.register(address);
			await controlled;
		}
		if (!isAsked) early = watched(new PlainWorker("civicquiz-worker.mjs", { type: "module" }));
	};
	if (PlainWorker)
		globalThis.Worker = new Proxy(PlainWorker, {
			construct(_, [url, options]) {
				if (!String(url).includes("comlink.worker")) return new PlainWorker(url, options);
				isAsked = true;
				const worker = early || watched(new PlainWorker(url, options));
				early = undefined;
				return worker;
			},
		});
	const inTheWay = obstacle();
	if (!inTheWay) startEarly().catch(console.warn); // then it starts later
	addEventListener("unhandledrejection", ({ reason }) => {
		if (/wasm|WebAssembly|pyodide|out of memory/i.test(String(reason?.message ?? reason))) {
			fail(filled(words.crashed, { error: String(reason?.message ?? reason).slice(0, 200) }));
		}
	});
	if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
	else start();
})();
