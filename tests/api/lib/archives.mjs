// Archives as Mastodon and X make them, packed by Python's zipfile and tarfile.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { python, scratch } from './transfer.mjs'

// {name: bytes or text} → the bytes of a zip, or of a tar.gz
export function pack (files, format = 'zip') {
  const folder = mkdtempSync(join(scratch, 'tree-'))
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  python('import shutil, sys; shutil.make_archive(sys.argv[1], sys.argv[3], sys.argv[2])', join(folder, '..', folder.split('/').pop() + '-packed'), folder, format === 'zip' ? 'zip' : 'gztar')
  return readFileSync(`${folder}-packed.${format === 'zip' ? 'zip' : 'tar.gz'}`)
}

const actor = 'https://old.example/users/wren'
const everybody = 'https://www.w3.org/ns/activitystreams#Public'
export const noteId = (n) => `${actor}/statuses/${n}`

export function note (n, fields = {}) {
  const { visibility = 'public', published = new Date(Date.UTC(2019, 0, 1, 12, 0, n)).toISOString().replace('.000', ''), ...rest } = fields
  const to = { public: [everybody], unlisted: [`${actor}/followers`], private: [`${actor}/followers`], direct: ['https://old.example/users/robin'] }[visibility]
  const cc = { public: [`${actor}/followers`], unlisted: [everybody], private: [], direct: [] }[visibility]
  const object = {
    id: noteId(n), type: 'Note', summary: null, inReplyTo: null, published, url: `https://old.example/@wren/${n}`, attributedTo: actor, to, cc, sensitive: false,
    atomUri: noteId(n), conversation: `tag:old.example,2019:objectId=${n}:objectType=Conversation`, content: `<p>note ${n}</p>`, contentMap: { en: `<p>note ${n}</p>` },
    attachment: [], tag: [], replies: { id: `${noteId(n)}/replies`, type: 'Collection', first: { type: 'CollectionPage', partOf: `${noteId(n)}/replies`, items: [] } }, ...rest
  }
  return { id: `${noteId(n)}/activity`, type: 'Create', actor, published, to, cc, object, signature: { type: 'RsaSignature2017', creator: `${actor}#main-key`, created: published, signatureValue: 'x' } }
}

export const announce = (n) => ({ id: `${noteId(n)}/activity`, type: 'Announce', actor, published: '2019-01-02T00:00:00Z', to: [everybody], cc: [], object: 'https://other.example/users/robin/statuses/5' })

export const mastodonFiles = (items, more = {}) => ({
  'actor.json': JSON.stringify({ '@context': ['https://www.w3.org/ns/activitystreams'], id: actor, type: 'Person', preferredUsername: 'wren', followers: `${actor}/followers`, outbox: 'outbox.json', likes: 'likes.json', bookmarks: 'bookmarks.json' }),
  'outbox.json': JSON.stringify({ '@context': 'https://www.w3.org/ns/activitystreams', id: 'outbox.json', type: 'OrderedCollection', totalItems: items.length, orderedItems: items }),
  'likes.json': JSON.stringify({ '@context': 'https://www.w3.org/ns/activitystreams', id: 'likes.json', type: 'OrderedCollection', orderedItems: [] }),
  ...more
})

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const two = (n) => String(n).padStart(2, '0')
function twitterTime (ms) {
  const d = new Date(ms)
  return `${days[d.getUTCDay()]} ${months[d.getUTCMonth()]} ${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} +0000 ${d.getUTCFullYear()}`
}

const epoch = 1288834974657n
export const tweetTime = (n) => Date.UTC(2018, 9, 10, 20, 19, 24) + n * 60000 + 123
export const tweetId = (n) => String((BigInt(tweetTime(n)) - epoch) << 22n)

export const tweet = (n, fields = {}) => ({
  tweet: {
    edit_info: { initial: { editTweetIds: [tweetId(n)], editableUntil: '2018-10-10T21:19:24.000Z', editsRemaining: '5', isEditEligible: true } },
    retweeted: false, source: '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>', entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] }, display_text_range: ['0', '10'],
    favorite_count: '3', id_str: tweetId(n), truncated: false, retweet_count: '0', id: tweetId(n), created_at: twitterTime(tweetTime(n)), favorited: false, full_text: `tweet ${n}`, lang: 'en', ...fields
  }
})

export const ownId = '4242'
export const answer = (n, to, fields = {}) => tweet(n, { in_reply_to_status_id_str: tweetId(to), in_reply_to_status_id: tweetId(to), in_reply_to_user_id: ownId, in_reply_to_user_id_str: ownId, in_reply_to_screen_name: 'wren', ...fields })

const part = (name, number, items) => `window.YTD.${name}.part${number} = ${JSON.stringify(items, null, 2)}`

export const twitterFiles = (parts, more = {}) => ({
  'Your archive.html': '<!doctype html>', 'data/manifest.js': 'window.__THAR_CONFIG = {}', 'data/direct-messages.js': part('direct_messages', 0, [{ secret: 'nobody unpacks this' }]),
  'data/account.js': part('account', 0, [{ account: { email: 'w@example.com', accountId: ownId, username: 'wren', createdAt: '2010-01-01T00:00:00.000Z' } }]),
  ...Object.fromEntries(parts.map((items, i) => [i ? `data/tweets-part${i}.js` : 'data/tweets.js', part('tweets', i, items)])), ...more
})
