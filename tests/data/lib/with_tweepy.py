"""What a program written with tweepy for X does; arguments: address, key, user, another user, post. Prints JSON."""
import json
import sys

import tweepy

base, token, user, other, post = sys.argv[1:]
client = tweepy.Client(bearer_token=token)

# tweepy has no setting for the address.
request = client.session.request
client.session.request = lambda method, url, **rest: request(method, url.replace("https://api.twitter.com", base), **rest)

one = client.get_tweet(post, tweet_fields=["public_metrics"], expansions=["author_id"])
timeline = [t for page in tweepy.Paginator(client.get_users_tweets, user, max_results=5) for t in page.data or []]
try:
    client.get_tweets(["x"])
    wrong = 200
except tweepy.BadRequest as error:
    wrong = error.response.status_code
print(json.dumps({
    "text": one.data.text,
    "author": one.includes["users"][0].username,
    "retweets": one.data.public_metrics["retweet_count"],
    "user": str(client.get_user(username="alice").data.id),
    "timeline": [str(t.id) for t in timeline],
    "mentions": len(client.get_users_mentions(other, max_results=100).data),
    "followers": [str(u.id) for u in client.get_users_followers(user).data],
    "quotes": [str(t.id) for t in client.get_quote_tweets(post).data],
    "missing": client.get_tweets(["17"]).errors[0]["resource_id"],
    "wrong": wrong,
}))
