// What plain text becomes: the HTML that Mastodon's own clients expect.
import assert from 'node:assert/strict'
import { startWorld } from './lib/server.mjs'

const { it, server } = await startWorld({ accounts: ['alice', 'bob'] })
const write = async (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const content = async (user, status) => (await write(user, status)).content

it('paragraphs and line breaks', async ({ alice }) => {
  assert.equal(await content(alice, 'one\ntwo\n\nthree'), '<p>one<br />two</p><p>three</p>')
  assert.equal(await content(alice, '\n\n  a  \n\n\n\nb\n'), (await content(alice, 'a  \n\nb')))
})

it('no markup of the writer survives', async ({ alice }) => {
  assert.match(await content(alice, '<script>alert("1 & 2")</script>'), /^<p>&lt;script&gt;alert\(("|&quot;)1 &amp; 2("|&quot;)\)&lt;\/script&gt;<\/p>$/)
  const sneaky = await content(alice, 'https://example.com/"><img src=x onerror=alert(1)>')
  assert.ok(!/<img/.test(sneaky), sneaky)
  assert.ok(!/href="[^"]*javascript:/i.test(await content(alice, 'javascript:alert(1) JaVaScRiPt://x')))
})

it('hashtags link to their page and are listed', async ({ alice }) => {
  const status = await write(alice, 'on #Kicau and #burung_gereja, not a#b nor #123 but #été')
  const tag = /<a href="([^"]+)" class="mention hashtag" rel="tag">#<span>Kicau<\/span><\/a>/.exec(status.content)
  assert.ok(tag, status.content)
  assert.equal(tag[1].toLowerCase(), `${server.base}/tags/kicau`)
  assert.deepEqual(status.tags.map((t) => t.name), ['burung_gereja', 'ete', 'kicau'], 'folded, as Mastodon lists them')
  assert.match(status.content, / a#b nor #123 but /)
})

it('mentions become links to people; unknown people stay text', async ({ alice, bob }) => {
  const status = await write(alice, 'hi @bob, @BOB and @nobody_here')
  assert.deepEqual(status.mentions, [{ id: bob.id, username: 'bob', url: bob.url, acct: 'bob' }])
  assert.match(status.content, /<span class="h-card"( translate="no")?><a href="[^"]+\/@bob" class="u-url mention">@<span>bob<\/span><\/a><\/span>/)
  assert.match(status.content, /@nobody_here/)
  assert.deepEqual((await write(alice, 'mail bob@example.com')).mentions, [])
})

it('links are shortened for the eye, whole for the machine', async ({ alice }) => {
  const long = 'https://www.example.com/a/rather/long/path/that/goes/on?and=on'
  const html = await content(alice, `see ${long}.`)
  const link = /<a href="([^"]+)"([^>]*)>(.*?)<\/a>\./.exec(html)
  assert.ok(link, html)
  assert.equal(link[1], long)
  assert.match(link[2], /rel="nofollow noopener( noreferrer)?"/)
  assert.match(link[2], /target="_blank"/)
  assert.match(link[3], /^<span class="invisible">https:\/\/www\.<\/span><span class="ellipsis">example\.com\/[^<]+<\/span><span class="invisible">[^<]+<\/span>$/)
  assert.equal(link[3].replace(/<[^>]+>/g, ''), long)
  const short = await content(alice, 'https://example.com/')
  assert.match(short, /<span class="invisible">https:\/\/<\/span><span class="">example\.com\/<\/span>/)
  assert.match(await content(alice, '(https://example.com/a_(b))'), /href="https:\/\/example\.com\/a_\(b\)"/)
  assert.match(await content(alice, 'https://example.com/?a=1&b=2'), /href="https:\/\/example\.com\/\?a=1&amp;b=2"/)
})

it('emoji, right-to-left text and odd bytes come back as they went', async ({ alice }) => {
  for (const text of ['👩🏽‍🚀 🇮🇩', 'مرحبا بالعالم', 'Ω≈ç√', 'zero\u200dwidth', 'ꦏꦶꦕꦻꦴ']) {
    const status = await write(alice, text)
    assert.equal(status.content, `<p>${text}</p>`)
    assert.equal((await alice.get(`/api/v1/statuses/${status.id}/source`)).text, text)
  }
})

it('profiles are formatted the same way', async ({ alice }) => {
  const me = await alice.patch('/api/v1/accounts/update_credentials', {
    display_name: 'Alice <b>', note: 'I am #here\nhttps://example.com/me', fields_attributes: [{ name: 'Site', value: 'https://example.com' }]
  })
  assert.equal(me.display_name, 'Alice <b>')
  assert.match(me.note, /^<p>I am <a [^>]*>#<span>here<\/span><\/a><br \/><a href="https:\/\/example\.com\/me"/)
  assert.equal(me.source.note, 'I am #here\nhttps://example.com/me')
  assert.match(me.fields[0].value, /<a href="https:\/\/example\.com"[^>]*rel="[^"]*\bme\b/)
  assert.equal(me.source.fields[0].value, 'https://example.com')
})
