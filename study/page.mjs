// page.mjs - docs/trace-study.md and its figures (docs/img/trace-*.svg, drawn by Apache ECharts).
import { writeFileSync } from 'node:fs'
import * as echarts from 'echarts'

const fixed = (v, digits = 3) => v.toFixed(digits)
const thousands = (v) => String(v).replace(/\B(?=(\d{3})+$)/g, ' ')
const percent = (hits, n) => `${((100 * hits) / n).toFixed(hits === 0 || hits === n ? 0 : 2)} %`
const power = (log10) => (log10 > -4 ? (10 ** log10).toPrecision(2) : `10^${log10.toFixed(1)}`)
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((r) => `| ${r.join(' | ')} |`).join('\n')

function figure(name, option) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 380 })
  chart.setOption({
    animation: false, backgroundColor: '#ffffff', textStyle: { fontFamily: 'sans-serif' },
    grid: { left: 70, right: 30, top: 40, bottom: 55 }, legend: { top: 5 }, ...option,
  })
  writeFileSync(`docs/img/trace-${name}.svg`, chart.renderToSVGString() + '\n')
  chart.dispose()
}
const axis = (name, more = {}) => ({ name, nameLocation: 'middle', nameGap: 35, ...more })
const line = (name, data, more = {}) => ({ type: 'line', name, data, showSymbol: false, ...more })

function figures({ attribution: a, models: m }) {
  figure('power', {
    xAxis: axis('matched posts', { type: 'log', min: 100, max: 1e6 }), yAxis: axis('chance to be named', { nameGap: 45 }),
    series: Object.entries(a.curves.power).map(([share, points]) =>
      line(`${Number(share) * 100} % of the leak`, points.map(([n, p]) => [n, p]))),
  })
  const times = Object.keys(a.padding).map(Number).sort((x, y) => x - y)
  figure('padding', {
    xAxis: axis('withheld posts put in, as a multiple of chance'), yAxis: axis('share of leaks', { nameGap: 45, max: 1 }),
    series: [
      line('source is named', times.map((t) => [t, a.padding[t].any_named / a.padding[t].leaks]), { showSymbol: true }),
      line('seen to be prepared', times.map((t) => [t, a.padding[t].prepared / a.padding[t].leaks]), { showSymbol: true }),
    ],
  })
  figure('framing', {
    xAxis: axis("share of an innocent's withheld posts that was taken out"), yAxis: axis('innocent is named', { nameGap: 45, max: 1 }),
    series: Object.entries(a.framing).map(([name, by]) =>
      line(name, Object.entries(by).map(([k, v]) => [Number(k), v.named / v.runs]), { showSymbol: true })),
  })
  figure('null', {
    xAxis: axis('p', { max: 1 }), yAxis: axis('share of p-values at most p', { nameGap: 45, max: 1 }),
    series: Object.entries(m.nulls).map(([name, list]) => {
      const v = list.slice().sort((x, y) => x - y)
      return line(name, v.map((p, i) => [p, (i + 1) / v.length]), { step: 'end' })
    }),
    legend: { top: 0, textStyle: { fontSize: 10 } },
  })
  figure('limit', {
    xAxis: axis("share of A's copy in what the model was trained on", { type: 'log', min: 0.01, max: 1 }),
    yAxis: axis('-log10 of the median p', { nameGap: 45 }),
    series: Object.entries(m.share).map(([kind, rows]) =>
      line(kind === 'all' ? 'n-gram' : 'n-gram without threes seen once',
        rows.filter((r) => r.share > 0).map((r) => [r.share, -r.log10_p]), { showSymbol: true })),
  })
  figure('epochs', {
    xAxis: axis('epochs', { minInterval: 1, min: 1 }), yAxis: axis('-log10 of the median p', { nameGap: 45 }),
    series: [line('neural', m.epochs.map((e) => [e.epoch, -e.log10_p]), { showSymbol: true })],
  })
}

const verdict = (ok) => (ok ? 'yes' : '**no**')

