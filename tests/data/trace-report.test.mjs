// Whose copy it is, from end to end: deliveries to real clients, a leak, a model's scores, the report, and the program that computes it again.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { newPage } from '../api/lib/browser.mjs'
import { accessible } from '../web/lib/eyes.mjs'
import { licensee, startMarket } from './lib/market.mjs'

const verifier = resolve(dirname(fileURLToPath(import.meta.url)), '../../tools/verify/trace.py')
const POSTS = 260
const { it, server, users: { alice, bob } } = await startMarket({
  accounts: ['alice', 'bob'], env: { KICAU_WITHHOLD_PPM: '200000', KICAU_WITHHOLD_EVERYBODY_PPM: '80000' }
})
const folder = mkdtempSync('/tmp/kicau-trace-')
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const at = (name) => join(folder, name)

// A command's output, errors and exit code.
const run = async (...args) => server.kicau(args).then((out) => ({ code: 0, out }), (error) => ({ code: Number(/exit (\d+)/.exec(error.message)?.[1]), err: error.message }))
const verify = (path) => new Promise((resolve) => execFile('python3', ['-B', verifier, path], { timeout: 120000 }, (error, out, err) => resolve({ code: error ? error.code : 0, out, err })))
const random = (seed) => () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648 }
const words = ['river', 'market', 'engine', 'window', 'harvest', 'signal', 'copper', 'lantern', 'orchard', 'ferry', 'gravel', 'thunder', 'needle', 'saddle', 'velvet', 'walnut']

// What a post could do to a report that does not escape it.
const hostile = [
  '<script>window.hacked = 1</script> a script stands in this post of ours',
  '"><img src=x onerror="window.hacked=2"> a picture that is none, and a handler',
  '</td></table><svg onload=window.hacked=3> a drawing that begins by itself',
  '<iframe srcdoc="<script>parent.hacked=4</script>"></iframe> a frame in a post of ours',
  '</style><style>body{display:none}</style> & a sheet that hides all of it',
  'javascript:window.hacked=5 &lt;b&gt; and an entity &#x3c;i&#x3e; that is text already'
]

const acme = await licensee(server, 'Acme <b>Data</b>', 'enterprise')
const bit = await licensee(server, 'Bit & Sons', 'enterprise')
await licensee(server, 'Corp that never asked', 'enterprise')
const ids = []
const received = new Map()

it('where a p is drawn, the verifier draws the same', () => {
  // permutation_test.c, test_known_drawings(), has these numbers too.
  const program = `
import draws
blocks = [((0, 1, 2, 3, 4, 5, 6), 3), ((0, 2, 4, 4, 8), 2), ((0, 0, 2), 1)]
assert list(draws.draws(blocks, 1, 6)) == [11, 23, 25, 13, 15, 16]
sums = draws.draws(blocks, 1, 2000)
for side, at in (('higher', 24), ('lower', 9), ('both', 9)):
    c = draws.by_drawing(sums, at, side, True)
    assert c['p_low'] < c['p'] < c['p_high'] < 2 * c['p'], c
print('same')`
  assert.equal(execFileSync('python3', ['-B', '-c', program], { cwd: dirname(verifier), encoding: 'utf8', timeout: 60000 }), 'same\n')
})

it('each licensee gets all but what is withheld from it', async () => {
  const next = random(7)
  const text = (i) => hostile[i] ?? `${Array.from({ length: 6 + Math.floor(next() * 12) }, () => words[Math.floor(next() * words.length)]).join(' ')} number ${i} of many`
  for (let i = 0; i < POSTS; i++) ids.push((await (i % 2 ? alice : bob).post('/api/v1/statuses', { status: text(i) })).id)
  for (const who of [acme, bit]) {
    const got = []
    for (let i = 0; i < ids.length; i += 100) got.push(...(await who.get('/2/tweets', { ids: ids.slice(i, i + 100).join() })).data ?? [])
    received.set(who, got)
    assert.ok(got.length > POSTS * 0.6 && got.length < POSTS * 0.9, `${got.length} of ${POSTS} were delivered`)
  }
  assert.notDeepEqual(received.get(acme).map((p) => p.id), received.get(bit).map((p) => p.id))
})

