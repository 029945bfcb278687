// Measures kicau on this machine and writes build/bench.json. BENCHMARKS.md says what each figure is.
//
//   node bench/run.mjs [STEP...]      steps: fanout push image ledger trace idle cold memory home filtered verify notifications context
//                                     lookup metered withholding firehose search streams
//                                     post_page profile_page viral home_page posts
import crypto from "node:crypto";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import {
	baseUrl, build, busyPercent, copyData, cpuSeconds, dataDir, firstAnswer, found, get, median, port, round, rss, runDir, sleep, start,
	startServer, stop, tool, withServer, wrk,
} from "./lib.mjs";
import * as data from "./data.mjs";
import * as pages from "./pages.mjs";
import { readMany } from "./reads.mjs";
import { besideNginx, ROUNDS, Rounds, loadCore, serverCore } from "./rounds.mjs";

const resultFile = path.join(build, "bench.json");

// key, goal, and whether the goal is a floor or a ceiling
const goals = [
	["home_timeline_vs_nginx", 0.5, "floor"],
	["verify_credentials_vs_nginx", 0.5, "floor"],
	["fanout_per_core_s", 10_000_000, "floor"],
	["push_per_core_s", 2000, "floor"],
	["post_write_vs_single_commit", 1.5, "floor"],
	["filtered_home_vs_home", 0.8, "floor"],
	["notifications_v2_vs_nginx", 0.3, "floor"],
	["context_500_vs_nginx", 0.3, "floor"],
	["rss_idle_mb", 20, "ceiling"],
	["rss_1m_posts_mb", 200, "ceiling"],
	["ws_10k_extra_mb", 100, "ceiling"],
	["ws_10k_lost", 0, "ceiling"],
	["search_vs_scan", 100, "floor"],
	["cold_start_s_1m_posts", 1, "ceiling"],
	["image_40mp_peak_mb", 250, "ceiling"],
	["ledger_reads_per_core_s", 1_000_000, "floor"],
	["ledger_bytes_per_read", 2, "ceiling"],
	["ledger_bytes_per_read_fingerprints", 4, "ceiling"],
	["ledger_who_ms_100m", 5, "ceiling"],
	["metered_vs_unmetered", 0.9, "floor"],
	["lookup_vs_nginx", 0.4, "floor"],
	["withhold_cost", 0.03, "ceiling"],
	["firehose_posts_s", 50_000, "floor"],
	["trace_rows_per_core_s", 20_000, "floor"],
	["trace_index_bytes_per_post", 64, "ceiling"],
	["trace_peak_gb", 4, "ceiling"],
	["public_post_page_vs_nginx", 0.6, "floor"],
	["profile_page_vs_nginx", 0.5, "floor"],
	["home_page_vs_nginx", 0.3, "floor"],
	["home_page_kb", 60, "ceiling"],
	["viral_db_queries", 0, "ceiling"],
	["embed_js_kb", 4, "ceiling"],
];

// ---- data ----

// What the seeded database depends on; when it changes, it is made anew.
function seedStamp() {
	const hash = crypto.createHash("sha256");
	const sources = [
		...fs.readdirSync("schema").map((name) => `schema/${name}`),
		...fs.readdirSync("bench").filter((name) => /^(seed|vocabulary)/.test(name)).map((name) => `bench/${name}`),
		"src/store/fts_sqlite.c", "src/store/fts_waiting.c", "src/text/segment.c", "src/text/post_html.c", "src/core/post_parts.c",
		"src/core/post_text.c",
	];
	for (const file of sources.sort()) hash.update(fs.readFileSync(file));
	return hash.digest("hex");
}

function seed() {
	const stampFile = path.join(dataDir, "stamp");
	const stamp = seedStamp();
	const week = 7 * 24 * 3600 * 1000;
	if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, "utf8") === stamp &&
		Date.now() - fs.statSync(stampFile).mtimeMs < week) return;
	fs.rmSync(dataDir, { recursive: true, force: true });
	fs.mkdirSync(dataDir, { recursive: true });
	execFileSync(path.join(build, "bench", "seed"), [dataDir, baseUrl], { stdio: ["ignore", "inherit", "inherit"] });
	fs.writeFileSync(stampFile, stamp);
}

