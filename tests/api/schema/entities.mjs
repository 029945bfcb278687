// The shapes of Mastodon's client API, written as JSON Schema.
//
// definitions(viewer) answers one set per kind of reply:
//   'anonymous'  nobody is logged in: fields about the viewer must be absent
//   'user'       a user's token: fields about the viewer must be present
//   'stream'     a stream may send either, so they are optional
//
// Objects are closed: a field Mastodon does not have is an error here, because a client
// written against Mastodon may already use that name for something else.

const string = { type: 'string' }
const text = { type: 'string', minLength: 1 }
const bool = { type: 'boolean' }
const integer = { type: 'integer' }
const count = { type: 'integer', minimum: 0 }
const int32 = { type: 'integer', minimum: -2147483648, maximum: 2147483647 }
const number = { type: 'number' }
const nothing = { type: 'null' }
const id = { type: 'string', pattern: '^[0-9]{1,20}$' }
const url = { type: 'string', pattern: '^https?://[^\\s]+$' }
const uri = { type: 'string', pattern: '^(https?|tag|urn):[^\\s]+$' }
const date = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }
const midnight = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT00:00:00\\.000Z$' }
const looseTime = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?(Z|[+-]\\d\\d:\\d\\d)$' }
const unix = { type: 'string', pattern: '^[0-9]+$' }
const colour = { type: 'string', pattern: '^(#[0-9a-fA-F]{3,8})?$' }
const language = { type: 'string', pattern: '^[a-z]{2,3}(-[A-Za-z]{2,4})?$' }

const ref = (name) => ({ $ref: `#/$defs/${name}` })
const list = (items, more = {}) => ({ type: 'array', items, ...more })
const oneOf = (...values) => ({ enum: values })
const map = (values) => ({ type: 'object', additionalProperties: values })

function nullable (schema) {
  if (typeof schema.type === 'string' && !schema.enum) return { ...schema, type: [schema.type, 'null'] }
  return { anyOf: [nothing, schema] }
}

// In a field list a trailing '?' means the field may be absent.
function object (fields, more = {}) {
  const properties = {}
  const required = []
  for (const [key, schema] of Object.entries(fields)) {
    const name = key.endsWith('?') ? key.slice(0, -1) : key
    properties[name] = schema
    if (name === key) required.push(name)
  }
  return { type: 'object', properties, required, additionalProperties: false, ...more }
}
const open = (fields) => object(fields, { additionalProperties: true })
const ofViewer = (viewer, fields) => {
  if (viewer === 'anonymous') return {}
  if (viewer === 'user') return fields
  return Object.fromEntries(Object.entries(fields).map(([k, v]) => [k.replace(/\?$/, '') + '?', v]))
}

const visibility = oneOf('public', 'unlisted', 'private', 'direct')
const filterContext = list(oneOf('home', 'notifications', 'public', 'thread', 'account'), { minItems: 1, uniqueItems: true })
const policyValue = oneOf('accept', 'filter', 'drop')
const whoMayQuote = list(oneOf('public', 'followers', 'following', 'unsupported_policy'))
const approvalOfViewer = oneOf('automatic', 'manual', 'denied', 'unknown')
const quoteState = oneOf('pending', 'accepted', 'rejected', 'revoked', 'deleted', 'unauthorized',
  'blocked_account', 'blocked_domain', 'muted_account')
const access = oneOf('public', 'authenticated', 'disabled')
const size = { 'width?': count, 'height?': count, 'size?': { type: 'string', pattern: '^\\d+x\\d+$' }, 'aspect?': number }
const history = list(object({ day: unix, uses: unix, accounts: unix }))

const notificationTypes = ['mention', 'status', 'reblog', 'follow', 'follow_request', 'favourite', 'poll', 'update',
  'admin.sign_up', 'admin.report', 'severed_relationships', 'moderation_warning', 'quote', 'quoted_update',
  'added_to_collection', 'collection_update']
const alerts = ['mention', 'status', 'reblog', 'follow', 'follow_request', 'favourite', 'poll', 'update',
  'admin.sign_up', 'admin.report', 'quote', 'quoted_update']

function accountFields () {
  return {
    id,
    username: text,
    acct: { type: 'string', pattern: '^[A-Za-z0-9_.-]+(@[^\\s@]+)?$' },
    display_name: string,
    locked: bool,
    bot: bool,
    discoverable: nullable(bool),
    indexable: bool,
    group: bool,
    created_at: midnight,
    note: string,
    url: nullable(url),
    uri,
    avatar: url,
    avatar_static: url,
    avatar_description: string,
    header: url,
    header_static: url,
    header_description: string,
    followers_count: count,
    following_count: count,
    statuses_count: count,
    last_status_at: nullable(date),
    hide_collections: nullable(bool),
    'noindex?': nullable(bool),
    emojis: list(ref('CustomEmoji')),
    'roles?': list(object({ id: string, name: string, color: colour })),
    fields: list(ref('Field')),
    'moved?': nullable(ref('Account')),
    'memorial?': bool,
    'suspended?': bool,
    'limited?': bool,
    show_media: bool,
    show_media_replies: bool,
    show_featured: bool,
    feature_approval: ref('FeatureApproval')
  }
}

