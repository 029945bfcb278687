"""claims.py - what else a report says that follows from its attachments: which rules, keys and rates were used, that no pair or triple was left out,
sums, curves, the examples. For trace.py; docs/trace-files.md and docs/trace.md, nothing else."""
from datetime import datetime, timezone
from itertools import combinations
from math import comb, exp, log, log1p, sqrt
from chances import tails
from ledger import must
def even(x): return all(abs(b - a - (x[1] - x[0])) < 1e-6 * abs(x[-1] - x[0]) for a, b in zip(x, x[1:]))
def time_of(ms): return datetime.fromtimestamp(ms // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + f".{ms % 1000:03}Z"
# --- of every report ---
def frame(r, opened, origin, keys):
    names = {l["id"]: l["name"] for l in r.get("licensees", [])} or {r.get("licensee"): r.get("licensee_name")}; must(r["about"] in ("leak", "model") and all(names.get(k["licensee"], k["name"]) == k["name"] for k in r["keys"]), "names differ")
    must(r["origin"] == origin and r["fixed_at"] == time_of(opened[r["fixed_record"]]["time"]), "origin or time are not those of the ledger")
    for list_ in keys.values():
        for k, then in zip(list_, list_[1:] + [None]):
            must(not then or k["generation"] < then["generation"] and k["until"] == then["from"], f"the keys of {k['name']} do not follow on one another")
            must("revealed" not in k or k["revealed"] > k["committed"], f"a key of {k['name']} was revealed before it was committed to")
    for what, record in (("withholding-commitment", "committed"), ("withholding-reveal", "revealed")):  # what is proven is told, where it is proven
        must({i for i, o in opened.items() if (o["data"] or {}).get("statement") == what} <= {k.get(record) for k in r["keys"]}, f"a {what} is attached that no key of the report names")
def summary(r):  # to hold against the page
    if r["about"] == "model": return f"p = {r['result']['p']:.4g}, AUC {r['result']['auc']:.4f}"
    return ", ".join(f"{l['name']}: {l['withheld']} of {l['expected']:.1f} withheld posts, p = {exp(l['ln_p']):.4g}, corrected {exp(l['ln_p_holm']):.4g}" for l in [r["licensees"][j] for j in r["names"] or r["order"][:1]])
def unproven(r, opened): return sum(k.get("committed") not in opened for k in r["keys"])
# --- of a leak ---
def rates(r, posts, keys):  # p by stratum: what the keys say of each post of it
    for who, name, told in [(l["id"], l["name"], l["p"]) for l in r["licensees"]] + [("everybody", "everybody", r["p_everybody"])]:
        list_ = keys.get(who, [])
        for x in posts:
            ppm = next((k["ppm"] for k in list_ if int(k["from"]) <= int(x["post"]) < int(k["until"])), 0)
            must(abs(told[x["stratum"]] - ppm / 1e6) < 1e-12, f"post {x['post']} was withheld from {name} at another rate")
def groups(r, kind, size, bits, most):  # all that could be named, and how many could be seen at all
    m, rules, told = len(bits), r["rules"], r[kind]; tested = comb(m, size) if size == 2 or m <= 512 else 0
    part = log(rules["alpha"] * rules[kind[:-1]]); first = part - log(tested or 1); stays = [log1p(-p) if p else 0.0 for p in most]; found, visible = [], 0
    if size == 2: all_ = combinations(range(m), 2) if tested else ()
    else:
        edge = {(a, b) for a, b in combinations(range(m), 2) if (bits[a] & bits[b]).bit_count() * min(stays, default=0) <= part} if tested else set()
        all_ = ((a, b, c) for a, b in sorted(edge) for c in range(b + 1, m) if (a, c) in edge and (b, c) in edge)
    for g in all_:
        masks = [bits[o[0]] & bits[o[-1]] for j in g for o in [[i for i in g if i != j]]]; others = [x.bit_count() for x in masks]; floor = max(n * stays[j] for n, j in zip(others, g)); visible += floor <= first
        if floor > part: continue
        k = (masks[0] & bits[g[0]]).bit_count()
        if any(k >= n * most[j] for n, j in zip(others, g)): continue  # no less than is to be expected
        ln = max(tails([(n, most[j])], k)[0] for n, j in zip(others, g))
        if ln <= part: found.append((ln, list(g)))
    listed = [x["members"] for x in told["list"]]
    must(told["tested"] == tested and told["visible"] == visible, f"{kind}: {tested} were to be tested, of which {visible} could be seen")
    if len({tuple(l["p"]) for l in r["licensees"]}) > 1 or any(len(set(l["p"])) > 1 for l in r["licensees"]): return  # bounds, then
    must(all(any(members == g for _, g in found) for members in listed) and len(listed) >= min(len(found), 20), f"{kind}: some are left out")
    worst = max([ln for ln, g in found if g in listed], default=0); must(all(ln >= worst - 1e-9 for ln, g in found if g not in listed), f"{kind}: a likelier one is left out")
def leak_claims(r, posts, keys, opened):
    named = {r["licensees"][j]["id"] for j in r["names"]}; own = [k for k in r["keys"] if k["licensee"] in named]
    must(r["revealed"] == (bool(own) and all("key" in k for k in own)), "whether the keys are revealed is told otherwise"); must(all(k.get("committed") in opened for k in own), "a commitment of who is named is not proven")
    must(r["rules"] == r["fixed"]["rules"], "these are not the rules that were fixed beforehand"); rates(r, posts, keys)
    bits = [sum(1 << i for i, x in enumerate(posts) if int(x["withheld"], 16) >> j & 1) for j in range(len(r["licensees"]))]; most = [max(l["p"], default=0) for l in r["licensees"]]
    for kind, size in (("pairs", 2), ("triples", 3)): groups(r, kind, size, bits, most)
    for rest, each in (("share_other", "share_together"), ("share_not_named", "share_named")): must(abs(r[rest] - max(0, 1 - sum(l[each] for l in r["licensees"]))) < 1e-9, f"{rest}: shares do not add up to 1")
    must(r["came"]["known"] == any(p > 0 for p in r["p_everybody"]), "whether a class is withheld from everybody is told otherwise")
    i, hows = r["input"], ("id", "url", "text", "near"); n = len(posts)
    must(i["weighed"] == n and i["weighed"] <= i["posts"] <= i["matched"] == i["posts"] + i["repeated"] == sum(i[h] for h in hows) and i["rows"] == sum(i[k] for k in ("matched", "ambiguous", "conflicting", "short_text", "without_text", "unmatched")), "rows do not add up")
    must(all(sum(x["how"] == h for x in posts) <= sum(i[k] for k in hows[:hows.index(h) + 1]) for h in hows), "more posts than rows were matched in a way")
    must(all({"post": e["post"], "how": e["how"]} in [{"post": x["post"], "how": x["how"]} for x in posts if x["post"] == e["post"]] or any(x["post"] == e["post"] for x in posts) and e["how"] in hows for e in r["examples"]), "an example is none of the posts")
    d = r["dating"]; must(d["looked_at"] <= d["complete"] <= d["with_counters"] and d["fingerprints_kept"] == (d["compared"] > 0) and d["by_chance"] == d["compared"] / 65536, "rows with counters do not add up")
    null = r["null"]
    if not r["licensees"]: return
    j, x, y, step = null["licensee"], null["x"], null["y"], int(null["step"]); l = r["licensees"][j]
    coins = [(sum(p["stratum"] == s for p in posts), p) for s, p in enumerate(l["p"])]; mean = sum(c * p for c, p in coins); low = lambda k: exp(tails(coins, k)[0]) if k >= 0 else 0.0
    must(j == r["order"][0] and null["name"] == l["name"] and null["observed"] == l["withheld"] and even(x), "the null distribution is not that of the likeliest")
    must(not x or x[0] <= max(0, mean - 5 * sqrt(mean) - 2) and x[-1] + step >= min(sum(c for c, _ in coins), mean + 5 * sqrt(mean)) and all(abs(low(int(a) + step - 1) - low(int(a) - 1) - b) < 1e-7 for a, b in zip(x, y)), "the null distribution is another one")
# --- of a model ---
def model_claims(r, key, keys, opened):
    must(all(k.get("committed") in opened for k in r["keys"]), "a commitment is not proven")
    must(r["counts"] == key["counts"] and r["balance"] == key["balance"] and r["licensee"] == key["licensee"] == r["fixed"]["licensee"], "the sample is told otherwise")
    must(r["fixed"]["probes"] == len(key["probes"]) and all(sum(x["delivered"] == kind for x in key["probes"]) <= r["counts"][k] for k, kind in (("delivered", True), ("withheld", False))), "there are other probes than were fixed")
    must(even(r["null"]["x"]) and even(r["power"]["x"]) and r["samples_fixed"] >= 1, "a curve is drawn otherwise"); must(r["result"]["exact"] == ("rounds" not in r["result"]), "whether p was counted or drawn is told otherwise")
    shown = all(any(int(k["from"]) <= int(x["post"]) < int(k["until"]) and "key" in k for k in keys.get(r["licensee"], [])) for x in key["probes"]); must(r["revealed"] == shown, "whether the keys are revealed is told otherwise")
