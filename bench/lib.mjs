// Starting, watching and stopping what is measured: the server, nginx, wrk, and the C programs of this folder.
import { spawn, spawnSync, execFileSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

export const build = path.resolve("build");
export const program = path.resolve(process.env.KICAU ?? path.join(build, "kicau"));
export const dataDir = path.join(build, "bench-data"); // as seeded
export const runDir = path.join(build, "bench-run"); // a copy of the seeded data, and what the rounds leave
export const port = 18080;
export const baseUrl = `http://127.0.0.1:${port}`;
export const nginxPort = 18081;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
export const round = (n, digits = 2) => Number(n.toFixed(digits));
export const found = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

export function copyData(to) {
	fs.rmSync(to, { recursive: true, force: true });
	execFileSync("cp", ["-r", "--reflink=auto", dataDir, to]);
}

process.env.PATH += ":/usr/sbin"; // nginx
const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

// One core for the measured, the other for who measures; on a machine with one core there is nothing to pin.
const pinned = (core, argv) => (core === null ? argv : ["taskset", "-c", String(core), ...argv]);

export function start(argv, { core = null, env = {}, stdio = ["ignore", "ignore", "inherit"] } = {}) {
	const [command, ...args] = pinned(core, argv);
	const child = spawn(command, args, { env: { ...process.env, ...env }, stdio });
	running.add(child);
	child.once("exit", () => running.delete(child));
	child.once("error", (error) => console.error(`${argv[0]}: ${error.message}`));
	return child;
}

export async function stop(child) {
	if (ended(child)) return;
	const gone = once(child, "exit");
	child.kill("SIGTERM");
	await gone;
}

// The output of a program of build/bench that prints JSON or a number.
export function tool(name, args, options = {}) {
	const argv = pinned(options.core ?? null, [path.join(build, "bench", name), ...args]);
	return JSON.parse(execFileSync(argv[0], argv.slice(1), { maxBuffer: 1 << 24, stdio: ["ignore", "pipe", "inherit"] }));
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });

// who: a token, or headers, or nobody.
const headersOf = (who) => (typeof who === "string" ? { Authorization: `Bearer ${who}` } : who ?? {});

export function get(where, who) {
	const headers = headersOf(who);
	return new Promise((resolve, reject) => {
		const request = http.get(where.startsWith("http") ? where : baseUrl + where, { agent, headers }, (reply) => {
			const parts = [];
			reply.on("data", (part) => parts.push(part));
			reply.on("end", () => resolve({ status: reply.statusCode, headers: reply.headers, body: Buffer.concat(parts) }));
		});
		request.on("error", reject);
	});
}

const ended = (child) => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

// Asks until there is an answer; child may still be starting.
export async function firstAnswer(child, where, token) {
	const until = Date.now() + 20000;
	for (;;) {
		try {
			return await get(where, token);
		} catch (error) {
			if (ended(child) || Date.now() > until) throw new Error(`${where}: ${error.message}`);
			await sleep(1);
		}
	}
}

export function startServer(dataDir, { core = null, env = {}, binary = program } = {}) {
	return start([binary, "serve", "--data", dataDir, "--listen", `127.0.0.1:${port}`], {
		core,
		env: {
			KICAU_BASE_URL: baseUrl,
			KICAU_RATE_LIMITS: "off",
			KICAU_CONNECTIONS_PER_IP: "0",
			KICAU_LOG_LEVEL: "error",
			// Whoever measures withholding turns it on.
			KICAU_WITHHOLD_PPM: "0",
			KICAU_WITHHOLD_EVERYBODY_PPM: "0",
			...(core === null ? {} : { KICAU_HTTP_LOOPS: "1" }),
			...env,
		},
	});
}

export async function withServer(dataDir, options, fn) {
	const server = startServer(dataDir, options);
	try {
		await firstAnswer(server, "/health");
		return await fn(server);
	} finally {
		await stop(server);
	}
}

// nginx serving one file as fast as it can: one worker, sendfile, no log.
export async function withNginx(file, core, fn) {
	const dir = path.join(runDir, "nginx");
	fs.mkdirSync(dir, { recursive: true });
	fs.copyFileSync(file, path.join(dir, "reply.json"));
	fs.writeFileSync(
		path.join(dir, "nginx.conf"),
		`worker_processes 1; daemon off; pid ${dir}/pid; error_log ${dir}/error.log;
events { worker_connections 1024; }
http {
	access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000;
	types { application/json json; } client_body_temp_path ${dir}/t1; proxy_temp_path ${dir}/t2;
	fastcgi_temp_path ${dir}/t3; uwsgi_temp_path ${dir}/t4; scgi_temp_path ${dir}/t5;
	server { listen 127.0.0.1:${nginxPort}; root ${dir}; }
}
${process.getuid() === 0 ? "user root;" : ""}
`,
	);
	const nginx = start(["nginx", "-p", dir, "-c", path.join(dir, "nginx.conf")], { core });
	try {
		await firstAnswer(nginx, `http://127.0.0.1:${nginxPort}/reply.json`);
		return await fn(nginx);
	} finally {
		await stop(nginx);
	}
}

// Requests a second. Anything but 2xx ends the run: an error page served fast is no result.
export async function wrk(url, { seconds = 3, connections = 64, core = null, token = null, script = null, env = {} } = {}) {
	const argv = ["wrk", "-t1", `-c${connections}`, `-d${seconds}s`, "--latency"];
	for (const [name, value] of Object.entries(headersOf(token))) argv.push("-H", `${name}: ${value}`);
	if (script) argv.push("-s", script);
	const child = start([...argv, url], { core, env, stdio: ["ignore", "pipe", "inherit"] });
	let text = "";
	child.stdout.on("data", (part) => (text += part));
	await once(child, "close");
	const perSecond = /Requests\/sec:\s+([\d.]+)/.exec(text);
	if (!perSecond || /Non-2xx/.test(text)) throw new Error(`wrk ${url}:\n${text}`);
	const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
	const unit = { us: 0.001, ms: 1, s: 1000 };
	return { perSecond: Number(perSecond[1]), p99Ms: p99 ? Number(p99[1]) * unit[p99[2]] : NaN, text };
}

// MB (10^6 bytes) of memory the process has, mapped files included.
export function rss(pid) {
	const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
	const mb = (name) => round((Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) * 1024) / 1e6, 1);
	return { total: mb("VmRSS"), anonymous: mb("RssAnon"), files: mb("RssFile") };
}

const children = (pid) => {
	const list = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
	return list ? list.split(" ").map(Number) : [];
};

// Processor time a process and its children (nginx's worker) have had. taskset is no process of its own: it execs.
export const cpuSeconds = (pid) => [pid, ...children(pid)].reduce((sum, one) => {
	const after = fs.readFileSync(`/proc/${one}/stat`, "utf8").split(") ")[1].split(" ");
	return sum + (Number(after[11]) + Number(after[12])) / 100;
}, 0);

// Part of the machine's time that others used over a second, before anything is measured.
export async function busyPercent() {
	const read = () => fs.readFileSync("/proc/stat", "utf8").split("\n")[0].split(/\s+/).slice(1).map(Number);
	const before = read();
	await sleep(1000);
	const delta = read().map((n, i) => n - before[i]);
	return round((100 * (delta.reduce((a, b) => a + b) - delta[3] - delta[4])) / delta.reduce((a, b) => a + b), 1);
}
