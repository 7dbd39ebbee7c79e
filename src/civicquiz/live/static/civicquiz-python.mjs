/**
 * The kernel of JupyterLite loads this in place of Pyodide (its setting `pyodideUrl`). As soon as it is loaded, it starts
 * Python and imports what a quiz needs. Later, each import would look for the module in the folder of the notebook first,
 * and for that, it would have to ask the page through the service worker.
 */
import { loadPyodide as load } from "./pyodide.mjs";

/** @type {string[]} filled in when a site is built */
const PACKAGES = [];
// The kernel asks for completions by Jedi, which a site does not have.
const IMPORTS = `
import piplite.piplite
import pyodide_kernel
import civicquiz.hosts.widget

pyodide_kernel.ipython_shell.Completer.use_jedi = False
`;

const start = async () => {
	const begun = performance.now();
	const python = await load({ indexURL: new URL(".", import.meta.url).href, packages: PACKAGES });
	const loaded = performance.now();
	await python.runPythonAsync(IMPORTS);
	const seconds = [loaded - begun, performance.now() - loaded].map((time) => (time / 1000).toFixed(2));
	console.debug(`civicquiz: Python and packages ${seconds[0]} s, imports ${seconds[1]} s`);
	return python;
};
const started = start();
started.catch(() => {}); // whoever asks for it gets the error

/** @param {{ stdout: (text: string) => void, stderr: (text: string) => void }} options what the kernel asks for */
export const loadPyodide = async ({ stdout, stderr }) => {
	const python = await started;
	python.setStdout({ batched: stdout });
	python.setStderr({ batched: stderr });
	return python;
};
