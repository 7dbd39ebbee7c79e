// Runs a Python file in the Python of a live site, with Node. WORK is a folder, which the file finds as /build.
// usage: node browser_python.mjs FOLDER_OF_PYODIDE FILE.py PACKAGES WORK
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [core, file, packages, work] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${core}/pyodide.mjs`).href);
const python = await loadPyodide({
	indexURL: `${core}/`,
	packageBaseUrl: `${core}/`,
	packageCacheDir: `${core}/`,
	env: { PYTHONNODEBUGRANGES: "1" }, // compiled modules are a quarter smaller without the columns of their source
});
const messageCallback = () => {};
await python.loadPackage(packages.split(",").filter(Boolean), { messageCallback });
python.FS.mkdirTree("/build");
python.FS.mount(python.FS.filesystems.NODEFS, { root: work }, "/build");
try {
	await python.runPythonAsync(readFileSync(file, "utf8"), { filename: file });
} catch (error) {
	console.error(String(error.message ?? error).slice(-3000)); // not the source of Pyodide, which is in one line
	process.exit(1);
}
