"""Mastodon.py: every public method of its class is called, found by introspection. One JSON object on standard output."""
import inspect
import io
import json
import os
import sys
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import urlparse

import mastodon
import requests
from mastodon import CallbackStreamListener, Mastodon

BASE = os.environ["KICAU_URL"]
ALICE, BOB, CAROL, APP = (os.environ["KICAU_TOKEN_" + n] for n in ("ALICE", "BOB", "CAROL", "APP"))
PASSWORD = os.environ["KICAU_PASSWORD"]
PICTURE = open(os.environ["KICAU_PICTURE"], "rb").read()
seen, results = [], {}


def note(reply, *_, **__):
    seen.append({"method": reply.request.method, "path": urlparse(reply.url).path, "status": reply.status_code})


def client(token, recorded=False):
    session = requests.Session()
    if recorded:
        session.hooks["response"].append(note)
    return Mastodon(access_token=token, api_base_url=BASE, session=session, version_check_mode="none", ratelimit_method="throw", request_timeout=20)


api, alice, bob, carol = client(ALICE, True), client(ALICE), client(BOB), client(CAROL)
me, him = alice.me().id, bob.me().id
count = [0]


def n():
    count[0] += 1
    return count[0]


def name():
    return "snake%d" % n()


def person():
    return PEOPLE.pop()


PEOPLE = json.loads(os.environ["KICAU_PEOPLE"])       # ids of people nobody has met
ASKERS = json.loads(os.environ["KICAU_ASKERS"])       # ids of people who ask to follow
WAITING = json.loads(os.environ["KICAU_WAITING"])     # of people who wait for a moderator
FOLLOWERS = json.loads(os.environ["KICAU_FOLLOWERS"])


def post(**more):
    return alice.status_post("post %d" % n(), **more)


def soon():
    return datetime.now(timezone.utc) + timedelta(hours=2)


def notification():
    carol.status_post("@alice hello %d" % n())
    return alice.notifications(limit=1)[0].id


def conversation():
    carol.status_post("@alice psst %d" % n(), visibility="direct")
    return alice.conversations()[0].id


def list_with():
    made = alice.list_create(name()).id
    alice.list_accounts_add(made, him)
    return made


def scheduled():
    return alice.status_post("later %d" % n(), scheduled_at=soon()).id


def poll():
    return bob.status_post("which %d" % n(), poll=bob.make_poll(["a", "b"], 3600)).poll.id


def report():
    return alice.admin_reports()[0].id


def page():
    post()
    return api.timeline_public(limit=1)


DAYS = (datetime.now(timezone.utc) - timedelta(days=6), datetime.now(timezone.utc))
KEYS = Mastodon.push_subscription_generate_keys(api)
LISTENER = CallbackStreamListener()


def stream(method, *args):
    before = len(seen)
    method(*args, LISTENER, run_async=True)  # closing it would wait for the next heartbeat; the end of the process does not
    for _ in range(400):
        if any("/streaming/" in one["path"] for one in seen[before:]):
            break
        time.sleep(0.02)
    else:
        raise AssertionError("the stream did not open")


GONE = "taken out of Mastodon"
LOCAL = "asks nothing of a server"
EXEMPT = {"follows": GONE, "reports": GONE, "search_v1": GONE, "status_card": GONE, "filters_apply": LOCAL, "decode_blurhash": LOCAL, "make_poll": LOCAL,
          "push_subscription_generate_keys": LOCAL, "push_subscription_decrypt_push": LOCAL, "set_language": LOCAL, "get_supported_version": LOCAL,
          "auth_request_url": LOCAL, "verify_minimum_version": LOCAL, "fetch_next": "follows the links of another method, here below", "log_in": "python.test.mjs signs in"}