const facts = () => JSON.parse(fs.readFileSync(path.join(dataDir, "seed.json"), "utf8"));
const tokens = () => fs.readFileSync(path.join(dataDir, "tokens.txt"), "utf8").trim().split("\n").map((l) => l.split(" ")[0]);
const someone = (nth = 4321) => tokens()[facts().announcers + nth]; // neither among the busiest nor the quietest

// ---- steps: each answers keys for bench.json ----

const send = async (token, method, where, body) => {
	const reply = await fetch(baseUrl + where, {
		method, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: body && JSON.stringify(body),
	});
	if (!reply.ok) throw new Error(`${method} ${where}: ${reply.status} ${await reply.text()}`);
	return reply.json();
};

// Forty groups: twenty posts with three favourites each, ten with two boosts, and ten mentions.
async function tellOf(token) {
	const others = [1, 2, 3].map((nth) => someone(4322 + nth));
	const me = await send(token, "GET", "/api/v1/accounts/verify_credentials");
	for (let i = 0; i < 30; i++) {
		const { id } = await send(token, "POST", "/api/v1/statuses", { status: `number ${i} of those that are told of` });
		for (const other of i < 20 ? others : others.slice(1)) {
			await send(other, "POST", `/api/v1/statuses/${id}/${i < 20 ? "favourite" : "reblog"}`);
		}
	}
	for (let i = 0; i < 10; i++) await send(others[i % 3], "POST", "/api/v1/statuses", { status: `@${me.username} have you heard number ${i}?` });
	const where = "/api/v2/notifications?limit=40";
	const { notification_groups: groups } = await send(token, "GET", where);
	if (groups.length !== 40 || groups[20].notifications_count !== 3) throw new Error(`${groups.length} groups of 40`);
	return where;
}

// A post with 499 below it: every fifth answers the first, the others one another.
async function discuss(token) {
	const people = Array.from({ length: 20 }, (_, nth) => someone(4400 + nth));
	const first = await send(token, "POST", "/api/v1/statuses", { status: "what do you think?" });
	let above = first.id;
	for (let i = 0; i < 499; i++) {
		const { id } = await send(people[i % 20], "POST", "/api/v1/statuses", {
			status: `answer number ${i}, as long as such answers are, and no longer`, in_reply_to_id: i % 5 ? above : first.id,
		});
		above = id;
	}
	const where = `/api/v1/statuses/${first.id}/context`;
	const { descendants } = await send(token, "GET", where);
	if (descendants.length !== 499) throw new Error(`${descendants.length} answers of 499`);
	return where;
}

const longestWord = (html) => html.replace(/<[^>]*>|&\w+;/g, " ").match(/[a-z]+/g).sort((a, b) => b.length - a.length)[0];

// One's home with twenty keyword filters, three of which are words of its posts, and without them: in turn.
async function filtered() {
	const token = someone(4322);
	const home = `${baseUrl}/api/v1/timelines/home?limit=20`;
	const filters = "/api/v2/filters";
	return withServer(runDir, { core: serverCore }, async (server) => {
		const load = { core: loadCore, seconds: 3, token };
		const plain = new Rounds(server.pid, home, load), filtered = new Rounds(server.pid, home, load);
		let matches = 0;
		const posts = JSON.parse((await get("/api/v1/timelines/home?limit=20", token)).body).map((one) => one.reblog ?? one);
		const words = [1, 7, 13].map((at) => longestWord(posts[at].content));
		for (let i = 0; words.length < 20; i++) words.push(`spoiler${i}`);
		await wrk(home, { ...load, seconds: 1 });
		for (let i = 0; i < ROUNDS; i++) {
			await plain.run();
			const made = [];
			for (const word of words) {
				made.push(await send(token, "POST", filters, { title: word, context: ["home"], keywords_attributes: [{ keyword: word }] }));
			}
			matches = JSON.parse((await get("/api/v1/timelines/home?limit=20", token)).body).filter((one) => one.filtered.length).length;
			await filtered.run();
			for (const { id } of made) await send(token, "DELETE", `${filters}/${id}`);
		}
		return {
			filtered_home_vs_home: round(filtered.median("perSecond") / plain.median("perSecond"), 3),
			filtered_home_per_s: Math.round(filtered.median("perSecond")),
			filtered_home_posts_matched: matches,
		};
	});
}

