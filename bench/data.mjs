// The data API: what a licensee's answers cost beside nginx, beside the same without meter and ledger, and how many posts
// a second streams carry.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import {
	baseUrl, build, copyData, cpuSeconds, get, median, port, program, round, runDir, tool, withServer, wrk,
} from "./lib.mjs";
import { besideNginx, ROUNDS, Rounds, loadCore, serverCore } from "./rounds.mjs";

const uses = "search,research,commercial,training";
const env = { KICAU_DATA_USES: uses, KICAU_DATA_USES_DEFAULT: uses, KICAU_BASE_URL: baseUrl };
// How much is withheld is decided when a licensee is made, and when the first one is. What is usual:
const withheldPpm = { KICAU_WITHHOLD_PPM: "10000", KICAU_WITHHOLD_EVERYBODY_PPM: "5000" };
const nothingWithheld = { KICAU_WITHHOLD_PPM: "0", KICAU_WITHHOLD_EVERYBODY_PPM: "0" };
const fields = "tweet.fields=author_id,conversation_id,created_at,entities,lang,public_metrics";
const LISTS = 200; // lookups of 100 posts each
const CONSUMERS = 10;
const FIREHOSE_POSTS = 20_000; // with boosts some 27 000: what the default data_cards_mb keeps rendered

const kicau = (more, dir, ...args) =>
	execFileSync(program, [...args, "--data", dir], { env: { ...process.env, ...env, ...more }, encoding: "utf8" }).trim();

// A licensee whose plan stops nothing.
function keyOf(licensee, dir = runDir, withheld = nothingWithheld) {
	kicau(withheld, dir, "plan", "set", "bench", "included=1000000000000", "uses=commercial", "rate_lookup=1000000",
		"rate_stream=1000000", "streams=10", "firehose=yes", "metrics=yes", "keys=1000");
	return kicau(withheld, dir, "key", "create", "--licensee", licensee, "--plan", "bench");
}

// So many public posts as anybody sees them, newest first, without boosts.
async function postIds(person, n) {
	const ids = [];
	while (ids.length < n) {
		const where = `/api/v1/timelines/public?local=true&limit=40${ids.length ? `&max_id=${ids.at(-1)}` : ""}`;
		const page = JSON.parse((await get(where, person)).body);
		if (!page.length) throw new Error(`${ids.length} posts of ${n}`);
		ids.push(...page.map((post) => post.id));
	}
	return ids.slice(0, n);
}

const lookupOf = (ids) => `/2/tweets?ids=${ids.join()}&${fields}`;

export async function lookup(person) {
	const key = keyOf("lookup");
	return besideNginx("lookup", key, async () => {
		const where = lookupOf(await postIds(person, 100));
		const { data } = JSON.parse((await get(where, key)).body);
		if (data?.length !== 100) throw new Error(`${data?.length} posts of 100`);
		return where;
	}, env);
}

// Servers started in turn, on the same core, asked for the same lookups. Answers for each a function: the median of a figure.
async function inTurn(sides, file) {
	const rounds = sides.map(() => []), lists = fs.readFileSync(file, "utf8").split("\n");
	for (let i = 0; i < ROUNDS; i++) {
		for (const [at, side] of sides.entries()) {
			await withServer(side.dir, { core: serverCore, env: { ...env, ...side.env }, binary: side.binary }, async (server) => {
				const load = { core: loadCore, seconds: 3, token: side.key, script: "bench/lookup.lua", env: { KICAU_PATHS: file } };
				for (const list of lists) await get(list, side.key); // every post is rendered before the first round
				await wrk(baseUrl, { ...load, seconds: 2 });
				const one = new Rounds(server.pid, baseUrl, load);
				await one.run();
				rounds[at].push(one.all[0]);
			});
		}
	}
	return rounds.map((all) => (what) => median(all.map((one) => one[what])));
}

function writeLists(file, ids) {
	const lists = Array.from({ length: LISTS }, (_, i) => lookupOf(ids.slice(i * 100, (i + 1) * 100)));
	fs.writeFileSync(file, lists.join("\n"));
}

