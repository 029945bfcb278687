// Pages in a browser: visitors', which come from memory, and home, which is drawn for who is logged in.
import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { baseUrl, get, program, round, runDir, withServer, wrk } from "./lib.mjs";
import { besideNginx, loadCore, serverCore } from "./rounds.mjs";

const VIEWS = 100_000;
const PASSWORD = "correct horse battery staple";

const json = async (where, token) => {
	const reply = await get(where, token);
	if (reply.status !== 200) throw new Error(`${where}: ${reply.status} ${reply.body}`);
	return JSON.parse(reply.body);
};

const send = async (token, body) => {
	const reply = await fetch(`${baseUrl}/api/v1/statuses`, {
		method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: JSON.stringify(body),
	});
	if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
	return reply.json();
};

// A post with ten answers.
async function discussed(token) {
	const first = await send(token, { status: "Ten people answered this. What do you think, and where did you hear of it? #questions" });
	for (let i = 0; i < 10; i++) await send(token, { status: `number ${i} of those who did, with a few words of their own`, in_reply_to_id: first.id });
	return new URL(first.url).pathname;
}

const nameOf = async (token) => (await json("/api/v1/accounts/verify_credentials", token)).username;

export const post = (token) => besideNginx("public_post_page", null, () => discussed(token));
export const profile = (token) => besideNginx("profile_page", null, async () => `/@${await nameOf(token)}`);

async function logIn(username) {
	const page = await fetch(`${baseUrl}/login`);
	const visitor = page.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
	const field = /name="authenticity_token" value="([^"]+)"/.exec(await page.text())[1];
	const reply = await fetch(`${baseUrl}/login`, {
		method: "POST", redirect: "manual", headers: { cookie: visitor, "content-type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({ authenticity_token: field, username, password: PASSWORD }),
	});
	const cookie = reply.headers.getSetCookie().map((line) => line.split(";")[0]).find((line) => line.startsWith("kicau_session="));
	if (!cookie) throw new Error(`logging in: ${reply.status}`);
	return { Cookie: cookie };
}

// What a browser fetches for the first view, but for pictures people uploaded, compressed as a proxy would.
async function weigh(who) {
	const page = (await get("/home", who)).body;
	const parts = [...new Set([...page.toString().matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1]))];
	const bodies = [page];
	for (const part of parts) bodies.push((await get(part)).body);
	return bodies.reduce((sum, body) => sum + Math.min(gzipSync(body, { level: 6 }).length, body.length), 0) / 1000;
}

export async function home(token) {
	const username = await withServer(runDir, { core: serverCore }, () => nameOf(token));
	execFileSync(program, ["account", "set-password", username, "--password-stdin", "--data", runDir], { input: `${PASSWORD}\n`, env: { ...process.env, KICAU_BASE_URL: baseUrl } });
	let kb;
	const result = await besideNginx("home_page", null, async () => {
		const who = await logIn(username);
		kb = await weigh(who);
		return { where: "/home", who };
	});
	return { ...result, home_page_kb: round(kb, 1) };
}

const counter = async (name) => Number(new RegExp(`^${name} (\\d+)`, "m").exec((await get("/metrics")).body)[1]);

export async function viral(token) {
	return withServer(runDir, { core: serverCore }, async () => {
		const url = baseUrl + (await discussed(token));
		const seen = async () => ({ queries: await counter("kicau_db_queries_of_requests_total"), views: await counter("kicau_http_requests_total") });
		await get(url);
		const before = await seen();
		while ((await seen()).views - before.views < VIEWS) await wrk(url, { seconds: 2, core: loadCore });
		const after = await seen();
		return {
			viral_views: after.views - before.views,
			viral_db_queries: after.queries - before.queries,
			embed_js_kb: round(gzipSync((await get("/assets/embed.js")).body, { level: 6 }).length / 1000, 2),
		};
	});
}