async function idle() {
	const dir = path.join(build, "bench-idle");
	fs.rmSync(dir, { recursive: true, force: true });
	const memory = await withServer(dir, {}, async (server) => {
		await sleep(10000);
		return rss(server.pid);
	});
	fs.rmSync(dir, { recursive: true, force: true });
	return { rss_idle_mb: memory.total, rss_idle_anonymous_mb: memory.anonymous };
}

async function cold() {
	const seconds = [];
	for (let i = 0; i < 3; i++) {
		const began = performance.now();
		const server = startServer(runDir);
		const reply = await firstAnswer(server, "/api/v1/timelines/home", someone(1234 + i));
		seconds.push((performance.now() - began) / 1000);
		await stop(server);
		if (reply.status !== 200) throw new Error(`home: ${reply.status} ${reply.body}`);
	}
	return { cold_start_s_1m_posts: round(median(seconds), 3) };
}

async function memory() {
	return withServer(runDir, {}, async (server) => {
		const started = rss(server.pid);
		const people = tokens().slice(facts().announcers);
		const before = cpuSeconds(server.pid);
		const reads = { homes: 1000, mixed: 20000 };
		const done = await readMany(people, reads.homes, reads.mixed);
		const now = rss(server.pid);
		return {
			rss_1m_posts_mb: now.total,
			rss_1m_posts_anonymous_mb: now.anonymous,
			rss_1m_posts_at_start_mb: started.total,
			mixed_reads_per_s: Math.round(done.perSecond),
			mixed_reads_cpu_us: Math.round((1e6 * (cpuSeconds(server.pid) - before)) / (reads.homes + reads.mixed)),
		};
	});
}

async function search() {
	const { words } = facts();
	const raw = tool("search", [runDir, ...Object.values(words).map((w) => w.word)]);
	const result = {};
	const ratios = [], newest = [], direct = [];
	await withServer(runDir, {}, async () => {
		for (const [name, { word }] of Object.entries(words)) {
			const where = `/api/v2/search?type=statuses&q=${word}`;
			const reply = await get(where, someone());
			if (reply.status !== 200 || !JSON.parse(reply.body).statuses.length) throw new Error(`${where}: ${reply.body}`);
			const ms = 1000 / (await wrk(baseUrl + where, { connections: 1, token: someone() })).perSecond;
			const { scan_ms, scan_newest_ms, index_ms } = raw[word];
			ratios.push(scan_ms / ms);
			newest.push(scan_newest_ms / ms);
			direct.push(scan_ms / index_ms);
			Object.assign(result, {
				[`search_${name}_posts`]: words[name].posts,
				[`search_${name}_http_ms`]: round(ms, 3),
				[`search_${name}_index_ms`]: round(index_ms, 4),
				[`search_${name}_scan_ms`]: round(scan_ms, 1),
				[`search_${name}_scan_newest_ms`]: round(scan_newest_ms, 3),
			});
		}
	});
	const mean = (list) => round(Math.exp(list.reduce((sum, n) => sum + Math.log(n), 0) / list.length), 1);
	return {
		search_vs_scan: mean(ratios), search_vs_scan_newest: mean(newest), search_index_vs_scan: mean(direct), ...result,
	};
}

async function streams() {
	const { announcers, accounts } = facts();
	return withServer(runDir, {}, async (server) => {
		const before = rss(server.pid);
		const child = start(
			[path.join(build, "bench", "ws_clients"), String(port), path.join(dataDir, "tokens.txt"), String(announcers),
				String(accounts), "100", "20"],
			{ stdio: ["pipe", "pipe", "inherit"] },
		);
		const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
		const connected = JSON.parse((await lines.next()).value);
		await sleep(1000);
		const open = rss(server.pid);
		let most = open.total;
		const watch = setInterval(() => (most = Math.max(most, rss(server.pid).total)), 200);
		child.stdin.end("go\n");
		const done = JSON.parse((await lines.next()).value);
		clearInterval(watch);
		return {
			ws_10k_extra_mb: round(most - before.total, 1),
			ws_10k_open_extra_mb: round(open.total - before.total, 1),
			ws_10k_lost: done.lost,
			ws_10k_surplus: done.surplus,
			ws_10k_expected: done.expected,
			ws_10k_closed: done.closed,
			ws_10k_posts_refused: done.refused,
			ws_10k_posting_s: done.seconds,
			ws_10k_connect_s: connected.seconds,
		};
	});
}