# Arguments of each method, or a function that calls it.
CALLS = {
    "account": lambda: [him], "account_block": lambda: [person()], "account_familiar_followers": lambda: [[him]], "account_featured_tags": lambda: [him],
    "account_follow": lambda: [person()], "account_followers": lambda: [him], "account_following": lambda: [him], "account_lists": lambda: [him], "account_lookup": lambda: ["bob"],
    "account_mute": lambda: [person()], "account_note_set": lambda: [him, "a note"], "account_pin": lambda: [him], "account_relationships": lambda: [[him]],
    "account_remove_from_followers": lambda: [FOLLOWERS.pop()], "account_search": lambda: ["bob"], "account_statuses": lambda: [him], "account_unblock": lambda: [person()],
    "account_unfollow": lambda: [person()], "account_unmute": lambda: [person()], "account_unpin": lambda: [him], "account_update_credentials": lambda: ["Alice"],
    "admin_account": lambda: [person()], "admin_account_approve": lambda: [WAITING.pop()], "admin_account_delete": lambda: [suspended()], "admin_account_enable": lambda: [person()],
    "admin_account_moderate": lambda: [person(), "silence"], "admin_account_reject": lambda: [WAITING.pop()], "admin_account_unsensitive": lambda: [person()],
    "admin_account_unsilence": lambda: [person()], "admin_account_unsuspend": lambda: [suspended()], "admin_create_domain_block": lambda: [name() + ".example"],
    "admin_delete_domain_block": lambda: [alice.admin_create_domain_block(name() + ".example").id], "admin_update_domain_block": lambda: [alice.admin_create_domain_block(name() + ".example").id, "silence"],
    "admin_dimensions": lambda: bool(api.admin_dimensions(*DAYS, languages=True, sources=True)), "admin_measures": lambda: bool(api.admin_measures(*DAYS, active_users=True, instance_statuses="far.example")), "admin_retention": lambda: list(DAYS),
    "admin_report": lambda: [report()], "admin_report_assign": lambda: [report()], "admin_report_reopen": lambda: [report()], "admin_report_resolve": lambda: [report()], "admin_report_unassign": lambda: [report()],
    "announcement_dismiss": lambda: [alice.announcements()[0].id], "announcement_reaction_create": lambda: [alice.announcements()[0].id, "\U0001f40d"],
    "announcement_reaction_delete": lambda: [alice.announcements()[0].id, "\U0001f40d"], "conversations_read": lambda: [conversation()],
    "create_account": lambda: application().create_account(name(), PASSWORD, name() + "@example.com", agreement=True),
    "create_app": lambda: ["snake", ["read"], None, None, None, BASE], "domain_block": lambda: [name() + ".example"], "domain_unblock": lambda: [name() + ".example"],
    "featured_tag_create": lambda: [name()], "featured_tag_delete": lambda: [alice.featured_tag_create(name()).id], "fetch_previous": lambda: bool(api.fetch_previous(page())), "fetch_remaining": lambda: [api.timeline_public(limit=40)],
    "filter": lambda: [alice.filter_create(name(), ["home"]).id], "filter_create": lambda: [name(), ["home"]], "filter_delete": lambda: [alice.filter_create(name(), ["home"]).id],
    "filter_update": lambda: [alice.filter_create(name(), ["home"]).id, name(), ["home"]], "follow_request_authorize": lambda: [ASKERS.pop()], "follow_request_reject": lambda: [ASKERS.pop()],
    "list": lambda: [alice.list_create(name()).id], "list_accounts": lambda: [list_with()], "list_accounts_add": lambda: [alice.list_create(name()).id, him], "list_accounts_delete": lambda: [list_with(), him],
    "list_create": lambda: [name()], "list_delete": lambda: [list_with()], "list_update": lambda: [list_with(), name()], "markers_set": lambda: ["home", post().id],
    "media": lambda: [alice.media_post(io.BytesIO(PICTURE), "image/png").id], "media_post": lambda: [io.BytesIO(PICTURE), "image/png"], "media_update": lambda: [alice.media_post(io.BytesIO(PICTURE), "image/png").id, "a snake"],
    "notifications_dismiss": lambda: [notification()], "poll": lambda: [poll()], "poll_vote": lambda: [poll(), [0]], "report": lambda: [person(), None, "rude"],
    "push_subscription": lambda: (api.push_subscription_set("https://push.example/send/3", KEYS[1]), api.push_subscription()),
    "push_subscription_set": lambda: api.push_subscription_set("https://push.example/send/3", KEYS[1], mention_events=True), "push_subscription_update": lambda: api.push_subscription_update(mention_events=False),
    "revoke_access_token": lambda: revoke(),
    "scheduled_status": lambda: [scheduled()], "scheduled_status_delete": lambda: [scheduled()], "scheduled_status_update": lambda: [scheduled(), soon()],
    "search": lambda: ["bob"], "search_v2": lambda: ["bob"], "status_post": lambda: ["hello"], "toot": lambda: ["hello"], "status_reply": lambda: [bob.status_post("say"), "said"], "status_update": lambda: [post().id, "edited"],
    "status_unpin": lambda: [PINNED.pop()], "status_pin": lambda: [pin()],
    "stream_direct": lambda: stream(api.stream_direct), "stream_hashtag": lambda: stream(api.stream_hashtag, "birds"), "stream_list": lambda: stream(api.stream_list, list_with()),
    "stream_local": lambda: stream(api.stream_local), "stream_public": lambda: stream(api.stream_public), "stream_user": lambda: stream(api.stream_user),
    "suggestion_delete": lambda: [person()], "timeline_hashtag": lambda: ["birds"], "timeline_list": lambda: [list_with()],
}
PINNED = []


def pin():
    PINNED.append(post().id)
    return PINNED[-1]


def application(token=None):
    return Mastodon(client_id=os.environ["KICAU_CLIENT_ID"], client_secret=os.environ["KICAU_CLIENT_SECRET"], access_token=token, api_base_url=BASE, session=api.session, version_check_mode="none")


def revoke():
    application(os.environ["KICAU_TOKEN_SPARE"]).revoke_access_token()


def suspended():
    who = person()
    alice.admin_account_moderate(who, "suspend")
    return who


def call(method, function):
    if method in CALLS:
        given = CALLS[method]()
        return function(*given) if isinstance(given, list) else given
    needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    if [p.name for p in needed] == ["id"] and method.startswith("status_") or method == "status":
        return function(post().id)
    if needed:
        raise AssertionError("nobody said how to call %s" % method)
    return function()


methods = [m for m, f in inspect.getmembers(Mastodon, callable) if not m.startswith("_")]
for method in sorted(methods, key=lambda m: (m == "status_unpin", m)):
    if method in EXEMPT:
        continue
    try:
        call(method, getattr(api, method))
        results[method] = "ok"
    except Exception as error:  # what it was is what we want to know
        words = "%s %s" % (type(error).__name__, " ".join(str(part) for part in error.args))
        results[method] = "ok" if method == "email_resend_confirmation" and "confirm" in words else words[:200]
json.dump({"results": results, "seen": seen, "exempt": EXEMPT}, sys.stdout)
sys.stdout.flush()
os._exit(0)  # threads of streams do not keep us
