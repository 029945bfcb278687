"""chances.py - sums of coin tosses, sums of ranks, and what could be seen with so many: docs/trace.md, nothing else. For trace.py."""
from functools import lru_cache
from math import ceil, erfc, exp, expm1, floor, inf, log, log1p, sqrt
# --- sums of tosses, exactly, as logarithms ---
def lists(n, p, upto):  # ln of the terms 0 … upto of one coin
    out, ln = [n * log1p(-p)], n * log1p(-p)
    for j in range(1, min(n, upto) + 1): ln += log((n - j + 1) / j * p / (1 - p)); out.append(ln)
    return out
def lse(v): m = max(v, default=-inf); return m if m == -inf else m + log(sum(exp(x - m) for x in v))
def tails(tosses, k):  # ln P(K <= k), ln P(K >= k)
    by = {}
    for n, p in tosses: by[p] = by.get(p, 0) + (n if p > 0 else 0)
    tosses = [(n, p) for p, n in by.items() if n and p > 0]; mean = sum(n * p for n, p in tosses); total = sum(n for n, p in tosses)
    upto = int(max(k, mean) + 12 * sqrt(mean + k + 1) + 60); terms = [0.0]
    for n, p in tosses:
        new = lists(n, p, upto)
        terms = new if len(terms) == 1 else [lse([terms[i] + new[s - i] for i in range(max(0, s - len(new) + 1), min(s, len(terms) - 1) + 1)]) for s in range(min(upto, len(terms) + len(new) - 2) + 1)]
    low, high = (0.0 if k >= total else min(0.0, lse(terms[:k + 1]))), (0.0 if k == 0 else min(0.0, lse(terms[k:])))
    if low > -1e-3 and k < total: low = log1p(-exp(lse(terms[k + 1:])))
    if high > -1e-3 and k: high = log1p(-exp(lse(terms[:k])))
    return low, high
def halve(low, high, good):  # the last whole number from low on for which it is good
    while high - low > 1: mid = (low + high) // 2; low, high = (mid, high) if good(mid) else (low, mid)
    return low
def most_n(p, k, level, most): return most if k >= most or tails([(most, p)], k)[0] >= level else halve(k, most, lambda n: tails([(n, p)], k)[0] >= level)
def least_n(p, k, level, most):
    if k >= most or tails([(most, p)], k)[1] < level: return most
    return k if tails([(k, p)], k)[1] >= level else halve(k, most, lambda n: tails([(n, p)], k)[1] < level) + 1
def holm(ln, m):
    out, top = [], -inf
    for i, v in enumerate(ln): top = max(top, v + log(m - i)); out.append(min(top, 0.0))
    return out
def power(n, p, share, level):  # the chance that who gives this share of n posts is below the level
    if n * log1p(-p) > level: return 0.0
    return exp(tails([(floor(n * (1 - share) + .5), p)], halve(0, int(n * p) + 1, lambda k: tails([(n, p)], k)[0] <= level))[0])
def merged(n, p, members, level):
    need, o = ceil(level / log1p(-p)), p ** (members - 1)
    return 0.0 if need > n else max(0.0, 1 + members * expm1(tails([(n, o * (1 - p) / (1 - o * p))], need)[1]))
def fewest(chance, wanted):
    high = 64
    while chance(high) < wanted:
        high *= 2
        if high > 1 << 40: return 0
    return halve(high // 2 if high > 64 else 0, high, lambda n: chance(n) < wanted) + 1
# --- sums of ranks: of each block so many values are marked, any of them alike ---
@lru_cache(None)
def ways(values, marked):  # the chance of each sum
    w = [{0: 1}] + [{} for _ in range(marked)]
    for v in values:
        for d in range(marked, 0, -1):
            for s, c in w[d - 1].items(): w[d][s + v] = w[d].get(s + v, 0) + c
    return [w[marked].get(s, 0) / sum(w[marked].values()) for s in range(max(w[marked]) + 1)]
@lru_cache(None)
def tilted(values, marked, theta):  # the ln of what the tilt divides by, its mean, its chances
    w = ways(values, marked); edge = len(w) - 1 if theta > 0 else next(s for s, c in enumerate(w) if c)  # the likeliest sum counts 1
    t = [c and c * exp(theta * (s - edge)) for s, c in enumerate(w)]; total = sum(t)
    return log(total) + theta * edge, sum(s * c for s, c in enumerate(t)) / total, [c / total for c in t]
def product(lists, bits=120):  # of many small distributions, as whole numbers of so many bits
    lists, size = [[int(x * (1 << bits)) for x in l] for l in lists], (2 * bits + 40) // 8
    pack = lambda l: int.from_bytes(b"".join(x.to_bytes(size, "little") for x in l), "little")
    def both(a, b):
        n = len(a) + len(b) - 1; raw = (pack(a) * pack(b)).to_bytes(n * size + size, "little")
        return [int.from_bytes(raw[i * size:i * size + size], "little") >> bits for i in range(n)]
    while len(lists) > 1: lists = [both(a, b) for a, b in zip(lists[::2], lists[1::2])] + lists[len(lists) // 2 * 2:]
    return [x / (1 << bits) for x in lists[0]]
def rank_tail(blocks, s, up):  # ln P(sum >= s), or <= s; the tilt moves the mean to s
    mean = sum(sum(v) / len(v) * m for v, m in blocks); theta, low, high = 0.0, -60.0, 60.0
    if (s > mean) if up else (s < mean):
        for _ in range(60): theta = (low + high) / 2; low, high = (theta, high) if sum(tilted(v, m, theta)[1] for v, m in blocks) < s else (low, theta)
    pmf = product([tilted(v, m, theta)[2] for v, m in blocks]); tail = sum(c * exp(-theta * (i - s)) for i, c in enumerate(pmf) if (i >= s if up else i <= s))
    return min(0.0, log(tail) + sum(tilted(v, m, theta)[0] for v, m in blocks) - theta * s)
def normal(z): return erfc(-z / sqrt(2)) / 2
def quantile(p):
    low, high = -40.0, 40.0
    for _ in range(100): low, high = ((low + high) / 2, high) if normal((low + high) / 2) < p else (low, (low + high) / 2)
    return (low + high) / 2
# --- when rows were delivered: by licensee what follows from each row's delivery ---
def dated(rows):
    by = {}
    for x in rows:
        if "licensee" in x: by.setdefault(x["licensee"], []).append(x["delivered"])
    one = lambda l, t: {"licensee": l, "rows": len(t), "first": t[0], "median": t[len(t) // 2], "last": t[-1],
                        "hours": [{"from": h + ":00:00.000Z", "rows": sum(x[:13] == h for x in t)} for h in sorted({x[:13] for x in t})]}
    return {"looked_at": len(rows), "dated": sum(map(len, by.values())), "licensees": [one(l, sorted(t)) for l, t in sorted(by.items(), key=lambda e: (-len(e[1]), int(e[0])))]}
