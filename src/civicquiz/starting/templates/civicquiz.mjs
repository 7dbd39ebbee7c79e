// Quizzes and citations on the pages of a MyST site (Jupyter Book 2). Written by `civicquiz new --myst`.
//
// This file only finds them. For each page, it starts the command below, which reads the quizzes; so the command has to
// be on the PATH when the site is built. The variable CIVICQUIZ may name another one.
import { spawn } from "node:child_process";

const command = process.env.CIVICQUIZ || "civicquiz";

/** What is on a page until the transform below puts something in its place. */
const place = (asked, data, file) => [
	{ type: "civicquiz", asked: { ...asked, page: file.path }, position: data.node.position },
];

const quiz = {
	name: "quiz",
	doc: "A quiz that readers answer on the page.",
	arg: {
		type: String,
		required: true,
		doc: "The file of the quiz, relative to the page; with a slash in front, relative to the folder of the site.",
	},
	options: { questions: { type: String, doc: "The ids of the questions to show; all of them by default." } },
	run: (data, file) => place({ quiz: data.arg, questions: data.options?.questions }, data, file),
};

const claim = {
	name: "claim",
	doc: "Cites one or more claims of the folder seeds/, in a footnote.",
	body: { type: String, required: true, doc: "The ids of the claims, with spaces between them." },
	run: (data, file) => place({ claim: data.body }, data, file),
};

/** What the command answers to a request, in JSON; rejected with what it says if it fails. */
const ask = (request) =>
	new Promise((resolve, reject) => {
		const child = spawn(command, ["myst-nodes"], { stdio: ["pipe", "pipe", "pipe"] });
		let [answer, said] = ["", ""];
		child.stdout.setEncoding("utf-8").on("data", (text) => (answer += text));
		child.stderr.setEncoding("utf-8").on("data", (text) => (said += text));
		child.on("error", (error) =>
			reject(
				error.code === "ENOENT"
					? `there is no command '${command}' on the PATH; run 'pip install civicquiz' in the environment that builds the site`
					: error.message,
			),
		);
		child.on("close", (code) => (code ? reject(said.trim() || `'${command}' ended with ${code}`) : resolve(answer)));
		child.stdin.on("error", () => {}); // it has ended, and the reason comes with that
		child.stdin.end(JSON.stringify(request));
	});

/** Says on the console what is wrong at a place of the page; an error ends a build with --strict. */
function report(file, node, text, isError) {
	Object.assign(file.message(text, node, "civicquiz"), { fatal: isError });
}

/** Puts quizzes and footnotes in their places. */
async function fill(tree, file, nodes) {
	let answer;
	try {
		answer = JSON.parse(await ask({ page: file.path, places: nodes.map(({ asked }) => asked) }));
	} catch (reason) {
		report(file, nodes[0], `no quiz of this page can be shown: ${reason}`, true);
		const words = ({ asked }) => ({ type: "text", value: `[${asked.quiz || asked.claim}]` });
		answer = { places: nodes.map((node) => ({ node: words(node), problems: [] })), footnotes: [] };
	}
	for (const [index, node] of nodes.entries()) {
		const { node: found, problems } = answer.places[index];
		for (const { message, isError } of problems) report(file, node, message, isError);
		delete node.asked;
		Object.assign(node, found);
	}
	tree.children.push(...answer.footnotes);
}

const quizzesOfPage = {
	name: "civicquiz",
	doc: "Asks for all quizzes of a page at once, so that Python starts once.",
	stage: "document",
	plugin(_, { selectAll }) {
		return async (tree, file) => {
			const nodes = selectAll("civicquiz", tree);
			if (nodes.length) await fill(tree, file, nodes);
		};
	},
};

export default { name: "civicquiz", directives: [quiz], roles: [claim], transforms: [quizzesOfPage] };