// Mastodon sends noindex and roles for its own accounts only.
const localNeeds = (required) => ({
  if: { properties: { acct: { pattern: '^[^@]+$' } } },
  then: { required }
})

function statusFields (viewer) {
  return {
    id,
    created_at: time,
    in_reply_to_id: nullable(id),
    in_reply_to_account_id: nullable(id),
    sensitive: bool,
    spoiler_text: string,
    visibility,
    language: nullable(language),
    uri,
    url: nullable(url),
    replies_count: count,
    reblogs_count: count,
    favourites_count: count,
    quotes_count: count,
    edited_at: nullable(time),
    content: string,
    reblog: nullable(ref('Status')),
    'application?': nullable(object({ name: text, website: nullable(url) })),
    account: ref('Account'),
    media_attachments: list(ref('MediaAttachment')),
    mentions: list(ref('Mention')),
    tags: list(ref('StatusTag')),
    emojis: list(ref('CustomEmoji')),
    card: nullable(ref('PreviewCard')),
    poll: nullable(ref('Poll')),
    quote: { anyOf: [nothing, ref('Quote'), ref('ShallowQuote')] },
    quote_approval: ref('QuoteApproval'),
    tagged_collections: list(ref('Collection')),
    ...ofViewer(viewer, {
      favourited: bool,
      reblogged: bool,
      muted: bool,
      bookmarked: bool,
      'pinned?': bool,
      filtered: list(ref('FilterResult'))
    })
  }
}

const instanceConfiguration = {
  urls: object({
    streaming: { type: 'string', pattern: '^wss?://' },
    status: nullable(url),
    about: url,
    privacy_policy: nullable(url),
    terms_of_service: nullable(url)
  }),
  vapid: object({ public_key: { type: 'string', pattern: '^[A-Za-z0-9_=-]{87,88}$' } }),
  accounts: object({
    max_display_name_length: int32,
    max_note_length: int32,
    max_avatar_description_length: int32,
    max_header_description_length: int32,
    max_featured_tags: int32,
    max_pinned_statuses: int32,
    max_profile_fields: int32,
    profile_field_name_limit: int32,
    profile_field_value_limit: int32
  }),
  statuses: object({ max_characters: int32, max_media_attachments: int32, characters_reserved_per_url: int32 }),
  media_attachments: object({
    supported_mime_types: list({ type: 'string', pattern: '^(image|video|audio)/' }, { minItems: 1 }),
    description_limit: int32,
    image_size_limit: int32,
    image_matrix_limit: int32,
    video_size_limit: int32,
    video_frame_rate_limit: int32,
    video_matrix_limit: int32
  }),
  polls: object({ max_options: int32, max_characters_per_option: int32, min_expiration: int32, max_expiration: int32 }),
  translation: object({ enabled: bool })
}

const feedAccess = object({ local: access, remote: access })

