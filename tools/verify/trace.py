#!/usr/bin/env python3
"""trace.py FOLDER [FILE-WITH-KEY] - computes a report of `kicau trace` again from what is attached to it, and checks commitments, proofs and
signatures: docs/trace-files.md and docs/trace.md, nothing else. Exit: 0 all is as it says, 1 it is not, 2 it cannot be read."""
import hashlib, hmac, json, os, sys
from functools import reduce
from math import comb, exp, expm1, gcd, lgamma, log, log1p, sqrt
from chances import dated, fewest, holm, least_n, lists, merged, most_n, normal, power, quantile, rank_tail, tails, product, ways
from claims import frame, leak_claims, model_claims, summary, unproven
from draws import by_drawing, draws
from ledger import Refused, checkpoint, included, must
def close(a, b): return a == b or (a is not None and b is not None and abs(a - b) <= 1e-9 + 1e-6 * max(abs(a), abs(b)))
def same(name, told, ours):
    for key, value in ours.items():
        good = close(told.get(key), value) if isinstance(value, float) else told.get(key) == value
        must(good, f"{name}: {key} is {value}, not {told.get(key)}")
# --- what a leak's posts say (docs/trace.md) ---
def share_of(t, fell):  # the most likely share from one licensee's coins, and its ln likelihood
    k = sum(fell); slope = lambda s: sum((n - f) * (p / (1 - p)) / (1 + s * p / (1 - p)) for (n, p), f in zip(t, fell)) - (k / (1 - s) if k else 0)
    if not sum(n for n, _ in t) or slope(0) <= 0: return 0.0, 0.0
    low, high = (1.0, 1.0) if not k else (0.0, 1.0)
    for _ in range(60): low, high = ((low + high) / 2, high) if k and slope((low + high) / 2) > 0 else (low, (low + high) / 2)
    return low, (k * log1p(-low) if k else 0) + sum((n - f) * log1p(low * p / (1 - p)) for (n, p), f in zip(t, fell))