it('a leak of a licensee\'s copy names it; the report is computed again by another program', async () => {
  writeFileSync(at('dump.jsonl'), received.get(acme).map((p, i) => JSON.stringify(i % 2 ? { id: p.id, text: p.text } : { content: p.text })).join('\n') + '\n')
  const { code, out, err } = await run('trace', 'leak', at('dump.jsonl'), '--measure', '0', '--report', at('leak.html'))
  assert.equal(code, 0, err)
  assert.match(out, /verdict: .*identified.*: Acme <b>Data<\/b>/)
  const report = JSON.parse(readFileSync(at('leak.files/report.json')))
  assert.deepEqual([report.verdict, report.names.map((i) => report.licensees[i].name), report.revealed], ['identified', ['Acme <b>Data</b>'], false])
  assert.equal(report.licensees.find((l) => l.name === 'Acme <b>Data</b>').withheld, 0)
  assert.equal(report.fixed.rules.alpha, 0.01)
  const checked = await verify(at('leak.files'))
  assert.equal(checked.code, 0, checked.err)
  assert.match(checked.out, /^ok: identified; .*NOT revealed/)
})

it('who leaks what is nobody\'s copy names nobody', async () => {
  writeFileSync(at('scrape.txt'), ids.map((id, i) => `${server.base}/@${i % 2 ? 'alice' : 'bob'}/${id}`).join('\n') + '\n')
  const { code, out, err } = await run('trace', 'leak', at('scrape.txt'), '--measure', '0', '--json')
  assert.equal(code, 0, err)
  const result = JSON.parse(out)
  assert.ok(['no evidence', 'ours but not attributable'].includes(result.verdict), result.verdict)
  assert.deepEqual(result.names, [])
})

it('half ours, one in a hundred ours, not ours at all', async () => {
  const mixed = async (name, rows) => {
    writeFileSync(at(name), rows.map((text) => JSON.stringify({ text })).join('\n') + '\n')
    const { code, out, err } = await run('trace', 'leak', at(name), '--measure', '0', '--json')
    assert.equal(code, 0, err)
    return JSON.parse(out)
  }
  const others = (n) => Array.from({ length: n }, (_, i) => `what somebody on another network had to tell about matter ${i}, which was none of ours`)
  const ours = received.get(acme).filter((p) => !hostile.includes(p.text)).map((p) => p.text)
  const half = await mixed('half.jsonl', [...ours, ...others(ours.length)])
  assert.deepEqual([half.verdict, half.rows, half.posts, half.licensees[half.names[0]].name], ['identified', 2 * ours.length, ours.length, 'Acme <b>Data</b>'])
  const few = await mixed('few.jsonl', [...ours.slice(0, 5), ...others(495)])
  assert.deepEqual([few.verdict, few.posts, few.names], ['no evidence', 5, []])
  const none = await mixed('none.jsonl', others(300))
  assert.deepEqual([none.verdict, none.posts, none.names, none.unmatched], ['no evidence', 0, [], 300])
})

it('who pads a leak with what was withheld hides, and frames nobody; who overdoes it is seen', async () => {
  const got = new Set(received.get(acme).map((p) => p.id)), withheld = ids.filter((id) => !got.has(id))
  const padded = async (name, list) => {
    writeFileSync(at(name), list.map((id) => JSON.stringify({ id })).join('\n') + '\n')
    const { code, out, err } = await run('trace', 'leak', at(name), '--measure', '0', '--json')
    assert.equal(code, 0, err)
    return JSON.parse(out)
  }
  // All holes filled: it looks like the public site.
  const filled = await padded('filled.jsonl', ids)
  assert.deepEqual([filled.prepared, filled.names], [false, []])
  // Twice as many as chance would have it, to make somebody else look likelier: no honest file has so many.
  const overdone = await padded('overdone.jsonl', [...withheld, ...received.get(acme).slice(0, withheld.length).map((p) => p.id)])
  assert.deepEqual([overdone.prepared, overdone.names], [true, []])
})

