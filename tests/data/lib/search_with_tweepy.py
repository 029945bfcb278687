"""What a program written with tweepy for X does to search and listen; arguments: address, key. Prints lines of JSON."""
import json
import sys

import tweepy

base, token = sys.argv[1:]


def to_server(client):
    """tweepy has no setting for the address."""
    request = client.session.request
    client.session.request = lambda method, url, **rest: request(method, url.replace("https://api.twitter.com", base), **rest)
    return client


def say(**what):
    print(json.dumps(what), flush=True)


class Listener(tweepy.StreamingClient):
    def on_connect(self):
        say(connected=True)

    def on_response(self, response):
        ours = [rule.id for rule in rules if rule.value == "goshawk"]
        self.delete_rules(ours)
        say(tweet=str(response.data.id), tags=[rule.tag for rule in response.matching_rules], left=[r.value for r in self.get_rules().data])
        self.disconnect()

    def on_closed(self, response):
        pass

    def on_exception(self, exception):
        raise exception


client = to_server(tweepy.Client(bearer_token=token))
pages = list(tweepy.Paginator(client.search_recent_tweets, "kestrel", max_results=10, tweet_fields=["created_at"]))
listener = to_server(Listener(token, max_retries=0))
listener.add_rules([tweepy.StreamRule("goshawk"), tweepy.StreamRule("hobby", tag="falcon")])
rules = listener.get_rules().data
say(
    found=[str(t.id) for page in pages for t in page.data or []],
    first=[str(t.id) for t in pages[0].data],
    total=client.get_recent_tweets_count("kestrel", granularity="hour").meta["total_tweet_count"],
    rules=sorted(rule.value for rule in rules),
)
listener.filter()