def leak(r, posts):
    ls, rules, n = r["licensees"], r["rules"], len(posts); m, strata = len(ls), [x["stratum"] for x in posts]
    column = lambda key, j: sum(1 << i for i, x in enumerate(posts) if int(x[key], 16) >> j & 1)
    bits, got = [column("withheld", j) for j in range(m)], [column("delivered", j) for j in range(m)]
    per = [sum(1 << i for i, c in enumerate(strata) if c == s) for s in range(r["strata"])]; coins = lambda mask, ps: [((mask & c).bit_count(), p) for c, p in zip(per, ps)]
    full, span = (1 << n) - 1, lambda t: (sum(a for a, p in t if p > 0), min([p for a, p in t if p > 0 and a] or [1]), max([p for a, p in t if p > 0 and a] or [0]))
    def excuse(mask, mine, k, p, wide):  # deliveries must allow what the coins say
        d, at_least = (mine & mask).bit_count(), wide - most_n(p, k, log(rules["contradiction"]), wide) - rules["slack"] * mask.bit_count()
        return d < at_least, d < at_least or d == 0
    def free(t, k): w, least, most = span(t); return (least_n(most, k, log(.005), w), most_n(least, k, log(.005), w), w) if w else (0, 0, 0)
    single = []
    for j, l in enumerate(ls):
        t, k = coins(full, l["p"]), bits[j].bit_count(); (low, high), (least, most, w) = tails(t, k), free(t, k); s, ln = share_of(t, [(bits[j] & c).bit_count() for c in per])
        single.append({"withheld": k, "expected": float(sum(a * p for a, p in t)), "ln_p": low, "ln_p_many": high, "many": high <= log(rules["tamper"] / m), "delivered": got[j].bit_count(),
                       "share": s, "ln_likelihood": ln, "share_low": (w - most) / n if n else 0.0, "share_high": 1 - least / n if n else 1.0})
    order = sorted(range(m), key=lambda j: (single[j]["ln_p"], j)); sorted_p = [single[j]["ln_p"] for j in order]
    for j, c in zip(order, holm(sorted_p, m)):
        named = c <= log(rules["alpha"] * rules["single"]); t = coins(full, ls[j]["p"]); w, least, _ = span(t)
        bad, out = excuse(full, got[j], single[j]["withheld"], least, w) if named else (False, False)
        single[j].update(ln_p_holm=c, named=named and not out, excused=out, contradicted=bad)
    prepared = any(s["many"] or s["contradicted"] for s in single); names = {j for j in range(m) if single[j]["named"] and not prepared}
    for kind, size in (("pairs", 2), ("triples", 3)):
        tested = comb(m, size); given = r[kind]["list"]; corrected = []
        must(r[kind]["tested"] in (0, tested), f"{kind}: {tested} were to be tested")
        for g in given:
            masks = [reduce(lambda a, o: a & bits[o], [o for o in g["members"] if o != j], full) for j in g["members"]]; k = (masks[0] & bits[g["members"][0]]).bit_count()
            corrected.append(max(tails(coins(mask, ls[j]["p"]), k)[0] for mask, j in zip(masks, g["members"])))
            same(kind, g, {"withheld": k, "others": [x.bit_count() for x in masks], "ln_p": corrected[-1]})
        for g, c in zip(given, holm(corrected, tested)):
            stands = c <= log(rules["alpha"] * rules[kind[:-1]]); out = stands and any(excuse(reduce(lambda a, o: a & bits[o], [o for o in g["members"] if o != j], full), got[j], g["withheld"], min(ls[j]["p"]), x)[1] for j, x in zip(g["members"], g["others"]))
            same(kind, g, {"ln_p_holm": c, "excused": out, "named": stands and not out and not prepared}); names |= set(g["members"]) if g["named"] else set()
    for which, told in (("share_together", "ln_likelihood_together"), ("share_named", "ln_likelihood_named")):  # shares are checked by what they explain
        s = [l[which] for l in ls]; odds = [[p / (1 - p) for p in l["p"]] for l in ls]; base = [1 + sum(a * o[c] for a, o in zip(s, odds)) for c in range(r["strata"])]
        holes = [[i for i in range(n) if b >> i & 1] for b in bits]; factor = [base[c] for c in strata]
        for j in range(m):
            for i in holes[j]: factor[i] -= s[j] * (1 + odds[j][strata[i]])
        same(which, r, {told: float(sum(map(log, factor)))}); all_ = [sum(1 / f for f, c in zip(factor, strata) if c == k) for k in range(r["strata"])]
        slope = [sum(a * o for a, o in zip(all_, odds[j])) - sum((1 + odds[j][strata[i]]) / factor[i] for i in holes[j]) for j in range(m)]
        if which == "share_together": must(abs(max([0, *slope]) - sum(map(lambda a, g: a * g, s, slope)) - r["likelihood_gap"]) <= 1e-5, "other shares explain the leak better")
    o, mask = r["came"], sum(1 << i for i, x in enumerate(posts) if x["everybody"])
    ours = {"delivered_to_none": n - reduce(lambda a, b: a | b, got, 0).bit_count()}
    if o["known"]:
        t, k = coins(full, r["p_everybody"]), mask.bit_count(); (low, _), (least, most, w), e = tails(t, k), free(t, k), sum(a * p for a, p in t)
        ours.update(withheld=k, expected=float(e), ln_p=low, share=min(1.0, k / e) if e else 0.0, share_low=least / n if n else 0.0, share_high=min(1.0, (most + n - w) / n) if n else 1.0)
    same("came", o, ours); weigh = [c.bit_count() if n else 1 for c in per]; level = lambda part, tests: log(rules["alpha"] * part / max(1, tests))
    rate = [-expm1(sum(a * log1p(-q) for a, q in zip(weigh, l["p"])) / sum(weigh)) for l in ls]; p, one, want = min((q for q in rate if q > 0), default=0.0), level(rules["single"], m), rules["power"]
    best, own, low, high = single[order[0]]["share"] if m else 0.0, rate[order[0]] if m else 0.0, 0.0, 1.0
    for _ in range(40): low, high = ((low + high) / 2, high) if p and power(n, p, (low + high) / 2, one) < want else (low, (low + high) / 2)
    same("needs", r["needs"], {"p": p, "unseen": sum(q <= 0 for q in rate), "single": fewest(lambda x: power(x, p, 1, one), want) if p else 0, "half": fewest(lambda x: power(x, p, .5, one), want) if p else 0,
         "best": fewest(lambda x: power(x, own, best, one), want) if own and best > 0 else 0, "pair": fewest(lambda x: merged(x, p, 2, level(rules["pair"], m * (m - 1) // 2)), want) if p and m > 1 else 0,
         "triple": fewest(lambda x: merged(x, p, 3, level(rules["triple"], m * (m - 1) * (m - 2) // 6)), want) if p and 2 < m < 513 else 0, "smallest_share": high if p and power(n, p, 1, one) >= want else 2.0})
    verdict = "identified" if names else "ours but not attributable" if r["needs"]["single"] and n >= r["needs"]["single"] else "no evidence"
    if not names and not prepared:  # Hommel: at least one of the likeliest
        a = log(rules["alpha"] * rules["narrow"]); h = next((h for h in range(m, 0, -1) if all(sorted_p[m - h + j] + log(h) > a + log(j + 1) for j in range(h))), 0)
        k = (1 if m else 0) if not h else next((k for k in range(1, m + 1) if sorted_p[k - 1] + log(h) <= a + log(k)), 0)
        def fits(j):
            w, least, _ = span(coins(full, ls[j]["p"])); bad, out = excuse(full, got[j], single[j]["withheld"], least, w); single[j].update(excused=out, contradicted=bad); return not out
        if 0 < k <= rules["narrow_max"] and all(fits(j) for j in order[:k]): verdict, names = "narrowed to", set(order[:k])
    for x, y in zip(r["power"]["x"], r["power"]["y"]): must(close(y, power(n, p, x, one)), "the curve of chances is another one")
    same("report", r, {"prepared": prepared, "verdict": verdict, "names": sorted(names), "order": order})
    for j, s in enumerate(single): same(ls[j]["name"], ls[j], dict(s, named=s["named"] and not prepared))
# --- what the scores of a model say: ranks inside blocks ---
def within(wins, size): return sum((x - sum(wins) / len(wins)) ** 2 for x in wins) / len(wins) / (len(wins) - 1) / size**2  # DeLong
def model(r, probes, scores):
    by = {}
    for x in probes: by.setdefault(x["block"], []).append((scores[x["id"]], x["delivered"]))
    blocks = [sorted(by[b]) for b in sorted(by) if len({d for _, d in by[b]}) == 2]; told = r["result"]; d, w = sum(x for b in blocks for _, x in b), sum(not x for b in blocks for _, x in b)
    rank = lambda b, s: sum(y < s for y, _ in b) + sum(y <= s for y, _ in b) - 1; values = [[rank(b, s) for s, _ in b] for b in blocks]; unit = gcd(*[v for b in values for v in b]) or 1
    mark = d < w; coins = [(tuple(v // unit for v in vs), sum(x == mark for _, x in b)) for vs, b in zip(values, blocks)]
    total = sum(v + 2 for vs in values for v in vs); stat = sum(v + 2 for vs, b in zip(values, blocks) for v, (_, x) in zip(vs, b) if x)
    at = sum(v // unit for vs, b in zip(values, blocks) for v, (_, x) in zip(vs, b) if x == mark); back = lambda s: s * unit + 2 * d if mark else total - s * unit - 2 * w
    mean, spread = sum(sum(v) / len(v) * k for v, k in coins), sqrt(sum(k * (len(v) - k) / (len(v) * (len(v) - 1)) * sum((x - sum(v) / len(v)) ** 2 for x in v) for v, k in coins)) * unit
    side, alpha, two = r["fixed"]["side"], r["fixed"]["alpha"], 2 if r["fixed"]["side"] == "both" else 1; p = [rank_tail(coins, at, mark == up) for up in (True, False)] if told["exact"] else [0, 0]
    ln = p[0] if side == "higher" else p[1] if side == "lower" else min(0.0, min(p) + log(2)); rounds = min(10**6, max(1000, 4 * 10**8 // (d + w)))
    sums = {} if told["exact"] else draws(coins, 1, rounds); chance = {"p": exp(ln), "log10_p": ln / log(10)} if told["exact"] else {"rounds": rounds, "seed": "1", **by_drawing(sums, at, side, mark)}; sizes = [(sum(x for _, x in b), sum(not x for _, x in b)) for b in blocks]; pairs = sum(a * c for a, c in sizes)
    beats = lambda s, b, kind: sum((s > t) + (s == t) / 2 for t, y in b if y == kind)
    wins = [sum((s > t) + (s == t) / 2 for s, x in b if x for t, y in b if not y) for b in blocks]; auc = sum(wins) / pairs
    n = len(blocks); v = sum((a - auc * c * e) ** 2 for a, (c, e) in zip(wins, sizes)) / pairs**2 * n / (n - 1) if n >= 10 else 1.0 if min(map(min, sizes)) < 2 else sum((c * e) ** 2 * (within([beats(s, b, 0) for s, x in b if x], e) + within([beats(s, b, 1) for s, x in b if not x], c)) for b, (c, e) in zip(blocks, sizes)) / pairs**2
    least = -sum(lgamma(c + e + 1) - lgamma(c + 1) - lgamma(e + 1) for c, e in sizes) / log(10); edge = -quantile(alpha / two)
    def seen(effect):
        shift = 2 * pairs * (effect - .5) / spread if spread else 0.0; up, down = normal(shift - edge), normal(-shift - edge)
        return 0.0 if not spread or least + log(two) / log(10) > log(alpha) / log(10) else up if side == "higher" else down if side == "lower" else up + down
    sign = -1 if side == "lower" else 1; low, high = 0.0, .5; average = lambda kind: sum(scores[x["id"]] for x in probes if x["delivered"] == kind) / sum(x["delivered"] == kind for x in probes)
    for _ in range(50): low, high = ((low + high) / 2, high) if seen(.5 + sign * (low + high) / 2) < .8 else (low, (low + high) / 2)
    same("result", told, {"delivered": d, "withheld": w, "blocks": n, "statistic": stat, "expected": float(back(mean)), "deviation": spread, **chance, "auc": auc,
         "auc_low": max(0.0, auc - 1.959963984540054 * sqrt(v)), "auc_high": min(1.0, auc + 1.959963984540054 * sqrt(v)), "mean_delivered": average(True), "mean_withheld": average(False),
         "smallest_auc": .5 + sign * high if seen(.5 + sign * .5) >= .8 else .5 + sign})
    for x, y in zip(r["power"]["x"], r["power"]["y"]): must(close(y, seen(x)), "the curve of chances is another one")
    null = enumerate(product([ways(*c) for c in coins])) if told["exact"] else ((s, k / rounds) for s, k in sums.items()); x, y = r["null"]["x"], r["null"]["y"]; width, bins = x[1] - x[0], [0.0] * len(x)
    for s, c in null:
        i = int((back(s) - x[0]) / width + .5)
        if 0 <= i < len(x): bins[i] += c
    must(all(abs(a - b) < 1e-6 for a, b in zip(bins, y)), "the null distribution is another one")
    same("report", r, {"verdict": "no evidence" if chance["p"] > alpha else "ours but not attributable" if r["licensee"] == "everybody" else "identified"})
# --- what is attached: files, the signed tree, what was fixed, keys ---
def check(folder, key):
    load = lambda name: open(os.path.join(folder, name), "rb").read(); r = json.loads(load("report.json")); must(r["kind"] == "kicau-trace-report/1", "this is no report")
    for f in r["files"]: must(hashlib.sha256(load(f["file"])).hexdigest() == f["sha256"], f"{f['file']} is not what was attached")
    vkey = load("ledger.key").decode(); must(vkey.strip() == r["key"] and (not key or open(key).read().strip() == r["key"]), "the key is another one")
    size, root = checkpoint(load("checkpoint").decode(), vkey); must(size == r["tree_size"], "the tree has another size")
    opened = {p["record"]: included(json.loads(load(p["file"])), size, root) for p in r["proofs"] if p["record"] == json.loads(load(p["file"]))["index"]}
    must(len(opened) == len(r["proofs"]), "a proof is of another record"); must(opened[r["fixed_record"]]["data"] == r["fixed"], "this is not what was fixed beforehand"); keys = {}
    for k in r["keys"]:
        keys.setdefault(k["licensee"], []).append(k)
        if k.get("committed") in opened: same("commitment", opened[k["committed"]]["data"], {"statement": "withholding-commitment", **{x: k[x] for x in ("licensee", "generation", "ppm", "from", "commitment")}})
        if "key" in k:
            must(hashlib.sha256(bytes.fromhex(k["key"] + k["salt"])).hexdigest() == k["commitment"] and k.get("committed") in opened, f"the key of {k['name']} is not the one that was committed to")
            same("reveal", opened[k["revealed"]]["data"], {"statement": "withholding-reveal", **{x: k[x] for x in ("licensee", "generation", "key", "salt")}})
    def withheld(licensee, post):  # True, False; None: the key is secret
        k = next((k for k in keys.get(licensee, []) if int(k["from"]) <= post < int(k["until"])), None)
        return None if not k or "key" not in k else int.from_bytes(hmac.digest(bytes.fromhex(k["key"]), post.to_bytes(8, "big"), "sha256"), "big") * 10**6 < k["ppm"] << 256
    lines = lambda name: [json.loads(l) for l in load(name).splitlines()]; frame(r, opened, r["key"].split("+")[0], keys)
    if r["about"] == "leak":
        posts = lines("matches.ndjson")
        for x in posts:
            for j, l in enumerate(r["licensees"]): must(withheld(l["id"], int(x["post"])) in (None, bool(int(x["withheld"], 16) >> j & 1)), f"post {x['post']} and the key of {l['name']} do not fit")
            must(withheld("everybody", int(x["post"])) in (None, x["everybody"]), f"post {x['post']} and the key of everybody do not fit")
        told = {k: v if k != "licensees" else [{a: b for a, b in l.items() if a != "fits"} for l in v if l["rows"]] for k, v in r["dating"].items()}; same("dating", told, dated(lines("dating.ndjson") if told["looked_at"] else [])); leak_claims(r, posts, keys, opened); leak(r, posts); return r, len(posts), unproven(r, opened)
    key, scores = json.loads(load("key.json")), {x["id"]: x["score"] for x in lines("scores.ndjson")}; probes = key["probes"]
    must(hashlib.sha256(load("key.json")).hexdigest() == r["fixed"]["key_sha256"] and set(scores) == {x["id"] for x in probes}, "these are not the posts that were fixed")
    for x in probes:
        must(withheld(r["licensee"], int(x["post"])) in (None, not x["delivered"]), f"probe {x['id']} is in the wrong group")
        must(x.get("record") not in opened or int(x["post"]) in opened[x["record"]]["ids"] and r["licensee"] in ("everybody", opened[x["record"]]["licensee"]), f"probe {x['id']} was not delivered")
    model_claims(r, key, keys, opened); model(r, probes, scores); return r, len(probes), unproven(r, opened)
if __name__ == "__main__":
    try: r, n, bare = check(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    except (Refused, LookupError, ValueError, TypeError, ArithmeticError, OSError) as e: sys.exit(f"REFUSED: {e!r}" if not isinstance(e, Refused) else f"REFUSED: {e}")
    print(f"ok: {r['verdict']}; {summary(r)}; {n} posts, {len(r['proofs'])} proofs in the tree of {r['tree_size']} records" + ("" if r["revealed"] else "; keys are NOT revealed: what is withheld is the server's word") + (f"; {bare} commitments are NOT attached" if bare else ""))