it('evidence is not written over, and a changed byte of any attachment is found', async () => {
  assert.match((await run('trace', 'leak', at('dump.jsonl'), '--measure', '0', '--report', at('leak.html'))).err, /there already: evidence is not written over/)
  const files = readdirSync(at('leak.files'), { recursive: true }).filter((f) => statSync(at(`leak.files/${f}`)).isFile())
  assert.ok(files.length >= 6 && files.includes('checkpoint') && files.includes('matches.ndjson'))
  const tried = files.filter((f) => !f.startsWith('proofs/')).concat(files.filter((f) => f.startsWith('proofs/')).slice(0, 2))
  await Promise.all(tried.map(async (file, i) => {
    cpSync(at('leak.files'), at(`bad${i}`), { recursive: true })
    const bytes = readFileSync(at(`bad${i}/${file}`))
    const digit = bytes.findIndex((b, j) => j >= bytes.length / 3 && b >= 0x31 && b <= 0x38)
    bytes[digit]++
    writeFileSync(at(`bad${i}/${file}`), bytes)
    if (file !== 'report.json') assert.notEqual((await verify(at(`bad${i}`))).code, 0, `${file} was changed, and nobody saw it`)
  }))
  const numbers = JSON.parse(readFileSync(at('leak.files/report.json')))
  for (const change of [(r) => { r.licensees[0].withheld++ }, (r) => { r.licensees[1].ln_p *= 1.01 }, (r) => { r.verdict = 'no evidence' }, (r) => { r.needs.single-- },
    (r) => { r.fixed.rules.alpha = 0.5 }, (r) => { r.power.y[50] += 0.01 }, (r) => { r.came.delivered_to_none++ }, (r) => { r.tree_size++ }]) {
    const changed = structuredClone(numbers)
    change(changed)
    writeFileSync(at('bad0/report.json'), JSON.stringify(changed))
    for (const f of changed.files) cpSync(at(`leak.files/${f.file}`), at(`bad0/${f.file}`))
    assert.equal((await verify(at('bad0'))).code, 1, String(change))
  }
})

// What no attachment can show: words, names, and what the server counted on the way. docs/trace-files.md lists the same.
const serversWord = [/^(title|question|verdict_says|made|software|folder)$/, /^licensees\.\d+\.name$/, /^licensee_name$/, /^input\.(unreadable|gone)$/, /^samples_fixed$/,
  /^dating\.(with_counters|compared)$/, /^examples\.\d+\.(row|source|similarity|theirs|ours)$/, /^keys\.\d+\.(name|until)$/, /^proofs\.\d+\.of$/,
  /^p_everybody\.0$/] // the stratum before the first key, which has no posts
// Changes one leaf after another of report.json (of lists the first ones), and prints those that the verifier takes.
const eachChanged = `
import copy, json, os, re, shutil, sys, tempfile
import trace
folder = tempfile.mkdtemp(); work = os.path.join(folder, 'f'); shutil.copytree(sys.argv[1], work)
told = json.load(open(os.path.join(work, 'report.json')))
def leaves(x, path=()):
    if isinstance(x, (dict, list)):
        for k in list(x) if isinstance(x, dict) else range(min(int(sys.argv[2]), len(x))): yield from leaves(x[k], path + (k,))
    else: yield path, x
def taken(r):
    json.dump(r, open(os.path.join(work, 'report.json'), 'w'))
    try: trace.check(work, None)
    except (trace.Refused, LookupError, ValueError, TypeError, ArithmeticError, OSError): return False
    return True
assert taken(told)
tried = 0
for path, v in leaves(told):
    if any(re.search(word, '.'.join(map(str, path))) for word in json.loads(sys.argv[3])): continue
    r = copy.deepcopy(told); at = r
    for k in path[:-1]: at = at[k]
    at[path[-1]] = not v if isinstance(v, bool) else v + 1 if isinstance(v, int) else v * 1.001 + (0.01 if v >= 0 else -0.01) if isinstance(v, float) else 1 if v is None else str(int(v) + 1) if v.isdigit() else v + 'x'
    tried += 1
    if taken(r): print('.'.join(map(str, path)))
print('tried', tried)
shutil.rmtree(folder)`
const takenChanges = (path, ofLists) => {
  const lines = execFileSync('python3', ['-B', '-c', eachChanged, path, ofLists, JSON.stringify(serversWord.map((word) => word.source))], { cwd: dirname(verifier), encoding: 'utf8', timeout: 550000 }).trim().split('\n')
  assert.ok(Number(/^tried (\d+)$/.exec(lines.pop())[1]) > 50)
  return lines
}