async function posts() {
	const file = path.join(runDir, "authors.txt");
	fs.writeFileSync(file, tokens().slice(facts().announcers + 2000, facts().announcers + 2200).join("\n"));
	return withServer(runDir, {}, async () => {
		const ours = [], single = [], p99 = [];
		for (let i = 0; i < ROUNDS; i++) {
			single.push(tool("single_commit", [runDir, "3"]));
			const a = await wrk(`${baseUrl}/api/v1/statuses`, {
				seconds: 5, script: "bench/post.lua", env: { KICAU_TOKENS: file },
			});
			ours.push(a.perSecond);
			p99.push(a.p99Ms);
		}
		return {
			post_write_vs_single_commit: round(median(ours) / median(single), 3),
			posts_written_per_s: Math.round(median(ours)),
			posts_written_p99_ms: round(median(p99)),
			single_commits_per_s: Math.round(median(single)),
		};
	});
}

async function fanout() {
	const runs = Array.from({ length: 3 }, () => tool("fanout", []));
	return {
		fanout_per_core_s: Math.round(median(runs.map((run) => run.fanout_per_core_s))),
		fanout_deliveries: runs[0].deliveries,
	};
}

async function push() {
	const runs = Array.from({ length: 3 }, () => tool("push", []));
	const key = (name) => Math.round(median(runs.map((run) => run[name])));
	return { push_per_core_s: key("push_per_core_s"), push_encrypt_per_core_s: key("push_encrypt_per_core_s") };
}

// A photograph of 40 megapixels, as noisy as one, is made into what the server keeps of it.
async function image() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), "kicau-bench-"));
	const photo = path.join(dir, "photo.jpg");
	try {
		execFileSync("ffmpeg", ["-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=7744x5164,noise=alls=20", "-frames:v", "1",
			"-pix_fmt", "yuvj420p", "-q:v", "4", photo]);
		const runs = Array.from({ length: 3 }, () => tool("peak", [path.join(build, "kicau-image"), "media", photo, path.join(dir, "out")]));
		return {
			image_40mp_peak_mb: Math.max(...runs.map((run) => run.peak_mb)),
			image_40mp_s: median(runs.map((run) => run.seconds)),
			image_40mp_bytes: fs.statSync(photo).size,
		};
	} finally {
		fs.rmSync(dir, { recursive: true });
	}
}

// A hundred million recorded reads; and forty with fingerprints.
async function ledger() {
	const run = (reads, ...more) => {
		const dir = fs.mkdtempSync(path.join(build, "bench-ledger-"));
		try {
			return tool("ledger", [dir, String(reads), ...more]);
		} finally {
			fs.rmSync(dir, { recursive: true });
		}
	};
	const plain = run(100_000_000);
	const marked = run(40_000_000, "fingerprints");
	return {
		ledger_reads_per_core_s: plain.reads_per_core_s,
		ledger_bytes_per_read: plain.bytes_per_read,
		ledger_bytes_per_read_on_disk: plain.allocated_per_read,
		ledger_bytes_per_read_packed: plain.packed_per_read,
		ledger_bytes_per_read_tree: plain.tiles_per_read,
		ledger_bytes_per_read_fingerprints: marked.bytes_per_read,
		ledger_who_ms_100m: plain.who_ms,
		ledger_who_p99_ms_100m: plain.who_p99_ms,
		ledger_open_s_100m: plain.open_s,
		ledger_100m_s: plain.seconds,
	};
}

// Ten million short posts, and a leak of rows of which half are theirs, rewritten.
async function trace() {
	const dir = fs.mkdtempSync(path.join(build, "bench-trace-"));
	try {
		const done = tool("trace", [dir, "10000000", "400000"]);
		return Object.fromEntries(Object.entries(done).map(([key, value]) => [`trace_${key}`, value]));
	} finally {
		fs.rmSync(dir, { recursive: true });
	}
}

