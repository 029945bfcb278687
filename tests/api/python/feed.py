# What a feed reader understands of the feed on its standard input, as JSON.
import json
import sys

import feedparser

feed = feedparser.parse(sys.stdin.buffer.read(), response_headers={'content-type': sys.argv[1], 'content-location': sys.argv[2]})
json.dump({
    'bozo': str(feed.get('bozo_exception', '')) if feed.bozo else '',
    'version': feed.version,
    'feed': {name: feed.feed.get(name) for name in ('title', 'subtitle', 'link', 'links', 'id', 'author', 'image', 'logo', 'updated_parsed', 'generator')},
    'entries': [{name: entry.get(name) for name in ('id', 'title', 'link', 'links', 'summary', 'content', 'author', 'enclosures', 'media_content', 'tags', 'published_parsed', 'updated_parsed')}
                for entry in feed.entries]
}, sys.stdout)
