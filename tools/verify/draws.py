"""draws.py - sums of ranks drawn at random, where counting takes too many steps: the same drawings as the report's, from its seed (docs/trace.md,
"Monte Carlo"). For trace.py. Up to 200 million drawings: some minutes."""
from math import log, log10
from chances import tails
MASK, EDGE = (1 << 64) - 1, log(0.005)
def state(seed):  # splitmix64 (Steele, Lea, Flood 2014) fills the four words
    out = []
    for _ in range(4):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = ((seed ^ seed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        out.append(z ^ z >> 31)
    return out
def draws(blocks, seed, rounds):  # how often each sum of marked values came
    a, b, c, d = state(seed)
    plan = [(list(v), [(n := len(v) - i, -n % (1 << 32) % n) for i in range(marked)]) for v, marked in blocks]
    sums = {}
    for _ in range(rounds):
        total = 0
        for values, steps in plan:
            left, i = values[:], 0
            for n, reject in steps:
                while True:  # xoshiro256** 1.0 (Blackman, Vigna 2018); its high 32 bits, below n without a bias (Lemire 2019)
                    x = b * 5 & MASK
                    x = ((x << 7 | x >> 57) & MASK) * 9 & MASK
                    t = b << 17 & MASK
                    c ^= a
                    d ^= b
                    b ^= c
                    a ^= d
                    c ^= t
                    d = (d << 45 | d >> 19) & MASK
                    x = (x >> 32) * n
                    if x & 0xFFFFFFFF >= reject: break
                j = i + (x >> 32)
                total += left[j]
                left[j] = left[i]
                i += 1
        sums[total] = sums.get(total, 0) + 1
    return sums
def bound(rounds, hits, upper):  # Clopper and Pearson, 99 %
    if hits >= rounds if upper else hits == 0: return float(upper)
    low, high = 0.0, 1.0
    for _ in range(100):
        p = (low + high) / 2
        ln = tails([(rounds, p)], hits)[0 if upper else 1] if 0 < p < 1 else 0.0
        low, high = (p, high) if (ln > EDGE if upper else ln < EDGE) else (low, p)
    return high if upper else low
def by_drawing(sums, at, side, marked_up):  # of what was observed, which counts as a round (Phipson, Smyth 2010)
    rounds = sum(sums.values())
    up, down = sum(k for s, k in sums.items() if s >= at), sum(k for s, k in sums.items() if s <= at)
    high, low = (up, down) if marked_up else (down, up)
    hits, two = (high, 1) if side == "higher" else (low, 1) if side == "lower" else (min(high, low), 2)
    p = min(1.0, two * (hits + 1) / (rounds + 1))
    return {"p": p, "log10_p": log10(p), "p_low": min(1.0, two * bound(rounds, hits, False)), "p_high": min(1.0, two * bound(rounds, hits, True))}
