// A leak as it is found: what real answers of this server become in somebody's files, and what of it is recognised.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { after } from 'node:test'
import { binary, sleep } from '../api/lib/server.mjs'
import { licensee, startMarket } from './lib/market.mjs'
import { sanitized } from '../attacks/lib/siege.mjs'

const { it, server, users, anyone } = await startMarket({ accounts: ['alice', 'bob', 'carol'] })
const { alice, bob } = users
const acme = await licensee(server, 'acme')
const other = await licensee(server, 'other')
const folder = mkdtempSync(join(tmpdir(), 'kicau-leak-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const subjects = ['The ferry was late again, and nobody on the pier seemed to mind it very much', 'I have been repairing an accordion all winter; three reeds are still silent',
  'Whoever planted the walnut tree behind the school in 1911 did all of us a favour', 'Five kilometres of dry stone wall, and not one straight line in it anywhere',
  'My grandmother salted cabbage in a bathtub, and it was the best I ever had in my life', 'There is a heron on the roof of the town hall, looking down like a magistrate',
  'The radio says storm, the barometer says storm, the cat sleeps in the open window', 'Asked for directions to the sea, the farmer just pointed at his own wet boots',
  'Écrire à la main, le soir, quand les enfants dorment enfin: un luxe de dix minutes', 'Сегодня в трамвае пожилой человек читал вслух газету всему вагону, и никто не возражал',
  '今天的雾很大，渡轮停了三个小时，我们在码头喝了热豆浆，听老人讲他年轻时候的故事', 'Learned today that moss needs no soil at all, which explains the inside of our car']
const posts = []
for (const [i, text] of subjects.entries()) posts.push(await (i % 2 ? bob : alice).post('/api/v1/statuses', { status: `${text} https://example.org/${i} 🌿` }))
for (const user of [alice, bob]) await user.post('/api/v1/statuses', { status: 'good morning everybody out there' })
const ids = posts.map((post) => post.id)

const leak = (name, content) => { const path = join(folder, name); writeFileSync(path, content); return path }
const work = join(folder, 'work')
function trace (path, args = [], [wrapper, ...rest] = []) {
  const command = ['trace', 'leak', path, '--work', work, '--json', '--measure', '0', ...args, '--data', server.data]
  const done = spawnSync(wrapper ?? binary, wrapper ? [...rest, binary, ...command] : command,
    { encoding: 'utf8', env: { ...process.env, ...server.env }, timeout: 120000 })
  assert.equal(done.status, 0, done.stderr)
  return { ...JSON.parse(done.stdout), err: done.stderr, matches: readFileSync(join(work, 'matches.jsonl'), 'utf8').trim().split('\n').map(JSON.parse).filter((one) => one.post) }
}
const everyPost = (found) => assert.deepEqual([...new Set(found.matches.map((one) => one.post))].sort(), [...ids].sort())

it('a page of the data API, saved: by id, and dated by its counters to the licensee and the moment', async () => {
  const fields = { ids: ids.join(), 'tweet.fields': 'public_metrics,author_id,created_at', expansions: 'author_id', 'user.fields': 'public_metrics' }
  await other.get('/2/tweets', fields)
  await bob.post(`/api/v1/accounts/${alice.id ?? (await alice.get('/api/v1/accounts/verify_credentials')).id}/follow`)
  for (const id of ids) await users.carol.post(`/api/v1/statuses/${id}/favourite`)
  await users.carol.post(`/api/v1/accounts/${(await bob.get('/api/v1/accounts/verify_credentials')).id}/follow`)
  const before = Date.now()
  const page = await acme.get('/2/tweets', fields)
  const found = trace(leak('page.json', JSON.stringify(page, null, 1)))
  assert.match(found.err, /page\.json: json/)
  assert.deepEqual([found.rows, found.matched, found.posts, found.by.id, found.id_only], [12, 12, 12, 12, 0])
  everyPost(found)
  const { dating } = found
  assert.deepEqual([dating.complete, dating.dated, dating.fingerprints_kept], [12, 12, true])
  const acmeId = JSON.parse(await server.kicau(['ledger', 'who', ids[0], '--json']).then((out) => out.trim().split('\n').at(-1))).licensee
  assert.equal(String(dating.licensees[0].licensee), String(acmeId))
  assert.equal(dating.licensees.length, 1, 'the other one received them with other counters')
  assert.ok(Math.abs(Date.parse(dating.licensees[0].median) - before) < 60000)
})

it('the same posts without ids, as lines, tables, texts and pages, also rewritten', async () => {
  const { data } = await acme.get('/2/tweets', { ids: ids.join() })
  const texts = data.map((one) => one.text)
  const shapes = {
    'lines.jsonl.gz': gzipSync(texts.map((text) => JSON.stringify({ text })).join('\n')),
    'table.csv': 'n,full_text\r\n' + texts.map((text, i) => `${i},"${text.replaceAll('"', '""')}"`).join('\r\n'),
    'plain.txt': texts.join('\n'),
    'utf16.txt': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(texts.join('\r\n'), 'utf16le')]),
    'shouted.txt': texts.map((text) => text.toUpperCase().replace(/HTTPS:\S+ 🌿/, '')).join('\n'),
    'quoted.txt': texts.map((text) => `somebody said “${text}” and I agree with all of it`).join('\n'),
    'list.json': JSON.stringify(texts)
  }
  for (const [name, content] of Object.entries(shapes)) {
    const found = trace(leak(name, content))
    assert.deepEqual([name, found.rows, found.posts, found.by.id, found.unreadable], [name, 12, 12, 0, 0])
    everyPost(found)
  }
})

