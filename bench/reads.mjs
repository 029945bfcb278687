// A mix of what apps read: to fill the server's caches as a day of use would.
import { get } from "./lib.mjs";

const WORKERS = 32;

// The same "random" numbers on every run (mulberry32).
function random(seed) {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

// Weight, and the address read, from what the home timelines have shown.
const mix = [
	[35, () => "/api/v1/timelines/home"],
	[10, (pick) => `/api/v1/timelines/home?max_id=${pick.post()}`],
	[10, () => "/api/v1/notifications"],
	[10, (pick) => `/api/v1/statuses/${pick.post()}`],
	[8, (pick) => `/api/v1/statuses/${pick.post()}/context`],
	[5, (pick) => `/api/v1/accounts/${pick.account()}`],
	[8, (pick) => `/api/v1/accounts/${pick.account()}/statuses`],
	[4, (pick) => `/api/v1/accounts/relationships?id[]=${pick.account()}&id[]=${pick.account()}`],
	[4, () => "/api/v1/timelines/public"],
	[3, (pick) => `/api/v1/timelines/tag/${pick.tag()}`],
	[3, () => "/api/v1/accounts/verify_credentials"],
];

async function all(n, one) {
	let next = 0;
	const work = async () => {
		while (next < n) await one(next++);
	};
	await Promise.all(Array.from({ length: WORKERS }, work));
}

// Home timelines of `homes` different people, then `reads` reads of the mix by the same people.
export async function readMany(tokens, homes, reads) {
	const rand = random(1);
	const from = (list) => list[Math.floor(rand() * list.length)];
	const stride = Math.max(1, Math.floor(tokens.length / homes));
	const people = Array.from({ length: homes }, (_, i) => tokens[(i * stride) % tokens.length]);
	const posts = [], accounts = [], tags = ["kicau"];
	const refused = new Map();
	const read = async (where, token) => {
		const reply = await get(where, token);
		if (reply.status === 200) return reply;
		const key = `${reply.status} ${where.replace(/\d{6,}/g, ":id")}`;
		refused.set(key, (refused.get(key) ?? 0) + 1);
		return null;
	};
	await all(homes, async (i) => {
		const reply = await read("/api/v1/timelines/home", people[i]);
		for (const status of reply ? JSON.parse(reply.body) : []) {
			if (status.visibility === "public") posts.push(status.id); // everybody may read it
			accounts.push(status.account.id);
			status.tags.forEach((tag) => tags.push(tag.name));
		}
	});
	const pick = { post: () => from(posts), account: () => from(accounts), tag: () => from(tags) };
	const total = mix.reduce((sum, [weight]) => sum + weight, 0);
	const began = performance.now();
	await all(reads, async () => {
		let dice = rand() * total;
		const row = mix.find(([weight]) => (dice -= weight) < 0) ?? mix[0];
		await read(row[1](pick), from(people));
	});
	if (refused.size) throw new Error(`reads were refused: ${JSON.stringify([...refused].slice(0, 8))}`);
	return { perSecond: (reads * 1000) / (performance.now() - began) };
}