const steps = {
	fanout: { run: fanout },
	push: { run: push },
	image: { run: image, needs: ["ffmpeg"] },
	ledger: { run: ledger },
	trace: { run: trace },
	idle: { run: idle },
	cold: { run: cold, data: true },
	memory: { run: memory, data: true },
	home: { run: () => besideNginx("home_timeline", someone(), () => "/api/v1/timelines/home?limit=20"), data: true, needs: ["wrk", "nginx"] },
	filtered: { run: filtered, data: true, needs: ["wrk"] },
	verify: {
		run: () => besideNginx("verify_credentials", someone(), () => "/api/v1/accounts/verify_credentials"), data: true,
		needs: ["wrk", "nginx"],
	},
	notifications: { run: () => besideNginx("notifications_v2", someone(), tellOf), data: true, needs: ["wrk", "nginx"] },
	context: { run: () => besideNginx("context_500", someone(), discuss), data: true, needs: ["wrk", "nginx"] },
	lookup: { run: () => data.lookup(someone()), data: true, needs: ["wrk", "nginx"] },
	metered: { run: () => data.metered(someone()), data: true, needs: ["wrk"] },
	withholding: { run: () => data.withholding(someone()), data: true, needs: ["wrk"] },
	firehose: { run: () => data.firehose(someone()), data: true },
	search: { run: search, data: true, needs: ["wrk"] },
	streams: { run: streams, data: true },
	post_page: { run: () => pages.post(someone()), data: true, needs: ["wrk", "nginx"] },
	profile_page: { run: () => pages.profile(someone()), data: true, needs: ["wrk", "nginx"] },
	viral: { run: () => pages.viral(someone()), data: true, needs: ["wrk"] },
	home_page: { run: () => pages.home(someone()), data: true, needs: ["wrk", "nginx"] }, // somebody's tokens end with it
	posts: { run: posts, data: true, needs: ["wrk"] }, // last: it adds to the data
};

// ---- the run ----

function keep(result) {
	const before = fs.existsSync(resultFile) ? JSON.parse(fs.readFileSync(resultFile, "utf8")) : {};
	fs.writeFileSync(resultFile, JSON.stringify({ ...before, ...result }, null, "\t") + "\n");
}

function printTable() {
	const result = JSON.parse(fs.readFileSync(resultFile, "utf8"));
	const others = Object.keys(result).filter((key) => !goals.some(([name]) => name === key));
	for (const [key, goal, kind] of goals) {
		const value = result[key];
		const met = value === undefined ? "not measured" : (kind === "floor" ? value >= goal : value <= goal) ? "ok" : "MISSED";
		console.log(`${key.padEnd(32)} ${String(value ?? "-").padStart(12)}   ${kind === "floor" ? "≥" : "≤"} ${goal}  ${met}`);
	}
	console.log();
	for (const key of others) console.log(`${key.padEnd(32)} ${String(result[key]).padStart(12)}`);
}

// Two runs at once would measure each other.
function lock() {
	const file = path.join(build, "bench.pid");
	fs.mkdirSync(build, { recursive: true });
	const other = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
	if (other && fs.existsSync(`/proc/${other}`)) {
		console.error(`bench: process ${other} is measuring already`);
		process.exit(2);
	}
	fs.writeFileSync(file, String(process.pid));
	process.on("exit", () => fs.rmSync(file, { force: true }));
}

function chosen() {
	const names = process.argv.slice(2).flatMap((word) => word.split(/[\s,]+/)).filter(Boolean);
	const unknown = names.find((name) => !steps[name]);
	if (unknown) {
		console.error(`bench: no step "${unknown}"; there are: ${Object.keys(steps).join(" ")}`);
		process.exit(2);
	}
	return Object.keys(steps).filter((name) => names.length === 0 || names.includes(name));
}

async function main() {
	const names = chosen();
	lock();
	let failed = 0;
	if (names.length === Object.keys(steps).length) fs.rmSync(resultFile, { force: true });
	keep({ machine_cores: os.cpus().length, machine_busy_before_percent: await busyPercent() });
	if (names.some((name) => steps[name].data)) {
		seed();
		copyData(runDir);
	}
	for (const name of names) {
		const missing = (steps[name].needs ?? []).filter((program) => !found(program));
		if (missing.length) {
			console.log(`${name}: skipped, ${missing.join(" and ")} not installed (tools/deps.sh installs it)`);
			continue;
		}
		const began = performance.now();
		try {
			keep(await steps[name].run());
			console.log(`${name}: measured in ${round((performance.now() - began) / 1000, 1)} s`);
		} catch (error) {
			failed++;
			console.error(`${name}: ${error.message}`);
		}
	}
	fs.rmSync(runDir, { recursive: true, force: true });
	console.log();
	printTable();
	process.exit(failed ? 1 : 0);
}

await main();