function against({ keys: k }) {
  const worst = k.near_dup_recall_smallest
  const row = (key, value, must, ok) => [`\`${key}\``, value, must, verdict(ok)]
  return table(['key', 'result', 'wanted', 'reached'], [
    row('false_accusation_rate', `${k.false_accusation_rate} (99 % upper bound ${k.false_accusation_upper_99})`, '≤ 0.01, bound ≤ 0.013',
      k.false_accusation_rate <= 0.01 && k.false_accusation_upper_99 <= 0.013),
    row('single_1000_p', k.single_1000_p, '≤ 1e-4', k.single_1000_p <= 1e-4),
    row('single_100_verdict', `${k.single_100_verdict}; wrong names: ${k.single_100_wrong}`, 'no evidence or narrowed, no wrong name',
      !/identified|not attr/.test(k.single_100_verdict) && k.single_100_wrong === 0),
    row('mixture_power', `${k.mixture_power} (≥ ${k.mixture_power_lower_99}); wrong ${k.mixture_wrong} (99 % upper bound ${k.mixture_wrong_upper_99})`, '≥ 0.95; ≤ 0.01',
      k.mixture_power >= 0.95 && k.mixture_wrong <= 0.01),
    row('union_power', `${k.union_power} (≥ ${k.union_power_lower_99}); wrong ${k.union_wrong} (99 % upper bound ${k.union_wrong_upper_99})`, '≥ 0.95; ≤ 0.01',
      k.union_power >= 0.95 && k.union_wrong <= 0.01),
    row('intersection_power', `${k.intersection_power} (≥ ${k.intersection_power_lower_99})`, '≥ 0.95', k.intersection_power >= 0.95),
    row('union3_needed', `${thousands(k.union3_needed)}; named with 200 000: ${k.union3_named_below}`, 'reported; nobody below',
      k.union3_named_below === 0),
    row('near_dup_recall', `${fixed(k.near_dup_recall, 4)}, the mean of ${worst.kinds} kinds of rewriting`, '≥ 0.95', k.near_dup_recall >= 0.95),
    row('near_dup_recall_smallest', `${fixed(worst.recall, 4)} (${worst.kind})`, '≥ 0.95, if it is asked of each kind', worst.recall >= 0.95),
    row('near_dup_precision', fixed(k.near_dup_precision, 5), '≥ 0.999', k.near_dup_precision >= 0.999),
    row('fingerprint_minutes', k.fingerprint_minutes, '≤ 10', k.fingerprint_minutes <= 10),
    row('model_power', `n-gram ${power(k.model_power.ngram_log10_p)}, neural ${power(k.model_power.neural_log10_p)}`, '≤ 1e-6',
      Math.max(k.model_power.ngram_log10_p, k.model_power.neural_log10_p) <= -6),
    row('model_null', `smallest Kolmogorov-Smirnov p of four: ${k.model_null}`, '≥ 0.01', k.model_null >= 0.01),
    row('model_limit', `see below`, 'reported', true),
  ])
}

const ways = {
  public: 'the public site, everything', 'one licensee': "one licensee's copy",
  mixture: 'each post from one of 2 to 5 copies', merged: 'whatever one of two has', intersection: 'what both of two have',
  'holes filled': 'one copy, part of its holes filled from the public site',
  padded: 'one copy, padded with posts withheld from it', 'part public': 'part from one copy, part from the public site',
}

function namesTable(a) {
  return table(['leak is', 'leaks', 'innocents', 'leaks that named one', 'source named', 'seen to be prepared'],
    [...Object.entries(a.ways), ['all', a.innocents]].map(([way, t]) =>
      [ways[way] ?? way, thousands(t.leaks), thousands(t.innocents), t.wrong, way === 'public' || way === 'all' ? '' : percent(t.any_named, t.leaks), t.prepared]))
}

function singleTable(a) {
  return table(['posts', 'median p', 'no evidence', 'not attributable', 'narrowed', 'identified', 'wrong'],
    Object.entries(a.single).map(([n, { ln_p, tally: t }]) => {
      const p = ln_p.slice().sort((x, y) => x - y)[Math.floor(ln_p.length / 2)] / Math.LN10
      return [thousands(n), power(p), t.no_evidence, t.not_attributable, t.narrowed, t.identified, t.wrong]
    }))
}

function modelTables(m) {
  return [
    table(['model', 'withheld / delivered', 'p', 'AUC (95 %)', 'smallest AUC seen'],
      [...m.ngram.map((r) => ['n-gram', r]), ...m.neural.map((r) => ['neural', r])].map(([name, r]) =>
        [name, `${r.withheld} / ${r.delivered}`, power(r.log10_p), `${fixed(r.auc)} (${fixed(r.auc_low)} - ${fixed(r.auc_high)})`, fixed(r.smallest_auc)])),
    table(['p-values of', 'number', 'Kolmogorov-Smirnov D', 'p'], Object.entries(m.ks).map(([k, v]) => [k, v.n, fixed(v.d, 4), fixed(v.p, 4)])),
    table(["share of A's copy", 'n-gram: median p', 'AUC', 'seen at 1 %', 'without threes seen once: median p', 'AUC', 'seen at 1 %'],
      m.share.all.map((r, i) => {
        const q = m.share.pruned[i]
        return [r.share, power(r.log10_p), fixed(r.auc), `${r.seen} of ${r.runs}`, power(q.log10_p), fixed(q.auc), `${q.seen} of ${q.runs}`]
      })),
    table(['epochs', 'neural: median p', 'AUC', 'seen at 1 %'],
      m.epochs.map((e) => [e.epoch, power(e.log10_p), fixed(e.auc), `${e.seen} of ${e.runs}`])),
  ]
}