export function definitions (viewer) {
  const account = accountFields()
  const status = statusFields(viewer)
  const { content, ...statusWithoutContent } = status
  const card = {
    url,
    title: string,
    description: string,
    'language?': nullable(language),
    type: oneOf('link', 'photo', 'video', 'rich'),
    authors: list(object({ name: string, url: string, account: nullable(ref('Account')) })),
    author_name: string,
    author_url: string,
    provider_name: string,
    provider_url: string,
    html: string,
    width: count,
    height: count,
    image: nullable(url),
    'image_description?': string,
    embed_url: string,
    blurhash: nullable(string),
    published_at: nullable({ anyOf: [looseTime, unix] }),
    missing_attribution: nullable(bool)
  }
  const application = {
    'id?': string,
    name: text,
    website: nullable(url),
    scopes: list(string),
    redirect_uris: list(string, { minItems: 1 }),
    'redirect_uri?': string,
    'vapid_key?': string
  }
  const tag = {
    id: { type: 'string', pattern: '^[0-9]*$' }, // empty for a hashtag nobody has used
    name: text,
    url,
    history,
    ...ofViewer(viewer, { following: bool, 'featuring?': bool })
  }
  const notification = {
    id,
    type: oneOf(...notificationTypes),
    group_key: text,
    created_at: time,
    account: ref('Account'),
    'status?': nullable(ref('Status')),
    'report?': ref('Report'),
    'event?': ref('RelationshipSeveranceEvent'),
    'moderation_warning?': ref('AccountWarning'),
    'fallback?': nullable(ref('NotificationFallback')),
    'collection?': ref('Collection'),
    'filtered?': bool
  }
  const aboutStatus = {
    if: { properties: { type: oneOf('mention', 'status', 'reblog', 'favourite', 'poll', 'update', 'quote', 'quoted_update') } },
    then: { required: ['status'], properties: { status: ref('Status') } }
  }

  return {
    Account: object(account, localNeeds(['noindex', 'roles'])),
    CredentialAccount: object({ ...account, source: ref('Source'), role: ref('Role') }, localNeeds(['noindex', 'roles'])),
    MutedAccount: object({ ...account, mute_expires_at: nullable(time) }, localNeeds(['noindex', 'roles'])),
    PartialAccountWithAvatar: object({ id, acct: text, url: nullable(url), avatar: url, avatar_static: url, 'avatar_description?': string, locked: bool, bot: bool }),
    Field: object({ name: string, value: string, verified_at: nullable(looseTime) }),
    Source: object({
      privacy: oneOf('public', 'unlisted', 'private', 'direct'),
      sensitive: bool,
      language: nullable(string),
      note: string,
      fields: list(ref('Field')),
      follow_requests_count: count,
      hide_collections: nullable(bool),
      discoverable: nullable(bool),
      indexable: bool,
      attribution_domains: list(string),
      quote_policy: oneOf('public', 'followers', 'nobody')
    }),
    Role: object({
      id: { type: 'string', pattern: '^-?[0-9]+$' },
      name: string,
      color: colour,
      permissions: { type: 'string', pattern: '^[0-9]+$' },
      highlighted: bool,
      collection_limit: count
    }),
    Profile: object({
      id,
      display_name: string,
      note: string,
      fields: list(ref('Field')),
      avatar: nullable(url),
      avatar_static: nullable(url),
      avatar_description: string,
      header: nullable(url),
      header_static: nullable(url),
      header_description: string,
      locked: bool,
      bot: bool,
      hide_collections: nullable(bool),
      discoverable: nullable(bool),
      indexable: bool,
      show_media: bool,
      show_media_replies: bool,
      show_featured: bool,
      attribution_domains: list(string),
      'featured_tags?': list(ref('FeaturedTag'))
    }),
    Relationship: object({
      id,
      following: bool,
      showing_reblogs: bool,
      notifying: bool,
      languages: nullable(list(language)),
      followed_by: bool,
      blocking: bool,
      blocked_by: bool,
      muting: bool,
      muting_notifications: bool,
      muting_expires_at: nullable(time),
      requested: bool,
      requested_by: bool,
      domain_blocking: bool,
      endorsed: bool,
      note: string
    }),
    FamiliarFollowers: object({ id, accounts: list(ref('Account')) }),
    FeaturedTag: object({ id, name: text, url, statuses_count: { type: ['string', 'integer'], pattern: '^[0-9]+$' }, last_status_at: nullable(date) }),
    Suggestion: object({
      source: oneOf('staff', 'past_interactions', 'global'),
      sources: list(oneOf('featured', 'most_followed', 'most_interactions', 'similar_to_recently_followed', 'friends_of_friends')),
      account: ref('Account')
    }),
    IdentityProof: object({ provider: string, provider_username: string, updated_at: time, proof_url: url, profile_url: url }),

    Status: object(status),
    DeletedStatus: object({ ...statusWithoutContent, 'content?': string, text: string }),
    StatusSource: object({ id, text: string, spoiler_text: string }),
    StatusEdit: object({
      content: string,
      spoiler_text: string,
      sensitive: bool,
      created_at: time,
      account: ref('Account'),
      'poll?': nullable(object({ options: list(object({ title: string })) })),
      media_attachments: list(ref('MediaAttachment')),
      emojis: list(ref('CustomEmoji')),
      quote: { anyOf: [nothing, ref('ShallowQuote')] }
    }),
    Context: object({ ancestors: list(ref('Status')), descendants: list(ref('Status')) }),
    Mention: object({ id, username: text, url, acct: text }),
    StatusTag: object({ name: text, url }),
    Quote: object({ state: quoteState, quoted_status: nullable(ref('Status')) }),
    ShallowQuote: object({ state: quoteState, quoted_status_id: nullable(id) }),
    QuoteApproval: object({ automatic: whoMayQuote, manual: whoMayQuote, current_user: approvalOfViewer }),
    FeatureApproval: object({ automatic: list(string), manual: list(string), current_user: oneOf('automatic', 'manual', 'denied', 'missing', 'unknown') }),
    ScheduledStatus: object({
      id,
      scheduled_at: time,
      params: open({
        text: string,
        'poll?': nullable(open({ options: list(string), expires_in: { type: ['integer', 'string'] } })),
        'media_ids?': nullable(list(id)),
        'sensitive?': nullable(bool),
        'spoiler_text?': nullable(string),
        visibility: nullable(visibility),
        'in_reply_to_id?': { type: ['integer', 'string', 'null'] },
        'language?': nullable(language),
        'application_id?': { type: ['integer', 'string', 'null'] },
        'scheduled_at?': { type: ['null', 'string'] },
        'idempotency?': nullable(string),
        'with_rate_limit?': bool
      }),
      media_attachments: list(ref('MediaAttachment'))
    }),
    Poll: object({
      id,
      expires_at: nullable(time),
      expired: bool,
      multiple: bool,
      votes_count: count,
      voters_count: nullable(count),
      options: list(object({ title: string, votes_count: nullable(count) }), { minItems: 1 }),
      emojis: list(ref('CustomEmoji')),
      ...ofViewer(viewer, { voted: bool, own_votes: list(count) })
    }),
    MediaAttachment: object({
      id,
      type: oneOf('unknown', 'image', 'gifv', 'video', 'audio'),
      url: nullable(url),
      preview_url: nullable(url),
      remote_url: nullable(url),
      'preview_remote_url?': nullable(url),
      'text_url?': nullable(url),
      meta: nullable(object({
        'original?': object({ ...size, 'frame_rate?': string, 'duration?': number, 'bitrate?': number }),
        'small?': object(size),
        'focus?': nullable(object({ x: nullable(number), y: nullable(number) })),
        'colors?': map(string),
        'length?': string,
        'duration?': number,
        'fps?': number,
        'size?': string,
        'width?': count,
        'height?': count,
        'aspect?': number,
        'audio_encode?': string,
        'audio_bitrate?': string,
        'audio_channels?': string
      })),
      description: nullable(string),
      blurhash: nullable({ type: 'string', pattern: '^[0-9A-Za-z#$%*+,.:;=?@\\[\\]^_{|}~-]{6,}$' })
    }, {
      allOf: [
        [['image'], ['original', 'small']],
        [['video', 'gifv'], ['original', 'small', 'length', 'duration', 'fps', 'size', 'width', 'height', 'aspect']],
        [['audio'], ['original', 'length', 'duration', 'audio_encode', 'audio_bitrate', 'audio_channels']]
      ].map(([types, required]) => ({
        if: { properties: { type: oneOf(...types), url: { type: 'string' }, remote_url: nothing } },
        then: { properties: { meta: { type: 'object', required } } }
      }))
    }),
    CustomEmoji: object({ shortcode: text, url, static_url: url, visible_in_picker: bool, category: nullable(string), 'featured?': bool }),
    PreviewCard: object(card),
    TrendsLink: object({ ...card, history, 'id?': id }),
    AdminTag: object({ ...tag, trendable: bool, usable: bool, requires_review: bool }),
    AdminTrendsStatus: object({ ...status, requires_review: bool }),
    AdminTrendsLink: object({ ...card, history, id, requires_review: bool }),
    AdminPublisher: object({ id, domain: text, trendable: nullable(bool), reviewed_at: nullable(time), requested_review_at: nullable(time), requires_review: bool }),
    Translation: object({
      content: string,
      spoiler_text: string,
      language: string,
      'poll?': nullable(object({ id, options: list(object({ title: string })) })),
      media_attachments: list(object({ id, description: nullable(string) })),
      detected_source_language: string,
      provider: string
    }),
    Tag: object(tag),
    Search: object({ accounts: list(ref('Account')), statuses: list(ref('Status')), hashtags: list(ref('Tag')), 'collections?': list(ref('Collection')) }),

    Notification: object(notification, aboutStatus),
    NotificationFallback: object({ title: string, summary: nullable(string), details: nullable(string) }),
    GroupedNotificationsResults: object({
      accounts: list(ref('Account')),
      'partial_accounts?': list(ref('PartialAccountWithAvatar')),
      statuses: list(ref('Status')),
      notification_groups: list(object({
        group_key: text,
        notifications_count: { type: 'integer', minimum: 1 },
        type: oneOf(...notificationTypes),
        most_recent_notification_id: integer,
        'page_min_id?': id,
        'page_max_id?': id,
        'latest_page_notification_at?': time,
        sample_account_ids: list(id),
        'status_id?': nullable(id),
        'report?': ref('Report'),
        'event?': ref('RelationshipSeveranceEvent'),
        'moderation_warning?': ref('AccountWarning'),
        'fallback?': nullable(ref('NotificationFallback')),
        'collection?': ref('Collection')
      })),
      'collections?': list(ref('Collection'))
    }),
    NotificationPolicy: object({
      for_not_following: policyValue,
      for_not_followers: policyValue,
      for_new_accounts: policyValue,
      for_private_mentions: policyValue,
      for_limited_accounts: policyValue,
      'for_bots?': policyValue,
      summary: object({ pending_requests_count: count, pending_notifications_count: count })
    }),
    NotificationPolicyV1: object({
      filter_not_following: bool,
      filter_not_followers: bool,
      filter_new_accounts: bool,
      filter_private_mentions: bool,
      summary: object({ pending_requests_count: count, pending_notifications_count: count })
    }),
    NotificationRequest: object({
      id,
      created_at: time,
      updated_at: time,
      account: ref('Account'),
      notifications_count: { type: 'string', pattern: '^[0-9]+$' },
      'last_status?': nullable(ref('Status'))
    }),
    Merged: object({ merged: bool }),
    Count: object({ count }),
    RelationshipSeveranceEvent: object({
      id,
      type: oneOf('domain_block', 'user_domain_block', 'account_suspension'),
      purged: bool,
      target_name: string,
      followers_count: count,
      following_count: count,
      created_at: time
    }),
    AccountWarning: object({
      id,
      action: oneOf('none', 'disable', 'mark_statuses_as_sensitive', 'delete_statuses', 'sensitive', 'silence', 'suspend'),
      text: string,
      status_ids: nullable(list(id)),
      target_account: ref('Account'),
      appeal: nullable(object({ text: string, state: oneOf('approved', 'rejected', 'pending') })),
      created_at: time
    }),
    WebPushSubscription: object({
      id: { anyOf: [id, integer] },
      endpoint: url,
      standard: bool,
      server_key: text,
      alerts: object(Object.fromEntries(alerts.map((name) => [name === 'quote' || name === 'quoted_update' ? name + '?' : name, bool]))),
      'policy?': oneOf('all', 'followed', 'follower', 'none')
    }),

    Filter: object({
      id,
      title: text,
      context: filterContext,
      expires_at: nullable(time),
      filter_action: oneOf('warn', 'hide', 'blur'),
      keywords: list(ref('FilterKeyword')),
      statuses: list(ref('FilterStatus'))
    }),
    FilterInResult: object({
      id,
      title: text,
      context: filterContext,
      expires_at: nullable(time),
      filter_action: oneOf('warn', 'hide', 'blur'),
      'keywords?': list(ref('FilterKeyword')),
      'statuses?': list(ref('FilterStatus'))
    }),
    FilterKeyword: object({ id, keyword: text, whole_word: bool }),
    FilterStatus: object({ id, status_id: id }),
    FilterResult: object({ filter: ref('FilterInResult'), keyword_matches: nullable(list(string)), status_matches: nullable(list(id)) }),
    V1Filter: object({ id, phrase: text, context: filterContext, whole_word: bool, expires_at: nullable(time), irreversible: bool }),

    List: object({ id, title: text, replies_policy: oneOf('followed', 'list', 'none'), exclusive: bool }),
    Conversation: object({ id, unread: bool, accounts: list(ref('Account')), last_status: nullable(ref('Status')) }),
    Marker: object({ last_read_id: id, version: count, updated_at: time }),
    Markers: object({ 'home?': ref('Marker'), 'notifications?': ref('Marker') }),
    Preferences: object({
      'posting:default:visibility': visibility,
      'posting:default:sensitive': bool,
      'posting:default:language': nullable(language),
      'posting:default:quote_policy?': oneOf('public', 'followers', 'nobody'),
      'reading:expand:media': oneOf('default', 'show_all', 'hide_all'),
      'reading:expand:spoilers': bool,
      'reading:autoplay:gifs?': bool
    }),
    Report: object({
      id,
      action_taken: bool,
      action_taken_at: nullable(time),
      category: oneOf('spam', 'legal', 'violation', 'other'),
      comment: string,
      forwarded: nullable(bool),
      created_at: time,
      status_ids: nullable(list(id)),
      collection_ids: nullable(list(id)),
      rule_ids: nullable(list(id)),
      target_account: ref('Account')
    }),
    Announcement: object({
      id,
      content: string,
      starts_at: nullable(time),
      ends_at: nullable(time),
      all_day: bool,
      published_at: time,
      updated_at: time,
      ...ofViewer(viewer, { read: bool }),
      mentions: list(ref('Mention')),
      statuses: list(object({ id, url })),
      tags: list(ref('StatusTag')),
      emojis: list(ref('CustomEmoji')),
      reactions: list(ref('Reaction'))
    }),
    Reaction: object({ name: text, count, ...ofViewer(viewer, { me: bool }), 'url?': url, 'static_url?': url }),
    AdminAccount: object({
      id,
      username: text,
      domain: nullable(text),
      created_at: time,
      email: nullable(text),
      ip: nullable(string),
      confirmed: bool,
      suspended: bool,
      silenced: bool,
      sensitized: bool,
      disabled: bool,
      approved: bool,
      locale: nullable(string),
      invite_request: nullable(string),
      'created_by_application_id?': id,
      'invited_by_account_id?': id,
      ips: list(object({ ip: text, used_at: time })),
      account: ref('Account'),
      role: nullable(ref('Role'))
    }),
    AdminReport: object({
      id,
      action_taken: bool,
      action_taken_at: nullable(time),
      category: oneOf('spam', 'legal', 'violation', 'other'),
      comment: string,
      forwarded: bool,
      created_at: time,
      updated_at: time,
      account: ref('AdminAccount'),
      target_account: ref('AdminAccount'),
      assigned_account: nullable(ref('AdminAccount')),
      action_taken_by_account: nullable(ref('AdminAccount')),
      statuses: list(ref('Status')),
      'collections?': list(ref('Collection')),
      rules: list(ref('Rule'))
    }),
    AdminPlan: object({
      id,
      name: text,
      version: count,
      uses: list(oneOf('search', 'research', 'commercial', 'training')),
      month_micro: count, included: count, post_micro: count, user_micro: count, ceiling: count, rate_lookup: count, rate_search: count, rate_timeline: count, rate_stream: count, rate_job: count, rate_account: count, apps: count, keys: count, streams: count, rules: count, query_chars: count, history_days: count,
      hard_stop: bool, prepaid: bool, approval: bool, sample: bool, firehose: bool, exports: bool, metrics: bool
    }),
    AdminLicensee: object({ id, name: text, email: string, plan: text, plan_version: count, plan_since: time, keys: count, waits: bool, suspended_at: nullable(time), created_at: time }),
    AdminInvoice: object({ id, number: { type: 'string', pattern: '^[IC][0-9]{6,}$' }, kind: oneOf('invoice', 'credit_note'), licensee_id: id, month: text, currency: text, total_micro: integer, created_at: time }),
    AdminEntry: object({ id, kind: oneOf('day', 'payment', 'refund', 'credit'), licensee_id: id, date: text, reference: text, memo: string, lines: { type: 'object', additionalProperties: integer }, created_at: time }),
    AdminBalance: object({ licensee_id: id, currency: text, balance_micro: integer }),
    AdminBooks: object({ currency: text, books: object({ licensee: integer, manual: integer, stripe: integer, fees: integer, reads: integer, 'credit notes': integer }) }),
    AdminBooksCheck: object({ wrong: list(object({ what: text, about: string })), entries: count, invoices: count }),
    AdminLicenseeKey: object({
      id,
      licensee_id: id,
      licensee: text,
      project_id: id,
      project: text,
      app_id: id,
      app: text,
      hint: { type: 'string', pattern: '^[0-9A-Za-z]{4}$' },
      state: oneOf('active', 'expired', 'revoked'),
      created_at: time,
      expires_at: nullable(time),
      revoked_at: nullable(time),
      last_used_at: nullable(time),
      'token?': { type: 'string', pattern: '^kicau_[0-9A-Za-z]{46}$' }
    }),
    AdminWithholdingKey: object({
      licensee_id: { type: 'string', pattern: '^[0-9]+$' },
      generation: count,
      state: oneOf('waits', 'to come', 'decides', 'ended', 'revealed', 'lost'),
      ppm: count,
      from_id: { type: 'string', pattern: '^[0-9]+$' },
      until_id: nullable(id),
      created_at: time,
      committed: nullable(count),
      revealed: nullable(count),
      key: nullable({ type: 'string', pattern: '^[0-9a-f]{64}$' }),
      salt: nullable({ type: 'string', pattern: '^[0-9a-f]{64}$' })
    }),
    AdminDomainAllow: object({ id, domain: text, created_at: time }),
    AdminDomainBlock: object({
      id,
      domain: text,
      digest: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      created_at: time,
      severity: oneOf('silence', 'suspend', 'noop'),
      reject_media: bool,
      reject_reports: bool,
      private_comment: nullable(string),
      public_comment: nullable(string),
      obfuscate: bool
    }),
    AdminEmailDomainBlock: object({ id, domain: text, created_at: time, history, allow_with_approval: bool }),
    AdminIpBlock: object({
      id,
      ip: { type: 'string', pattern: '/[0-9]+$' },
      severity: oneOf('sign_up_requires_approval', 'sign_up_block', 'no_access'),
      comment: string,
      created_at: time,
      expires_at: nullable(time)
    }),
    AdminMeasure: object({ key: text, unit: nullable(text), total: text, 'human_value?': text, 'previous_total?': text, data: list(object({ date: looseTime, value: text })) }),
    AdminDimension: object({ key: text, data: list(object({ key: text, human_key: text, value: text, 'unit?': text, 'human_value?': text })) }),
    AdminCohort: object({ period: looseTime, frequency: oneOf('day', 'month'), data: list(object({ date: looseTime, rate: number, value: text })) }),
    AdminCanonicalEmailBlock: object({ id, canonical_email_hash: { type: 'string', pattern: '^[0-9a-f]{64}$' } }),
    Rule: object({ id, text, hint: string, translations: map(object({ text: string, hint: string })) }),
    Collection: object({
      id,
      account_id: id,
      uri,
      url: nullable(url),
      name: string,
      description: string,
      language: nullable(language),
      local: bool,
      sensitive: bool,
      discoverable: bool,
      tag: nullable(ref('StatusTag')),
      created_at: time,
      updated_at: time,
      item_count: count,
      'items?': list(ref('CollectionItem'))
    }),
    CollectionItem: object({ id, account_id: nullable(id), state: oneOf('pending', 'accepted', 'rejected', 'revoked'), created_at: time }),
    Collections: object({ collections: list(ref('Collection')) }),
    WrappedCollection: object({ collection: ref('Collection') }),
    WrappedCollectionItem: object({ collection_item: ref('CollectionItem') }),
    CollectionWithAccounts: object({ accounts: list(ref('Account')), collection: ref('Collection') }),

    Application: object(application),
    CredentialApplication: object({
      ...application,
      id: string,
      client_id: text,
      client_secret: text,
      client_secret_expires_at: { const: 0 },
      redirect_uri: string,
      vapid_key: string
    }),
    Token: object({ access_token: text, token_type: { const: 'Bearer' }, scope: string, created_at: integer }),
    UserInfo: object({ iss: url, sub: url, name: string, preferred_username: text, profile: url, picture: url }),
    AuthorizationServer: open({
      issuer: url,
      authorization_endpoint: url,
      token_endpoint: url,
      app_registration_endpoint: url,
      revocation_endpoint: url,
      'userinfo_endpoint?': url,
      scopes_supported: list(string, { minItems: 3 }),
      response_types_supported: { type: 'array', contains: { const: 'code' } },
      'response_modes_supported?': list(string),
      code_challenge_methods_supported: { type: 'array', contains: { const: 'S256' } },
      grant_types_supported: { type: 'array', contains: { const: 'authorization_code' } },
      token_endpoint_auth_methods_supported: list(string, { minItems: 1 })
    }),

    Instance: object({
      domain: text,
      title: string,
      version: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+' },
      source_url: url,
      description: string,
      wrapstodon: nullable(string),
      usage: object({ users: object({ active_month: int32 }) }),
      thumbnail: object({
        url,
        'description?': nullable(string),
        'blurhash?': nullable(string),
        'versions?': nullable(object({ '@1x?': url, '@2x?': url }))
      }),
      icon: list(object({ src: url, size: { type: 'string', pattern: '^\\d+x\\d+$' } })),
      languages: list(language),
      configuration: open({
        ...instanceConfiguration,
        timelines_access: object({ live_feeds: feedAccess, hashtag_feeds: feedAccess, trending_link_feeds: feedAccess }),
        limited_federation: bool
      }),
      registrations: object({
        enabled: bool,
        approval_required: bool,
        reason_required: nullable(bool),
        message: nullable(string),
        min_age: nullable(int32),
        'url?': nullable(url)
      }),
      api_versions: open({ mastodon: int32 }),
      contact: object({ email: string, account: nullable(ref('Account')) }),
      rules: list(ref('Rule'))
    }),
    V1Instance: object({
      uri: { type: 'string', pattern: '^[^/\\s]+$' },
      title: string,
      short_description: string,
      description: string,
      email: string,
      version: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+' },
      urls: object({ streaming_api: { type: 'string', pattern: '^wss?://' } }),
      stats: object({ user_count: int32, status_count: int32, domain_count: int32 }),
      thumbnail: nullable(url),
      languages: list(language),
      registrations: bool,
      approval_required: bool,
      invites_enabled: bool,
      configuration: open({
        accounts: open({ max_featured_tags: int32 }),
        statuses: instanceConfiguration.statuses,
        media_attachments: instanceConfiguration.media_attachments,
        polls: instanceConfiguration.polls
      }),
      contact_account: nullable(ref('Account')),
      rules: list(ref('Rule'))
    }),
    Activity: object({ week: unix, statuses: unix, logins: unix, registrations: unix }),
    DomainBlock: object({ domain: text, digest: { type: 'string', pattern: '^[0-9a-f]{64}$' }, severity: oneOf('silence', 'suspend'), 'comment?': nullable(string) }),
    ExtendedDescription: object({ updated_at: nullable(looseTime), content: string }),
    DataLicence: object({ search: bool, research: bool, commercial: bool, training: bool, offered: list(oneOf('search', 'research', 'commercial', 'training')), chosen: bool, changed_at: nullable(time) }),
    DataHolders: object({ id, status_id: nullable(id), deleted_at: nullable(time), withdrawn_at: nullable(time), uses: list(oneOf('search', 'research', 'commercial', 'training')), complete: bool, holders: list(object({ licensee: text, received_at: time, acknowledged_at: nullable(time) })) }),
    PrivacyPolicy: object({ updated_at: nullable(looseTime), content: string }),
    TermsOfService: object({ effective_date: nullable(date), effective: bool, content: string, succeeded_by: nullable(date) }),
    Language: object({ code: text, name: text }),
    TranslationLanguages: map(list(string)),
    WrappedAnnualReports: object({
      annual_reports: list(object({
        year: integer, data: { type: 'object' }, schema_version: integer, share_url: nullable(url), account_id: id
      })),
      accounts: list(ref('Account')),
      statuses: list(ref('Status'))
    }),
    AnnualReportState: object({ state: oneOf('available', 'generating', 'eligible', 'ineligible') }),
    DomainBlockPreview: object({ following_count: count, followers_count: count }),
    AsyncRefresh: object({ async_refresh: object({ id: text, status: oneOf('running', 'finished'), result_count: nullable(count) }) }),
    OEmbed: open({
      type: oneOf('rich', 'link'),
      version: { const: '1.0' },
      html: text,
      width: nullable(count),
      height: nullable(count),
      'author_name?': string,
      'author_url?': url,
      'provider_name?': string,
      'provider_url?': url,
      'cache_age?': { type: ['integer', 'string'] }
    }),
    NodeInfoLinks: open({ links: list(open({ rel: { type: 'string', pattern: '^http' }, href: url }), { minItems: 1 }) }),
    NodeInfo: object({
      version: oneOf('2.0', '2.1'),
      software: object({
        name: { type: 'string', pattern: '^[a-z0-9-]+$' },
        version: text,
        'repository?': url,
        'homepage?': url
      }),
      protocols: { type: 'array', items: oneOf('activitypub'), minItems: 1 },
      services: object({ inbound: list(string), outbound: list(string) }),
      openRegistrations: bool,
      usage: object({
        users: object({ 'total?': count, 'activeMonth?': count, 'activeHalfyear?': count }),
        'localPosts?': count,
        'localComments?': count
      }),
      metadata: { type: 'object' }
    }),
    DonationCampaign: { anyOf: [nothing, { type: 'object' }] },

    Strings: list(string),
    // kicau's own: Mastodon has no API for importing and exporting.
    ModerationEntry: object({ id, created_at: time, by: nullable(ref('Account')), action: text, kind: text, target_id: nullable(id), label: string }),
    Archive: object({ id, state: oneOf('making', 'ready', 'failed'), bytes: count, posts: count, url: nullable(url), error: nullable(text), created_at: time, expires_at: time }),
    Import: object({
      id, kind: oneOf('follows', 'blocks', 'mutes', 'domain_blocks', 'bookmarks', 'lists', 'filters', 'mastodon', 'twitter'),
      mode: oneOf('merge', 'overwrite'), state: oneOf('sending', 'running', 'finished', 'failed'), bytes: count, total: count, done: count, taken: count,
      known: count, refused: count, problems: count, error: nullable(text), created_at: time, updated_at: time
    }),
    ImportProblem: object({ id, place: text, item: string, words: text }),

    Empty: { type: 'object', maxProperties: 0 },
    Text: string,
    OpenAPI: { type: 'object', required: ['openapi', 'info', 'paths'] },
    String: string,
    Boolean: bool,
    Error: object({ error: text, 'error_description?': string, 'details?': map(list(object({ error: text, description: text }))) }),
    OAuthError: object({ error: oneOf('invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'unsupported_response_type', 'invalid_scope', 'access_denied', 'invalid_token', 'server_error', 'temporarily_unavailable'), error_description: text, 'state?': string })
  }
}