it('what the client API, pages and a crawler give', async () => {
  const statuses = await Promise.all(ids.map((id) => anyone.get(`/api/v1/statuses/${id}`)))
  assert.equal(trace(leak('statuses.json', JSON.stringify(statuses))).by.id, 12)
  const outbox = { orderedItems: statuses.map((one) => ({ type: 'Create', object: { type: 'Note', id: one.uri, content: one.content } })) }
  assert.equal(trace(leak('outbox.json', JSON.stringify(outbox))).by.url, 12)
  const bare = statuses.map(({ content }) => JSON.stringify({ content })).join('\n')
  assert.equal(trace(leak('contents.jsonl', bare)).by.text, 12)
  const pages = await Promise.all(posts.map(async (post) => (await fetch(post.url)).text()))
  everyPost(trace(leak('page.html', pages[0].replace('</body>', pages.slice(1).join('') + '</body>'))))
  const record = (page, i) => {
    const answer = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${page}`)
    return `WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: ${posts[i].url}\r\nContent-Type: application/http\r\nContent-Length: ${answer.length}\r\n\r\n${answer}\r\n\r\n`
  }
  everyPost(trace(leak('crawl.warc.gz', Buffer.concat(pages.map((page, i) => gzipSync(record(page, i)))))))
})

it('what is not ours, what is too short, and what several have is no match', async () => {
  const lines = ['good morning everybody out there', 'ok', 'a text that somebody wrote on another network about other things', subjects[0]]
  const found = trace(leak('mixed.txt', lines.join('\n')))
  assert.deepEqual([found.rows, found.ambiguous, found.short_text, found.unmatched, found.matched], [4, 1, 1, 1, 1])
  const empty = trace(leak('empty', ''))
  assert.deepEqual([empty.rows, empty.posts, empty.unreadable], [0, 0, 0])
  const twice = trace(leak('twice.txt', [subjects[1], subjects[1], subjects[1]].join('\n')))
  assert.deepEqual([twice.matched, twice.repeated, twice.posts], [3, 2, 1])
})

it('a file of 50 GB that is all hole but for two rows is read in little memory', () => {
  const path = leak('sparse.jsonl', JSON.stringify({ id: ids[0] }) + '\n')
  truncateSync(path, 50e9)
  appendFileSync(path, '\n' + JSON.stringify({ id: ids[1] }) + '\n')
  // ASan reserves addresses for all there could ever be.
  const found = trace(path, [], sanitized ? [] : ['bash', '-c', 'ulimit -v 2000000; exec "$0" "$@"'])
  assert.deepEqual([found.rows, found.posts, found.unreadable], [2, 2, 1])
})

it('a post that is gone matches by its id alone, because the ledger knows it', async () => {
  const gone = await alice.post('/api/v1/statuses', { status: 'this will be deleted before anybody asks about it' })
  await acme.get(`/2/tweets/${gone.id}`)
  await alice.delete(`/api/v1/statuses/${gone.id}`)
  const found = trace(leak('gone.jsonl', JSON.stringify({ id: gone.id, text: 'this will be deleted before anybody asks about it' }) + '\n' + JSON.stringify({ text: 'this will be deleted before anybody asks about it' })))
  assert.deepEqual([found.matched, found.gone, found.id_only, found.unmatched], [1, 1, 1, 1])
})

it('reads standard input, says how well it matches, and goes on where it was killed', async () => {
  const done = spawnSync(binary, ['trace', 'leak', '-', '--work', work, '--data', server.data], { input: subjects.join('\n'), encoding: 'utf8', env: { ...process.env, ...server.env }, timeout: 120000 })
  assert.equal(done.status, 0, done.stderr)
  assert.match(done.stdout, /posts of ours +12\n/)
  assert.match(done.stdout, /recall [01]\.\d{4}, precision [01]\.\d{4}/)
  // Enough rows for it to save how far it is; killed then, it goes on, and the result is that of a run that was left alone.
  const path = leak('many.jsonl', Array.from({ length: 200000 }, (_, i) => JSON.stringify({ text: i % 5000 ? `number ${i} is of no concern to anybody here` : subjects[i / 5000 % 12] })).join('\n'))
  const child = spawn(binary, ['trace', 'leak', path, '--work', work, '--measure', '0', '--json', '--data', server.data], { env: { ...process.env, ...server.env }, stdio: 'ignore' })
  const state = join(work, 'state.json')
  const saved = () => existsSync(state) && JSON.parse(readFileSync(state, 'utf8'))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  for (let i = 0; i < 600 && child.exitCode === null && !(saved().done > 0 && !saved().finished && saved().listed_sources === 1); i++) await sleep(50)
  child.kill('SIGKILL')
  await ended
  const wasSaved = !saved().finished
  const resumed = trace(path)
  if (wasSaved) assert.match(resumed.err, /going on behind the \d+ rows/)
  const whole = trace(path, ['--anew'])
  assert.doesNotMatch(whole.err, /going on/)
  const { err, ...rest } = resumed; const { err: _, ...again } = whole
  assert.deepEqual(rest, again)
  assert.deepEqual([whole.rows, whole.matched, whole.posts], [200000, 40, 12])
})

it('refuses what it cannot work with', async () => {
  for (const [args, words] of [[['/nowhere'], /No such file/], [['/nowhere', '--format', 'xml'], /--format takes auto/], [['/nowhere', '--measure', 'x'], /--measure takes a number/]]) {
    const done = spawnSync(binary, ['trace', 'leak', ...args, '--data', server.data], { encoding: 'utf8', env: { ...process.env, ...server.env } })
    assert.notEqual(done.status, 0)
    assert.match(done.stderr, words)
  }
})