function matchingTable(near) {
  return table(['rewritten', 'rows', 'found', 'wrong', 'ambiguous', 'not in the index', 'found all the same'],
    Object.entries(near.by).map(([name, r]) =>
      [name, r.rows, percent(r.right, r.rows), r.wrong, r.ambiguous, r.false_rows, r.false_found]))
}

export async function page(result) {
  const { keys: k, attribution: a, models: m, near, nearOther, nearLong, dating } = result
  const [power4, nulls, shares, epochs] = modelTables(m)
  const needs = a.curves.needs
  figures(result)
  writeFileSync('docs/trace-study.md', `# What \`kicau trace\` can show, tried out

Written by \`make study\`; seeds are fixed, so it comes out the same again, but for the matching, whose index has a random salt. What is decided and weighed here is decided and weighed by the program
itself (\`meter/withhold.c\`, \`trace/evidence.c\`, \`trace/permutation.c\`, the matcher and the dating of \`trace/\`); networks, leaks and models
are made up (\`study/\`). The mathematics is in [trace.md](trace.md).

## Against what was asked

${against(result)}

Of \`mixture_power\` and \`union_power\` the wrong names are few among few runs: the runs by themselves show no more than the upper bounds. That innocents are named in at most 1 % of leaks of this kind too rests on the theorems, and on the
${thousands(a.innocents.leaks)} leaks below.

## Is an innocent ever named?

${thousands(a.innocents.leaks)} leaks of 100 to 2 000 posts, networks of 50, 125 and 200 licensees, each leak with keys of its own; p = 1 %, in a seventh of them
changed to 2 % on the way; in a quarter the sources had copies of a part only. A leak counts as wrong when any innocent is named, or when none of those it is
narrowed to had part in it. What was promised is 1 % of all leaks. Sources are rarely named here because two fifths of the leaks are too small for it, and the others small.

${namesTable(a)}

That it is less than promised comes from whole numbers: with n posts the p-value nearest below the threshold is often far below it.

## One source

200 licensees, p = 1 %, 40 leaks for each size. A lone source is named from ${thousands(needs['1'])} posts on; below that the verdict is that it is not enough.

${singleTable(a)}

![The chance to be named, by matched posts and share of the leak](img/trace-power.svg)

Posts needed for a chance of 95 % (by the exact distribution): ${['1', '0.75', '0.5', '0.25', '0.1'].map((s) => `${Number(s) * 100} % of the leak: ${thousands(needs[s])}`).join('; ')}.

## Several sources

| leak | runs | a member named | all named | wrong |
| --- | --- | --- | --- | --- |
${[['20 000 posts, each from one of two copies', a.mixture], ['200 000 posts of two merged copies', a.merged], ['1 000 posts that both have', a.intersection],
    ['200 000 posts of three merged copies', a.three], ['three merged copies, p = 10 %, 40 licensees, as many posts as the formula asks for', a.threeSmall]]
    .map(([name, t]) => `| ${name} | ${t.leaks} | ${percent(t.any_named, t.leaks)} | ${percent(t.all_named, t.leaks)} | ${t.wrong} |`).join('\n')}

Of the mixtures the most likely shares are off by ${fixed(a.shareError, 3)} on average (the truth is one half). Two who merge whole copies are named from about
${thousands(needs['merged two'])} posts on, three from about ${thousands(needs['merged three'])}: fewer say nothing, and the verdict names nobody. The last row shows the formula for three where it can be tried; 95 % is what it asks for.

Runs of one line share the keys of a few networks; sources and posts are drawn anew.

## Prepared files

A source that puts posts into its leak that were withheld from it (5 000 posts, 60 leaks each):

![Padding](img/trace-padding.svg)

Filling all holes makes a copy look like the public site, and nobody is named: this cannot be prevented, only said. Who overdoes it is seen.

Somebody takes out of a leak what is withheld from an innocent (5 000 posts, 15 leaks each):

![Framing](img/trace-framing.svg)

Who has an innocent's whole copy can make a file that is that copy: no test of the file can tell them apart. So a name says *whose copy*, not *who did it*. Without the copy
it takes the secret of what is withheld; then deliveries contradict where the file has clearly more than the innocent ever received (here: all of the withheld posts taken out, of a licensee of half the posts).

## Models

Made-up texts (an order of three words, 45 % of words by grammar, the rest by Zipf's law); 26 licensees A to Z, p = 1 %; models trained on A's copy: an n-gram model of three words
with Witten and Bell's smoothing (30 000 posts), and a neural one (Bengio's, 24 numbers for a word and for two together, 64 hidden; 10 000 posts, 8 epochs). Scores: mean logarithm of a word's
chance; of the neural one less that of an n-gram model of other texts. All withheld posts, four delivered ones for each, in blocks of like length.

${power4}

The neural model is below 10^-6 in ${m.neural.filter((r) => r.log10_p <= -6).length} of ${m.neural.length} runs; the weakest has ${power(Math.max(...m.neural.map((r) => r.log10_p)))}. 10 000 posts leave ${Math.min(...m.neural.map((r) => r.withheld))} to ${Math.max(...m.neural.map((r) => r.withheld))} withheld ones, and with so few an AUC of about 0.68 is what 10^-6 takes: it is at the edge
for each model that remembers no more than this one. How it was come by: with 4 epochs and 65 536 vectors for two words (2^18 now) one of two runs had 10^-5.2. Twice as many posts do not help by themselves, since the same model remembers each of them less: 20 000 posts gave 10^-4.5 (6 epochs, seed 1) and
10^-3.7 (8 epochs, 2^18 vectors, seed 11). More epochs do: 10 000 posts and 8 epochs gave 10^-10.2 with 65 536 vectors, 10^-15.8 with 2^18 (seed 11, on which it was decided; the runs above have other seeds). A model without the vectors for two words, tried first, had AUC 0.58 and p = 0.0005 after 8 epochs over 20 000 posts.

Of licensees whose copy the model was not trained on, and of models trained on nobody's, p-values must be uniform:

${nulls}

![Null p-values](img/trace-null.svg)

### Where the test stops seeing

Only a share of what the n-gram model is trained on is from A's copy, the rest is other text of the same language (five networks each):

${shares}

![Share](img/trace-limit.svg)

${epochs}

![Epochs](img/trace-epochs.svg)

The test sees memory, not learning: a model that saw a post once among a hundred others from elsewhere and keeps no rare threes treats it as it treats any other. More withheld posts would help
as their square root does; only a larger rate p, or a longer time, brings them.

## Matching

${thousands(near.posts)} posts of 4 to 60 made-up words, out of 30 000, rewritten; and once more as if they were not there, when whatever is found is wrong. Recall ${fixed(k.near_dup_recall, 4)}, precision ${fixed(k.near_dup_precision, 5)};
with other texts (seed 2) ${fixed(nearOther.recall, 4)} and ${fixed(nearOther.precision, 5)}. Of ${thousands(near.strangers.rows)} rows made and rewritten alike of which the index never heard, ${near.strangers.found} were found (seed 2: ${nearOther.strangers.found}).

${matchingTable(near)}

The same with posts of 8 words and more: recall ${fixed(k.near_dup_recall_from_8_words, 4)}, precision ${fixed(k.near_dup_precision_from_8_words, 5)}.

${matchingTable(nearLong)}

Before a text had to say enough ([trace-matching.md](trace-matching.md)), precision was 0.985: all but 4 of 479 wrong matches were rows that are nobody's, found as a post of four or five of the commonest words that stood in them by chance but for a few letters
("ber wies rinesyari kaber sake" in "… rinesyari kaber sake to …", 84 % alike). Such a post says too little among 30 000, and that is counted in bits now. What it costs is recall where letters were changed (93.3 % before): of short texts less is sure then. With 10 million posts see BENCHMARKS.md.
Wrong matches are made without keys: they cannot make an innocent look guilty; of a source they hide as much as their share.

## Dating

Twenty licensees read the posts of the last day every quarter of an hour to every hour, for three days; the first licensee's last copies of ${dating.rows} posts leak with their counters.
Dated: ${dating.dated}, to the right licensee: ${dating.right_licensee}. Error: median ${dating.median_minutes} minutes, three quarters within ${dating.p75_minutes}, nine tenths within ${dating.p90_minutes}.
Counters that stand still are the limit: a post nobody touches looks the same at each delivery.
`)
}
