// One server against another on the same core, in turn.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { baseUrl, cpuSeconds, get, median, nginxPort, round, runDir, withNginx, withServer, wrk } from "./lib.mjs";

export const ROUNDS = 5;
export const serverCore = os.cpus().length > 1 ? 0 : null;
export const loadCore = os.cpus().length > 1 ? 1 : null;

// Rounds of wrk against one process: requests a second, and its processor time for each of them.
export class Rounds {
	constructor(pid, url, load) {
		Object.assign(this, { pid, url, load, all: [] });
	}
	async run() {
		const before = cpuSeconds(this.pid);
		const { perSecond, p99Ms } = await wrk(this.url, this.load);
		this.all.push({ perSecond, p99Ms, cpuUs: (1e6 * (cpuSeconds(this.pid) - before)) / (perSecond * this.load.seconds) });
	}
	median(key) {
		return median(this.all.map((one) => one[key]));
	}
}

// The same reply from kicau and, as a file, from nginx. prepare answers what is asked for, or that and by whom.
export async function besideNginx(name, user, prepare, env = {}) {
	return withServer(runDir, { core: serverCore, env }, async (server) => {
		const prepared = await prepare(user);
		const { where, who: token } = typeof prepared === "string" ? { where: prepared, who: user } : prepared;
		const file = path.join(runDir, `${name}.json`);
		const reply = await get(where, token);
		if (reply.status !== 200) throw new Error(`${where}: ${reply.status} ${reply.body}`);
		fs.writeFileSync(file, reply.body);
		return withNginx(file, serverCore, async (nginx) => {
			const load = { core: loadCore, seconds: 3 };
			const ours = new Rounds(server.pid, baseUrl + where, { ...load, token });
			const theirs = new Rounds(nginx.pid, `http://127.0.0.1:${nginxPort}/reply.json`, load);
			await wrk(baseUrl + where, { ...load, token, seconds: 1 });
			for (let i = 0; i < ROUNDS; i++) {
				await ours.run();
				await theirs.run();
			}
			return {
				[`${name}_vs_nginx`]: round(ours.median("perSecond") / theirs.median("perSecond"), 3),
				[`${name}_vs_nginx_by_cpu_time`]: round(theirs.median("cpuUs") / ours.median("cpuUs"), 3),
				[`${name}_per_s`]: Math.round(ours.median("perSecond")),
				[`${name}_nginx_per_s`]: Math.round(theirs.median("perSecond")),
				[`${name}_p99_ms`]: round(ours.median("p99Ms")),
				[`${name}_cpu_us`]: round(ours.median("cpuUs"), 1),
				[`${name}_nginx_cpu_us`]: round(theirs.median("cpuUs"), 1),
				[`${name}_bytes`]: reply.body.length,
			};
		});
	});
}