it('every number of the report of a leak is computed again', () => assert.deepEqual(takenChanges(at('leak.files'), '2'), []), { timeout: 600000 })

it('nothing in the page runs, and axe has nothing to say', async () => {
  const page = await newPage()
  await page.goto(pathToFileURL(at('leak.html')).href)
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined)
  assert.equal(await page.evaluate(() => document.querySelectorAll('script, iframe, img, link, [onerror], [onload]').length), 0)
  const shown = await page.evaluate(() => document.body.innerText)
  // How many of them are among the examples depends on what is withheld.
  assert.ok(hostile.some((text) => shown.includes(text)), 'hostile posts stand in it as text')
  assert.ok(await page.evaluate(() => document.querySelectorAll('figure svg').length >= 3))
  await accessible(page, 'report of a leak')
  const pdf = await page.pdf({ format: 'A4', path: at('leak.pdf') })
  assert.ok(pdf.length > 20000)
  await page.context().close()
})

let probes = []
const scoreFile = (name, score) => { writeFileSync(at(name), probes.map((p) => JSON.stringify({ id: p.id, score: score(p) })).join('\n') + '\n'); return at(name) }
// The sum of twelve is nearly normal.
const gauss = (next) => Array.from({ length: 12 }, next).reduce((a, b) => a + b) - 6

it('a sample is blind and half withheld, and its key stays here', async () => {
  const { code, out, err } = await run('trace', 'sample', 'Acme <b>Data</b>', '-n', '200')
  assert.equal(code, 0, err)
  probes = out.trim().split('\n').map((line) => JSON.parse(line))
  assert.ok(probes.length >= 60, `${probes.length} probes`)
  assert.ok(probes.every((p) => Object.keys(p).join() === 'id,text' && /^[0-9a-f]{12}-[0-9a-f]{16}$/.test(p.id)))
  const [name] = readdirSync(join(server.data, 'trace/samples'))
  const key = JSON.parse(readFileSync(join(server.data, 'trace/samples', name)))
  assert.equal(statSync(join(server.data, 'trace/samples', name)).mode & 0o777, 0o600)
  const got = new Set(received.get(acme).map((p) => p.id))
  for (const p of key.probes) assert.equal(p.delivered, got.has(p.post))
  const withheld = key.probes.filter((p) => !p.delivered).length
  assert.ok(withheld >= probes.length / 5 && withheld <= probes.length / 2)
  probes.key = new Map(key.probes.map((p) => [p.id, p]))
  const none = await run('trace', 'sample', 'Corp that never asked')
  assert.match(none.err, /has received no post/)
})