// The program, and the one without meter and ledger.
export async function metered(person) {
	const key = keyOf("metered"), file = path.join(runDir, "lookups.txt");
	await withServer(runDir, { env }, async () => writeLists(file, await postIds(person, LISTS * 100)));
	const [on, off] = await inTurn([
		{ dir: runDir, key, binary: program },
		{ dir: runDir, key, binary: path.join(build, "bench", "unmetered") },
	], file);
	return {
		metered_vs_unmetered: round(on("perSecond") / off("perSecond"), 3),
		metered_vs_unmetered_by_cpu_time: round(off("cpuUs") / on("cpuUs"), 3),
		metered_per_s: Math.round(on("perSecond")),
		unmetered_per_s: Math.round(off("perSecond")),
		metered_cpu_us: round(on("cpuUs"), 1),
		unmetered_cpu_us: round(off("cpuUs"), 1),
		metered_p99_ms: round(on("p99Ms")),
		unmetered_p99_ms: round(off("p99Ms")),
	};
}

// Of these posts, those that go out under the key.
async function delivered(ids, key) {
	const there = [];
	for (let i = 0; i < ids.length; i += 100) {
		const { data } = JSON.parse((await get(lookupOf(ids.slice(i, i + 100)), key)).body);
		there.push(...data.map((post) => post.id));
	}
	return there;
}

// What it costs to withhold: the same posts, which go out under both, to licensees from whom the usual share is withheld, and nothing.
export async function withholding(person) {
	const dir = path.join(build, "bench-withhold"), file = path.join(dir, "lookups.txt");
	copyData(dir);
	try {
		const sides = [
			{ dir, key: keyOf("withheld from", dir, withheldPpm), env: withheldPpm, binary: program },
			{ dir: runDir, key: keyOf("withheld nothing"), env: nothingWithheld, binary: program },
		];
		const withheld = await withServer(dir, { env: { ...env, ...withheldPpm } }, async () => {
			const ids = await postIds(person, LISTS * 105), there = await delivered(ids, sides[0].key);
			writeLists(file, there);
			return 1 - there.length / ids.length;
		});
		const [on, off] = await inTurn(sides, file);
		return {
			withhold_cost: round(1 - on("perSecond") / off("perSecond"), 4),
			withhold_cost_by_cpu_time: round(1 - off("cpuUs") / on("cpuUs"), 4),
			withhold_share: round(withheld, 4),
			withhold_cpu_us: round(on("cpuUs"), 1),
			withhold_nothing_cpu_us: round(off("cpuUs"), 1),
		};
	} finally {
		fs.rmSync(dir, { recursive: true, force: true });
	}
}

// Ten licensees read the newest posts of the firehose behind the same place: first as they come from the database, then kept.
export async function firehose(person) {
	const tokens = path.join(runDir, "consumers.txt");
	fs.writeFileSync(tokens, Array.from({ length: CONSUMERS }, (_, i) => keyOf(`consumer ${i}`)).join("\n"));
	return withServer(runDir, { env }, async (server) => {
		const from = (await postIds(person, FIREHOSE_POSTS)).at(-1);
		const read = (lines) => tool("stream_readers", [String(port), tokens, `/2/tweets/firehose/stream?cursor=${from}`, String(lines)]);
		const { lines } = read(0);
		const before = cpuSeconds(server.pid);
		const runs = Array.from({ length: ROUNDS }, () => read(lines));
		const cpu = cpuSeconds(server.pid) - before;
		return {
			firehose_posts_s: median(runs.map((run) => run.slowest_per_s)),
			firehose_all_posts_s: median(runs.map((run) => run.all_per_s)),
			firehose_consumers: CONSUMERS,
			firehose_posts: lines,
			firehose_line_bytes: Math.round(runs[0].bytes / lines),
			firehose_cpu_us_per_line: round((1e6 * cpu) / (ROUNDS * CONSUMERS * lines), 3),
		};
	});
}
