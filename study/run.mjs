// run.mjs - the study of `kicau trace`: runs all experiments (programs of this folder, seeds fixed), sums up, and writes build/study.json and
// docs/trace-study.md with its figures. `node study/run.mjs --keep` takes what an earlier run left in build/study/ where it is there.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { summary } from './summary.mjs'
import { page } from './page.mjs'

const B = process.env.B ?? 'build'
const run = promisify(execFile)

// Parts of one experiment have seeds of their own: each leak is another one.
const parts = (name, n, runs) =>
  Array.from({ length: n }, (_, i) => [`${name}.${i}`, 'attribution', name, String(1 + i * 1000000), String(runs)])

const tasks = [
  ...parts('innocents', 24, 504), // 8 ways, 5 sizes, 3 sizes of networks, keys that changed
  ...parts('single', 1, 40),
  ...parts('mixture', 8, 25),
  ...parts('merged', 4, 25),
  ...parts('intersection', 4, 50),
  ...parts('merged_three', 1, 10),
  ...parts('merged_three_small', 2, 50),
  ...parts('padding', 2, 30),
  ...parts('framing', 1, 15),
  ...parts('curves', 1, 1),
  ...Array.from({ length: 8 }, (_, i) => [`ngram.${i}`, 'models', 'ngram', String(i + 1)]),
  ...Array.from({ length: 3 }, (_, i) => [`neural.${i}`, 'models', 'neural', String(i + 1)]),
  ...Array.from({ length: 5 }, (_, i) => [`limit_share.${i}`, 'models', 'limit_share', String(i + 1)]),
  ['near', 'matching', 'near', '1'],
  ['near_other', 'matching', 'near', '2'],
  ['near_long', 'matching', 'near_long', '1'],
  ['dating', 'matching', 'dating', '1'],
]

mkdirSync(`${B}/study`, { recursive: true })
const keep = process.argv.includes('--keep')
const queue = tasks.slice()
const started = Date.now()

async function worker() {
  for (let task; (task = queue.shift()); ) {
    const [name, program, ...args] = task
    const file = `${B}/study/${name}.json`
    if (keep && existsSync(file)) continue
    const { stdout } = await run(`${B}/study/${program}`, args, { maxBuffer: 1 << 28 })
    writeFileSync(file, stdout)
    console.log(`  study  ${name} (${Math.round((Date.now() - started) / 1000)} s)`)
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker))

const raw = Object.fromEntries(tasks.map(([name]) => [name, JSON.parse(readFileSync(`${B}/study/${name}.json`))]))
const result = summary(raw)
writeFileSync(`${B}/study.json`, JSON.stringify(result.keys, null, 2) + '\n')
await page(result)
console.log(`study: ${B}/study.json and docs/trace-study.md, ${Math.round((Date.now() - started) / 1000)} s`)
