// Plans, licensees and keys on the command line.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { binary, startWorld } from '../api/lib/server.mjs'

const { it, server } = await startWorld()

function kicau (...args) {
  const done = spawnSync(binary, [...args, '--data', server.data], { encoding: 'utf8', env: { ...process.env, ...server.env }, timeout: 60000 })
  return { code: done.status, out: done.stdout, err: done.stderr, lines: done.stdout.trim().split('\n') }
}
const rows = (...args) => kicau(...args, '--json').lines.map((line) => JSON.parse(line))

it('has plans from the first start on', async () => {
  const plans = Object.fromEntries(rows('plan', 'list').map((plan) => [plan.name, plan]))
  assert.deepEqual(Object.keys(plans), ['basic', 'enterprise', 'free', 'pay-per-use', 'pro', 'research'])
  assert.equal(plans.free.included, 1500)
  assert.equal(plans.free.apps, 1)
  assert.equal(plans.basic.month_micro, 100_000_000)
  assert.equal(plans.basic.included, 10_000)
  assert.equal(plans.pro.included, 1_000_000)
  assert.deepEqual(plans.research.uses, ['research'])
  assert.ok(plans.research.approval && plans.enterprise.approval)
  assert.deepEqual([plans['pay-per-use'].post_micro, plans['pay-per-use'].user_micro, plans['pay-per-use'].ceiling, plans['pay-per-use'].prepaid],
    [5000, 10000, 3_000_000, true])
  for (const plan of Object.values(plans)) assert.equal(plan.version, 1)
})

it('sets versions, and keeps those before', async () => {
  assert.match(kicau('plan', 'set', 'basic', 'month=99.5', 'included=12000').out, /basic is now version 2/)
  assert.match(kicau('plan', 'set', 'basic', 'month=99.5').out, /says that already: version 2/)
  const [now] = rows('plan', 'show', 'basic')
  assert.deepEqual([now.version, now.month_micro, now.included, now.apps], [2, 99_500_000, 12_000, 2])
  const [before] = rows('plan', 'show', 'basic', '--version', '1')
  assert.deepEqual([before.version, before.month_micro, before.included], [1, 100_000_000, 10_000])
  await server.stop()
  delete server.exit
  await server.start()
  assert.equal(rows('plan', 'show', 'basic')[0].version, 2, 'a restart does not make the shipped plan anew')
  assert.match(kicau('plan', 'show', 'basic').out, /month +99.5 .*price of a month/)
  assert.equal(rows('plan', 'set', 'students', 'included=500', 'hard_stop=yes', 'uses=research,search')[0].version, 1)
})

it('says what is wrong with a plan', async () => {
  for (const [args, words] of [
    [['set', 'basic', 'colour=red'], /no field "colour"/],
    [['set', 'basic', 'included=lots'], /included is a number from 0 to/],
    [['set', 'basic', 'uses=selling'], /"selling" is no use; there are search/],
    [['set', 'basic', 'month=cheap'], /month is an amount such as 100/],
    [['set', 'basic', 'uses='], /uses is empty/],
    [['set', 'Basic Two', 'included=5'], /name is 1 to 32 of a-z/],
    [['set', 'basic', 'ceiling=5'], /ceiling is below/],
    [['show', 'gold'], /no plan "gold"/],
    [['show', 'basic', '--version', '7'], /has no version 7/]
  ]) {
    const done = kicau('plan', ...args)
    assert.equal(done.code, 1, args.join(' '))
    assert.match(done.err, words)
  }
  assert.equal(kicau('plan', 'set', 'basic').code, 2)
  assert.match(kicau('plan', 'set', '--help').out, /Usage: kicau plan set NAME FIELD=VALUE…/)
})

it('keeps licensees', async () => {
  const [made] = rows('licensee', 'create', 'Trends & Co', '--plan', 'free', '--email', 'data@trends.example')
  assert.deepEqual([made.name, made.plan, made.email, made.keys, made.suspended_at], ['Trends & Co', 'free', 'data@trends.example', 0, null])
  assert.equal(kicau('licensee', 'create', 'Trends & Co', '--plan', 'free').code, 1)
  assert.match(kicau('licensee', 'create', 'Other', '--plan', 'gold').err, /no plan "gold"/)
  assert.equal(kicau('licensee', 'create', 'Other').code, 2)
  assert.match(kicau('licensee', 'create', '123', '--plan', 'free').err, /not a number/)
  assert.equal(rows('licensee', 'set-plan', made.id, 'pro')[0].plan, 'pro')
  assert.ok(rows('licensee', 'suspend', 'Trends & Co')[0].suspended_at)
  assert.equal(rows('licensee', 'restore', 'Trends & Co')[0].suspended_at, null)
  assert.deepEqual(rows('licensee', 'list').map((one) => one.name), ['Trends & Co'])
  assert.match(kicau('licensee', 'show', 'Trends').err, /no licensee "Trends"/)
})

it('a new version of a plan is its licensees\'', async () => {
  kicau('licensee', 'create', 'Pupils', '--plan', 'students')
  kicau('plan', 'set', 'students', 'included=600')
  assert.equal(rows('licensee', 'show', 'Pupils')[0].plan_version, 2)
})

it('makes keys, and prints nothing else', async () => {
  const made = kicau('key', 'create', '--licensee', 'Acme', '--plan', 'free')
  assert.match(made.out, /^kicau_[0-9A-Za-z]{46}\n$/)
  assert.match(made.err, /made licensee Acme with the plan free/)
  const other = kicau('key', 'create', '--licensee', 'Acme', '--plan', 'basic')
  assert.deepEqual([other.code, other.out], [1, ''])
  assert.match(other.err, /Acme has the plan free, not basic; `kicau licensee set-plan`/)
  assert.match(kicau('key', 'create', '--licensee', 'Acme', '--app', 'second').err, /the plan free has room for 1 app/)
  assert.equal(kicau('key', 'create', '--licensee', 'Acme', '--expires', '30d').code, 0)
  assert.match(kicau('key', 'create', '--licensee', 'Acme').err, /room for 2 keys/)
  const [newest, oldest] = rows('key', 'list', '--licensee', 'Acme')
  assert.equal(oldest.hint, made.out.trim().slice(-4))
  assert.deepEqual([oldest.project, oldest.app, oldest.state, oldest.expires_at, oldest.last_used_at], ['default', 'default', 'active', null, null])
  assert.ok(Math.abs(Date.parse(newest.expires_at) - Date.now() - 30 * 86400e3) < 60e3)
  assert.match(kicau('key', 'rotate', oldest.id, '--overlap', '24h').out, /^kicau_[0-9A-Za-z]{46}\n$/)
  assert.ok(rows('key', 'list', '--licensee', 'Acme').find((key) => key.id === oldest.id).expires_at)
  assert.equal(kicau('key', 'revoke', oldest.id).out, 'revoked\n')
  assert.equal(rows('key', 'list').find((key) => key.id === oldest.id).state, 'revoked')
  assert.match(kicau('key', 'rotate', oldest.id).err, /in force/)
  assert.equal(kicau('key', 'revoke', '5').code, 1)
  assert.equal(kicau('key', 'revoke', 'abc').code, 2)
  assert.equal(kicau('key', 'rotate', oldest.id, '--overlap', 'soon').code, 2)
  assert.match(kicau('key', 'create', '--licensee', 'Nobody').err, /no licensee "Nobody"/)
})
