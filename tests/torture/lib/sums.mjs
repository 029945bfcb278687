// What has to add up in the tables, whatever happened: each query counts the rows for which it does not.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const lonely = (a, b, keys) => `SELECT count(*) FROM ${a} a WHERE NOT EXISTS (SELECT 1 FROM ${b} b WHERE ${keys.map(([x, y]) => `a.${x} = b.${y}`).join(' AND ')})`

const sums = {
  'following without followers': lonely('following', 'followers', [['account_id', 'follower_id'], ['target_id', 'account_id'], ['id', 'id']]),
  'followers without following': lonely('followers', 'following', [['follower_id', 'account_id'], ['account_id', 'target_id'], ['id', 'id']]),
  'favourites of accounts without those of posts': lonely('favourites', 'post_favourites', [['account_id', 'account_id'], ['post_id', 'post_id'], ['id', 'id']]),
  'favourites of posts without those of accounts': lonely('post_favourites', 'favourites', [['account_id', 'account_id'], ['post_id', 'post_id'], ['id', 'id']]),
  'boosts of accounts without those of posts': lonely('account_boosts', 'post_boosts', [['account_id', 'account_id'], ['post_id', 'post_id'], ['boost_id', 'boost_id']]),
  'boosts of posts without those of accounts': lonely('post_boosts', 'account_boosts', [['account_id', 'account_id'], ['post_id', 'post_id'], ['boost_id', 'boost_id']]),
  'boosts without their post': lonely('post_boosts', 'posts', [['boost_id', 'id'], ['post_id', 'boost_of']]),
  'posts without a place on their profile': lonely('posts', 'account_posts', [['account_id', 'account_id'], ['id', 'post_id']]),
  'places on profiles without a post': lonely('account_posts', 'posts', [['post_id', 'id'], ['account_id', 'account_id']]),
  'direct posts that are none': lonely('direct_posts', 'posts', [['post_id', 'id']]),
  'conversations of no post': lonely('conversation_posts', 'posts', [['post_id', 'id']]),
  'conversations without their newest post': lonely('conversations', 'conversation_posts', [['account_id', 'account_id'], ['thread_id', 'thread_id'], ['last_id', 'post_id']]),
  'conversations with a newer post': 'SELECT count(*) FROM conversations c WHERE last_id <> (SELECT MAX(post_id) FROM conversation_posts p WHERE p.account_id = c.account_id AND p.thread_id = c.thread_id)',
  'tags in public of no post': lonely('tag_posts', 'posts', [['post_id', 'id']]),
  'tags of no post': lonely('post_tags', 'posts', [['post_id', 'id']]),
  'mentions in no post': lonely('post_mentions', 'posts', [['post_id', 'id']]),
  'polls of no post': lonely('polls', 'posts', [['post_id', 'id']]),
  'options of no poll': lonely('poll_options', 'polls', [['post_id', 'post_id']]),
  'versions of no post': lonely('post_edits', 'posts', [['post_id', 'id']]),
  'favourites of no post': lonely('favourites', 'posts', [['post_id', 'id']]),
  'boosts of no post': lonely('post_boosts', 'posts', [['post_id', 'id']]),
  'pins of no post': lonely('pins', 'posts', [['post_id', 'id']]),
  'votes on no poll': lonely('poll_votes', 'polls', [['post_id', 'post_id']]),
  'numbers of no post': lonely('post_counts', 'posts', [['post_id', 'id']]),
  'answers to no post': 'SELECT count(*) FROM posts r WHERE reply_to IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = r.reply_to)',
  'bookmarks of no post': lonely('bookmarks', 'posts', [['post_id', 'id']]),
  'media of no post': 'SELECT count(*) FROM media m WHERE post_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = m.post_id)',
  'notifications about no post': 'SELECT count(*) FROM notifications n WHERE post_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = n.post_id)',
  'posts that say they have media or a poll, and have none': 'SELECT count(*) FROM posts p WHERE (has_media = 1 AND NOT EXISTS (SELECT 1 FROM media m WHERE m.post_id = p.id)) OR (has_poll = 1 AND NOT EXISTS (SELECT 1 FROM polls o WHERE o.post_id = p.id))',
  'numbers of posts': 'SELECT count(*) FROM accounts a WHERE COALESCE((SELECT posts FROM account_counts c WHERE c.account_id = a.id), 0) <> (SELECT count(*) FROM account_posts p WHERE p.account_id = a.id AND p.visibility <> 3)',
  'numbers of followers': 'SELECT count(*) FROM accounts a WHERE COALESCE((SELECT followers FROM account_counts c WHERE c.account_id = a.id), 0) <> (SELECT count(*) FROM followers f WHERE f.account_id = a.id)',
  'numbers of followed': 'SELECT count(*) FROM accounts a WHERE COALESCE((SELECT following FROM account_counts c WHERE c.account_id = a.id), 0) <> (SELECT count(*) FROM following f WHERE f.account_id = a.id)',
  'numbers of favourites': 'SELECT count(*) FROM posts p WHERE COALESCE((SELECT favourites FROM post_counts c WHERE c.post_id = p.id), 0) <> (SELECT count(*) FROM post_favourites f WHERE f.post_id = p.id)',
  'numbers of boosts': 'SELECT count(*) FROM posts p WHERE COALESCE((SELECT boosts FROM post_counts c WHERE c.post_id = p.id), 0) <> (SELECT count(*) FROM post_boosts b WHERE b.post_id = p.id)',
  'numbers of replies': 'SELECT count(*) FROM posts p WHERE COALESCE((SELECT replies FROM post_counts c WHERE c.post_id = p.id), 0) <> (SELECT count(*) FROM posts r WHERE r.reply_to = p.id AND r.visibility IN (0, 1))',
  'numbers of votes': 'SELECT count(*) FROM poll_options o WHERE votes <> (SELECT count(*) FROM poll_votes v WHERE v.post_id = o.post_id AND v.position = o.position)',
  'numbers of voters': 'SELECT count(*) FROM polls p WHERE voters <> (SELECT count(DISTINCT account_id) FROM poll_votes v WHERE v.post_id = p.post_id)'
}

export function ask (server, sql) {
  if (server.postgres) return server.postgres.query(sql)
  return execFileSync('sqlite3', ['-readonly', '-cmd', '.timeout 5000', join(server.data, 'kicau.db'), sql], { encoding: 'utf8' }).trim()
}

// What does not add up: {name: how many}.
export function wrongSums (server) {
  const names = Object.keys(sums)
  const rows = ask(server, names.map((name, n) => `SELECT ${n}, (${sums[name]})`).join(' UNION ALL ')).split('\n')
  return Object.fromEntries(rows.map((row) => row.split('|')).filter(([, bad]) => bad !== '0').map(([n, bad]) => [names[n], Number(bad)]))
}