it('a model that was trained on the copy is found, one that was not is not', async () => {
  const next = random(11)
  const trained = scoreFile('trained.jsonl', (p) => gauss(next) + (probes.key.get(p.id).delivered ? 1.5 : 0))
  const { code, out, err } = await run('trace', 'model', trained, '--report', at('model.html'))
  assert.equal(code, 0, err)
  assert.match(out, /verdict +identified/)
  const report = JSON.parse(readFileSync(at('model.files/report.json')))
  assert.ok(report.result.p < 1e-4 && report.result.exact)
  const checked = await verify(at('model.files'))
  assert.equal(checked.code, 0, checked.err)
  // One untrained model in a hundred is accused, that is the level; three of five are not, but once in 100 000 times.
  const verdicts = []
  for (let i = 0; i < 5; i++) verdicts.push(JSON.parse((await run('trace', 'model', scoreFile('untrained.jsonl', () => gauss(next)), '--json')).out).verdict)
  assert.ok(verdicts.filter((verdict) => verdict === 'no evidence').length >= 3, verdicts.join())
  const scores = readFileSync(at('model.files/scores.ndjson'), 'utf8')
  writeFileSync(at('model.files/scores.ndjson'), scores.replace(/"score":\S+}/, '"score":99}'))
  assert.equal((await verify(at('model.files'))).code, 1)
  writeFileSync(at('model.files/scores.ndjson'), scores)
  const page = await newPage()
  await page.goto(pathToFileURL(at('model.html')).href)
  await accessible(page, 'report of a model')
  await page.context().close()
})

it('every number of the report of a model is computed again', () => assert.deepEqual(takenChanges(at('model.files'), '1'), []), { timeout: 600000 })

it('whether a model was trained on data of this network, whoever handed it on, is asked with what no licensee got', async () => {
  const { code, out, err } = await run('trace', 'sample', 'everybody', '-n', '200')
  assert.equal(code, 0, err)
  const mine = out.trim().split('\n').map((line) => JSON.parse(line))
  const key = JSON.parse(readFileSync(join(server.data, 'trace/samples', `${mine[0].id.split('-')[0]}.json`)))
  const groups = new Map(key.probes.map((p) => [p.id, p.delivered]))
  const got = new Set([acme, bit].flatMap((who) => received.get(who).map((p) => p.id)))
  assert.deepEqual([key.licensee, key.counts.everybody], ['everybody', 0])
  for (const p of key.probes) assert.equal(p.delivered, got.has(p.post))
  assert.ok(key.probes.some((p) => !p.delivered))
  const scored = (name, score) => { writeFileSync(at(name), mine.map((p) => JSON.stringify({ id: p.id, score: score(groups.get(p.id)) })).join('\n') + '\n'); return at(name) }

  // Trained on both copies, as far as it goes: it knows what was withheld from one of them, but nothing of what nobody got.
  const next = random(13)
  const trained = scored('network.jsonl', (delivered) => gauss(next) + (delivered ? 2.5 : 0))
  assert.equal((await run('trace', 'model', trained, '--report', at('network.html'), '--reveal')).code, 3)
  server.sql(`UPDATE withhold_keys SET from_id = ${BigInt(ids.at(-1)) + 1n} WHERE generation = 2 AND licensee_id = 0`)
  const told = await run('trace', 'model', trained, '--report', at('network.html'), '--reveal')
  assert.equal(told.code, 0, told.err)
  assert.match(told.out, /verdict +ours but not attributable\n +The model was trained on data of this network/)
  const report = JSON.parse(readFileSync(at('network.files/report.json')))
  assert.deepEqual([report.verdict, report.licensee, report.licensee_name, report.revealed], ['ours but not attributable', 'everybody', 'everybody', true])
  assert.ok(report.result.p < 1e-3)
  for (const text of [told.out, JSON.stringify(report), readFileSync(at('network.html'), 'utf8')]) assert.doesNotMatch(text, /Acme|Bit (&|&amp;) Sons/, 'it names nobody')
  const checked = await verify(at('network.files'))
  assert.equal(checked.code, 0, checked.err)
  assert.match(checked.out, /^ok: ours but not attributable; (?!.*NOT)/)
  assert.deepEqual(takenChanges(at('network.files'), '1'), [])
  const page = await newPage()
  await page.goto(pathToFileURL(at('network.html')).href)
  await accessible(page, 'report of a model, about the network')
  await page.context().close()

  const verdicts = []
  for (let i = 0; i < 5; i++) verdicts.push(JSON.parse((await run('trace', 'model', scored('elsewhere.jsonl', () => gauss(next)), '--json')).out).verdict)
  assert.ok(verdicts.filter((verdict) => verdict === 'no evidence').length >= 3, verdicts.join())
}, { timeout: 300000 })

