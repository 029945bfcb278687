// Who may see what: the rules of visibility as Mastodon documents them, once more and independent of the server.
// A marker is a word that stands in exactly one text; Markers knows which.

const everyone = ['anonymous', 'app', 'stranger', 'follower', 'muted', 'muting', 'mentioned', 'moderator', 'author']
const readers = {
  public: everyone, // not "blocked": whom the author blocks sees nothing of them
  unlisted: everyone,
  private: ['author', 'follower'],
  mentioning: ['author', 'follower', 'mentioned'], // for followers, and it names one who is none
  direct: ['author', 'mentioned'],
  answer: ['author', 'follower'], // the follower's own private reply; it names the author
  report: ['moderator'],
  staff: ['moderator'],
  warning: ['moderator', 'stranger'],
  own: ['author'] // a direct post to nobody, titles of lists, notes about others, the mail address, what is not posted
}
const discovery = /^\/(api\/v1\/(timelines\/(public|tag|link)|trends)|public|tags\/|api\/v1\/tags\/)/
const sameForAll = /^\/(@|tags\/)[^/]*\.(rss|atom)$|^\/@[^/]+\/\d+\/(embed(\/(code|ask))?|snapshot)$|^\/api\/oembed/ // nobody is asked who they are
const listing = /^\/(api\/v1\/timelines\/|api\/v2\/search|api\/v\d\/notifications|public|home|search|notifications)/

// Moderators see mail addresses, and the posts of a report: the one for followers was reported, and none of its neighbours.
function forModerators (kind, place, where) {
  if (kind === 'private' && place === 'id' && /^user/.test(where.stream)) return true // in admin.report
  const { path } = where
  if (place === 'mail') return /^(\/api\/v\d)?\/admin\//.test(path)
  return kind === 'private' && ['id', 'text', 'warning', 'alt', 'tag', 'oldalt'].includes(place) && /^\/admin\/reports\/|^\/api\/v1\/(admin\/reports|notifications|admin\/accounts\/\d+\/action)|^\/api\/v2\/notifications/.test(path)
}

// where: {path} of a reply, or {stream} of a frame.
export function maySee ({ kind, place, gone, kept }, viewer, where = {}) {
  if (sameForAll.test(where.path)) viewer = 'anonymous'
  if (place === 'tag' && kind === 'public' && /^\/(api\/v2\/)?search/.test(where.path)) return true // a word in use, whoever used it
  if (viewer === 'moderator' && forModerators(kind, place, where)) return true
  if (gone && place === 'id' && viewer === 'author' && /^\/api\/v1\/data_holders/.test(where.path)) return true // who still holds what one has deleted
  if (gone && !where.stream) return Boolean(kept) && viewer === 'author' // pictures of a deleted post, to write it again
  if (!readers[kind].includes(viewer)) return false
  if (place === 'id') return true // whoever may see a thing may know its id
  const public_ = where.stream ? /^(public|hashtag)/.test(where.stream) : discovery.test(where.path)
  if (public_ && kind !== 'public') return false
  return !(viewer === 'muting' && (where.stream || listing.test(where.path)))
}

export class Markers {
  constructor () { this.words = new Map(); this.ids = new Map() }

  // A word for one place of one post (or other text) of this kind. `gone`: it is deleted in the end.
  word (kind, place, more = {}) {
    const word = `zk${kind}${place}${more.gone ? 'gone' : ''}kz`
    this.words.set(word, { kind, place, ...more })
    return word
  }

  id (id, kind, more = {}) { this.ids.set(String(id), { kind, place: 'id', ...more }); return String(id) }

  // What of this text the viewer must not see. `asked`: what the viewer said themself proves nothing.
  leaks (text, viewer, where, asked = '') {
    const found = new Set(text.match(/zk[a-z]+?kz|\d{16,20}/g))
    const leaks = []
    for (const one of found) {
      const about = this.words.get(one) || this.ids.get(one)
      if (about && !asked.includes(one) && !maySee(about, viewer, where)) leaks.push(`${one} (${about.kind} ${about.place})`)
    }
    return leaks
  }

  seen (text) { return (text.match(/zk[a-z]+?kz/g) || []).filter((word) => this.words.has(word)) }
}
