// summary.mjs - what the experiments say together: the keys of build/study.json, and what the page shows.

const sum = (list) => list.reduce((a, b) => a + b, 0)
const median = (list) => list.slice().sort((a, b) => a - b)[Math.floor(list.length / 2)]

// Parts of one experiment: tallies are added.
const parts = (raw, name) => Object.keys(raw).filter((k) => k.startsWith(`${name}.`)).map((k) => raw[k])
const add = (tallies) =>
  Object.fromEntries(Object.keys(tallies[0]).map((k) => [k, sum(tallies.map((t) => t[k]))]))

// ln P(Bin(n, p) <= k), from its largest term on.
function lnLow(n, p, k) {
  let lnFactorial = 0
  const ln = [0]
  for (let i = 1; i <= n; i++) ln.push((lnFactorial += Math.log(i)))
  let total = 0
  const term = (i) => ln[n] - ln[i] - ln[n - i] + i * Math.log(p) + (n - i) * Math.log1p(-p)
  const top = term(k)
  for (let i = k; i >= 0; i--) total += Math.exp(term(i) - top)
  return top + Math.log(total)
}

// Clopper and Pearson: the largest rate with which so few are not rarer than 1 - level.
export function upperBound(hits, n, level = 0.99) {
  let low = hits / n, high = 1
  for (let i = 0; i < 50; i++) {
    const p = (low + high) / 2
    if (lnLow(n, p, hits) > Math.log(1 - level)) low = p
    else high = p
  }
  return high
}
const lowerBound = (hits, n) => 1 - upperBound(n - hits, n)

// Kolmogorov and Smirnov against the uniform distribution; p by Stephens' form of the limit.
export function kolmogorov(list) {
  const v = list.slice().sort((a, b) => a - b), n = v.length
  const d = Math.max(...v.map((p, i) => Math.max((i + 1) / n - p, p - i / n)))
  const t = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * d
  let p = 0
  for (let k = 1; k < 100; k++) p += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * t * t)
  return { n, d, p: Math.min(1, Math.max(0, t < 0.3 ? 1 : p)) }
}

function attribution(raw) {
  const ways = {}
  for (const part of parts(raw, 'innocents'))
    for (const [way, tally] of Object.entries(part)) ways[way] = ways[way] ? add([ways[way], tally]) : tally
  const tally = (name) => add(parts(raw, name).map((p) => p.tally))
  const padding = {}
  for (const part of parts(raw, 'padding'))
    for (const [times, t] of Object.entries(part)) padding[times] = padding[times] ? add([padding[times], t]) : t
  const shareError = sum(parts(raw, 'mixture').map((p) => p.share_error_sum)) / tally('mixture').leaks
  return {
    ways, innocents: add(Object.values(ways)), single: raw['single.0'], padding, shareError,
    mixture: tally('mixture'), merged: tally('merged'), intersection: tally('intersection'),
    three: tally('merged_three'), threeSmall: tally('merged_three_small'),
    framing: raw['framing.0'], curves: raw['curves.0'],
  }
}

function models(raw) {
  const ngram = parts(raw, 'ngram'), neural = parts(raw, 'neural')
  const last = (m) => m.A[m.A.length - 1]
  const nulls = {
    'n-gram, trained on A: B … Z': ngram.flatMap((m) => m.others),
    'n-gram, trained on none: A … Z': ngram.flatMap((m) => m.none),
    'neural, trained on A: B … Z': neural.flatMap((m) => m.others),
    'neural reference, trained on none: A … Z': neural.flatMap((m) => m.none),
  }
  const share = {}
  const networks = parts(raw, 'limit_share')
  for (const name of Object.keys(networks[0])) {
    const [kind, of] = name.split(' '), runs = networks.map((n) => n[name])
    ;(share[kind] ??= []).push({
      share: Number(of), log10_p: median(runs.map((r) => r.log10_p)), auc: median(runs.map((r) => r.auc)),
      seen: runs.filter((r) => r.log10_p <= -2).length, runs: runs.length,
    })
  }
  const epochs = neural[0].A.map((_, i) => ({
    epoch: i + 1, log10_p: median(neural.map((m) => m.A[i].log10_p)), auc: median(neural.map((m) => m.A[i].auc)),
    seen: neural.filter((m) => m.A[i].log10_p <= -2).length, runs: neural.length,
  }))
  return {
    ngram: ngram.map((m) => m.A), neural: neural.map(last), nulls,
    ks: Object.fromEntries(Object.entries(nulls).map(([k, v]) => [k, kolmogorov(v)])), share, epochs,
  }
}