it('scores that measure nothing are refused, with the reason', async () => {
  const refused = async (name, content, words) => {
    writeFileSync(at(name), content)
    const { code, err } = await run('trace', 'model', at(name))
    assert.equal(code, 1)
    assert.match(err, words)
  }
  const lines = probes.map((p, i) => `${p.id},${i}`)
  await refused('nan.csv', lines.with(3, `${probes[3].id},NaN`).join('\n'), /line 4: the score is no finite number/)
  await refused('missing.csv', lines.slice(1).join('\n'), /1 of \d+ probes have no score/)
  await refused('twice.csv', [...lines, lines[0]].join('\n'), /a second score of probe/)
  await refused('unknown.csv', [...lines, `${probes[0].id.slice(0, -1)}x,1`].join('\n'), /there is no probe/)
  await refused('tells.csv', probes.map((p) => `${p.id},${Number(probes.key.get(p.id).delivered)}`).join('\n'), /tells which group/)
  await refused('equal.csv', probes.map((p) => `${p.id},1`).join('\n'), /all scores are equal/)
  await refused('other.csv', 'a,1\nb,2\n', /no scores of probes/)
})

it('for a court the key is revealed once another has taken its place, and anybody can check what was withheld', async () => {
  const first = await run('trace', 'leak', at('dump.jsonl'), '--measure', '0', '--report', at('court.html'), '--reveal')
  assert.equal(first.code, 3)
  assert.match(first.err, /within ten minutes/)
  // Ten minutes later: the new key decides on posts from now on.
  const last = ids.at(-1)
  server.sql(`UPDATE withhold_keys SET from_id = ${BigInt(last) + 1n} WHERE generation = 2`)
  const { code, err } = await run('trace', 'leak', at('dump.jsonl'), '--measure', '0', '--report', at('court.html'), '--reveal')
  assert.equal(code, 0, err)
  const checked = await verify(at('court.files'))
  assert.equal(checked.code, 0, checked.err)
  assert.doesNotMatch(checked.out, /NOT revealed/)
  const matches = readFileSync(at('court.files/matches.ndjson'), 'utf8')
  const report = JSON.parse(readFileSync(at('court.files/report.json')))
  const bit = 1n << BigInt(report.names[0])
  const [line] = matches.split('\n')
  const changed = line.replace(/"withheld":"([0-9a-f]+)"/, (_, hex) => `"withheld":"${(BigInt('0x' + hex) ^ bit).toString(16)}"`)
  writeFileSync(at('court.files/matches.ndjson'), matches.replace(line, changed))
  const { createHash } = await import('node:crypto')
  report.files.find((f) => f.file === 'matches.ndjson').sha256 = createHash('sha256').update(readFileSync(at('court.files/matches.ndjson'))).digest('hex')
  writeFileSync(at('court.files/report.json'), JSON.stringify(report))
  assert.match((await verify(at('court.files'))).err, /the key of Acme <b>Data<\/b> do not fit/)
})

it('a ledger that does not verify stops the trace', async () => {
  await server.stop()
  const dir = join(server.data, 'ledger')
  const log = readdirSync(dir).find((f) => f.endsWith('.log'))
  const bytes = readFileSync(join(dir, log))
  bytes[Math.floor(bytes.length / 2)] ^= 1
  writeFileSync(join(dir, log), bytes)
  for (const args of [['trace', 'leak', at('dump.jsonl')], ['trace', 'sample', 'Bit & Sons'], ['trace', 'model', at('trained.jsonl')]]) {
    const { code, err } = await run(...args)
    assert.equal(code, 1)
    assert.match(err, /does not verify/)
  }
})
