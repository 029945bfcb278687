// What X's own published documents say of an answer: the types that X made of them for its two SDKs, twitter-api-sdk (2.54, in
// which members that must be there are said to be) and xdk (2.167, the newest), with the compiler as judge. An answer is written down as a literal of the type its endpoint has; so a member too many, one that is missing, another
// type or a word that is not among those allowed is an error, however deep.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'

const require = createRequire(import.meta.url)
const types = join(dirname(require.resolve('twitter-api-sdk')), 'gen/openapi-types.d.ts')

// Media and problems are unions in the document, told apart by their type, which its generator left out; what is wrong
// with a rule, X says with members that the document does not have (its page "Filtered stream" shows them). Since: members that X has
// published after that version of its document, with the types they have there (2.167).
const prelude = `
import type { Schemas } from '@xdevplatform/xdk'
import type { operations, components } from ${JSON.stringify(types.replace(/\.d\.ts$/, ''))}
type S = components['schemas']
type Media = (S['Photo'] & { type: 'photo' }) | (S['Video'] & { type: 'video', alt_text?: string }) | (S['AnimatedGif'] & { type: 'animated_gif', alt_text?: string })
type Problem = S['Problem'] | S['ResourceNotFoundProblem'] | S['InvalidRequestProblem'] | S['UsageCapExceededProblem'] | S['ClientForbiddenProblem'] | S['OperationalDisconnectProblem'] | S['RulesCapProblem'] | S['DuplicateRuleProblem'] | (S['InvalidRuleProblem'] & { value: string, details: string[] })
type User = { username: string, name: string }
type Metrics = { retweet_count: number, like_count: number }
type Span = { newest_id?: string, oldest_id?: string, result_count?: number }
type Job = { upload_url: string }
type Since<T> = T extends User ? { verified_type?: 'blue' | 'business' | 'government' | 'none' } : T extends Metrics ? { bookmark_count: number, impression_count: number } : T extends Span ? { previous_token?: string } : T extends Job ? { resumable: boolean } : unknown
type Whole<T> = T extends (infer One)[] ? Whole<One>[] : T extends object ? { [K in keyof T]: K extends 'media' ? Media[] : K extends 'errors' ? Problem[] : Whole<T[K]> } & Since<T> : T
type Answer<O extends keyof operations, Status extends number> = operations[O]['responses'] extends { [K in Status]: { content: { 'application/json': infer T } } } ? Whole<T> : never
`
const answers = []

// An answer of the operation, to be judged by verdict(). A stream's line is an answer.
export function answered (operation, json, status = 200) { answers.push({ what: operation, type: `Answer<'${operation}', ${status}>`, json }) }
// Anything else that the document has a schema of.
export function shaped (schema, json) { answers.push({ what: schema, type: `Whole<S['${schema}']>`, json }) }
export function problem (json, name = 'Problem') { answers.push({ what: name, type: name === 'Problem' ? 'Problem' : `S['${name}']`, json }) }

// The same answers against X's newest document (2.167), of which X made the types of its xdk. It calls tweets posts and has its
// names in its client's spelling; what is ours is written down in those names first.
const NEWEST = {
  findTweetsById: 'GetPostsByIds',
  findTweetById: 'GetPostsById',
  findTweetsThatQuoteATweet: 'GetPostsQuotedPosts',
  tweetsIdRetweetingUsers: 'GetPostsRepostedBy',
  findUsersById: 'GetUsersByIds',
  findUserById: 'GetUsersById',
  findUsersByUsername: 'GetUsersByUsernames',
  findUserByUsername: 'GetUsersByUsername',
  usersIdTweets: 'GetUsersPosts',
  usersIdMentions: 'GetUsersMentions',
  usersIdFollowers: 'GetUsersFollowers',
  usersIdFollowing: 'GetUsersFollowing',
  tweetsRecentSearch: 'SearchPostsRecent',
  tweetsFullarchiveSearch: 'SearchPostsAll',
  tweetCountsRecentSearch: 'GetPostsCountsRecent',
  tweetCountsFullArchiveSearch: 'GetPostsCountsAll',
  createBatchComplianceJob: 'CreateComplianceJobs',
  getBatchComplianceJob: 'GetComplianceJobsById',
  listBatchComplianceJobs: 'GetComplianceJobs',
  getTweetsFirehoseStream: 'StreamPostsFirehose'
}
const RENAMED = {
  retweet_count: 'repostCount', tweet_count: 'postCount', total_tweet_count: 'totalPostCount', edit_history_tweet_ids: 'editHistoryPostIds', referenced_tweets: 'referencedPosts', note_tweet: 'notePost', pinned_tweet_id: 'pinnedPostId', tweets: 'posts'
}
const newest = (json) => Array.isArray(json)
  ? json.map(newest)
  : json === null || typeof json !== 'object'
    ? json
    : Object.fromEntries(Object.entries(json).map(([key, value]) => [RENAMED[key] ?? key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()), newest(value)]))
const newestOf = ({ what, json }) => ({ what: `${what} (2.167)`, type: `Schemas.${NEWEST[what]}Response`, json: newest(json) })

const write = ({ type, json }, i) => `export const answer${i}: ${type} = ${JSON.stringify(json)}`

// What is wrong with what was collected so far, in words; none of it is judged again.
export function verdict () {
  const name = join(dirname(types), 'answers.ts')
  const begin = prelude.split('\n').length - 1
  const both = answers.splice(0).flatMap((one) => NEWEST[one.what] ? [one, newestOf(one)] : [one])
  const text = prelude + both.map(write).join('\n')
  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }
  const host = ts.createCompilerHost(options)
  const getSourceFile = host.getSourceFile.bind(host)
  host.getSourceFile = (file, ...rest) => file === name ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest)
  return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host)).map((one) => {
    const words = ts.flattenDiagnosticMessageText(one.messageText, '\n')
    if (!one.file || one.file.fileName !== name) return words
    const { line, character } = one.file.getLineAndCharacterOfPosition(one.start)
    const of = both[line - begin]
    return of ? `${of.what}: ${words}\n  in …${text.split('\n')[line].slice(Math.max(0, character - 60), character + 100)}…` : `line ${line + 1}: ${words}`
  })
}