// The smallest share (or number of epochs) that was seen in most runs, and the largest that was not.
function limit(rows, of) {
  const seen = rows.filter((r) => r.seen > r.runs / 2).map((r) => r[of])
  const unseen = rows.filter((r) => r.seen <= r.runs / 2 && r[of] > 0).map((r) => r[of])
  return { seen_from: seen.length ? Math.min(...seen) : null, unseen_up_to: unseen.length ? Math.max(...unseen) : null }
}

// Of each kind of rewriting so many were found; the kind of which the fewest were.
function weakest(by) {
  const [kind, r] = Object.entries(by).reduce((a, b) => (b[1].right / b[1].rows < a[1].right / a[1].rows ? b : a))
  return { kind, recall: r.right / r.rows, kinds: Object.keys(by).length }
}

const rate = (hits, n) => Number((hits / n).toFixed(6))

export function summary(raw) {
  const a = attribution(raw), m = models(raw), near = raw.near, dating = raw.dating
  const hundred = a.single['100'].tally
  const worst = (list) => Math.max(...list.map((r) => r.log10_p))
  const keys = {
    false_accusation_rate: rate(a.innocents.wrong, a.innocents.leaks),
    false_accusation_upper_99: Number(upperBound(a.innocents.wrong, a.innocents.leaks).toFixed(6)),
    false_accusation_leaks: a.innocents.leaks,
    false_accusation_innocents: a.innocents.innocents,
    single_1000_p: Number(Math.exp(median(a.single['1000'].ln_p)).toPrecision(4)),
    single_100_verdict: ['no_evidence', 'narrowed', 'not_attributable', 'identified']
      .filter((v) => hundred[v]).map((v) => v.replace('_', ' ')).join(', '),
    single_100_wrong: hundred.wrong,
    mixture_power: rate(a.mixture.any_named, a.mixture.leaks),
    mixture_power_lower_99: Number(lowerBound(a.mixture.any_named, a.mixture.leaks).toFixed(4)),
    mixture_wrong: rate(a.mixture.wrong, a.mixture.leaks),
    mixture_wrong_upper_99: Number(upperBound(a.mixture.wrong, a.mixture.leaks).toFixed(4)),
    union_power: rate(a.merged.all_named, a.merged.leaks),
    union_power_lower_99: Number(lowerBound(a.merged.all_named, a.merged.leaks).toFixed(4)),
    union_wrong: rate(a.merged.wrong, a.merged.leaks),
    union_wrong_upper_99: Number(upperBound(a.merged.wrong, a.merged.leaks).toFixed(4)),
    intersection_power: rate(a.intersection.all_named, a.intersection.leaks),
    intersection_power_lower_99: Number(lowerBound(a.intersection.all_named, a.intersection.leaks).toFixed(4)),
    union3_needed: a.curves.needs['merged three'],
    union3_named_below: a.three.identified,
    near_dup_recall: near.recall,
    near_dup_recall_smallest: weakest(near.by),
    near_dup_precision: near.precision,
    near_dup_recall_other_seed: raw.near_other.recall,
    near_dup_precision_other_seed: raw.near_other.precision,
    near_dup_strangers_found: rate(near.strangers.found, near.strangers.rows),
    near_dup_recall_from_8_words: raw.near_long.recall,
    near_dup_precision_from_8_words: raw.near_long.precision,
    fingerprint_minutes: dating.median_minutes,
    model_power: { ngram_log10_p: worst(m.ngram), neural_log10_p: worst(m.neural) },
    model_null: Number(Math.min(...Object.values(m.ks).map((k) => k.p)).toPrecision(4)),
    model_limit: {
      ngram_share: limit(m.share.all, 'share'), pruned_share: limit(m.share.pruned, 'share'),
      neural_epochs: limit(m.epochs, 'epoch'),
    },
  }
  return { keys, attribution: a, models: m, near, nearOther: raw.near_other, nearLong: raw.near_long, dating }
}
