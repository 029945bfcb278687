"""Mastodon.py, the library behind many bots, through one day of a bot."""
import threading
import time
import unittest
from datetime import datetime

from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError, StreamListener

from visit import BOB_TOKEN, PICTURE, URL, visit


class Listener(StreamListener):
    def __init__(self):
        self.events = []

    def on_update(self, status):
        self.events.append(("update", status["id"]))

    def on_notification(self, notification):
        self.events.append(("notification", notification["type"]))

    def on_delete(self, status_id):
        self.events.append(("delete", status_id))

    def on_status_update(self, status):
        self.events.append(("edit", status["id"]))


def eventually(test, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = test()
        if result:
            return result
        time.sleep(0.1)
    raise AssertionError("waited %d s in vain" % seconds)


class Day(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        client_id, secret = Mastodon.create_app("Bot", scopes=["read", "write", "follow", "push"], api_base_url=URL)
        cls.api = Mastodon(client_id=client_id, client_secret=secret, api_base_url=URL, ratelimit_method="throw")
        code = visit(cls.api.auth_request_url(scopes=["read", "write", "follow", "push"]))
        cls.token = cls.api.log_in(code=code, scopes=["read", "write", "follow", "push"])
        cls.me = cls.api.me()
        cls.bob = Mastodon(access_token=BOB_TOKEN, api_base_url=URL)
        cls.other = cls.bob.me()

    def test_versions_and_instance(self):
        self.assertTrue(self.api.verify_minimum_version("4.0.0"))
        instance = self.api.instance()
        self.assertIn("contact_account", instance)
        self.assertEqual(self.me.username, "alice")
        self.assertIsInstance(self.me.created_at, datetime)
        self.assertEqual(self.api.app_verify_credentials().name, "Bot")
        self.assertIn("posting:default:visibility", self.api.preferences())
        self.assertEqual(self.api.instance_health(), True)
        self.assertEqual(self.api.instance_nodeinfo().metadata.upstream.name, "mastodon")
        self.api.instance_activity()
        self.api.instance_peers()
        self.api.instance_rules()
        self.api.custom_emojis()
        self.api.announcements()

    def test_posts(self):
        status = self.api.status_post("hello from a bot #python", visibility="public", language="en")
        self.assertEqual(self.api.status(status.id).content, status.content)
        reply = self.bob.status_reply(status, "hello bot")
        self.assertEqual(self.api.status_context(status.id).descendants[0].id, reply.id)
        self.assertTrue(self.api.status_favourite(reply).favourited)
        self.assertTrue(self.api.status_bookmark(reply).bookmarked)
        self.assertEqual(self.api.status_reblog(reply).reblog.id, reply.id)
        self.assertEqual(self.api.status_favourited_by(reply)[0].id, self.me.id)
        self.assertEqual(self.api.status_reblogged_by(reply)[0].id, self.me.id)
        self.api.status_unreblog(reply)
        self.api.status_unfavourite(reply)
        self.api.status_unbookmark(reply)
        self.assertTrue(self.api.status_pin(status).pinned)
        self.api.status_unpin(status)
        self.api.status_mute(status)
        self.api.status_unmute(status)
        edited = self.api.status_update(status.id, "hello again from a bot")
        self.assertIsNotNone(edited.edited_at)
        self.assertEqual(len(self.api.status_history(status.id)), 2)
        self.assertEqual(self.api.status_source(status.id).text, "hello again from a bot")
        self.api.status_delete(status)
        with self.assertRaises(MastodonNotFoundError):
            self.api.status(status.id)

    def test_pictures_and_polls(self):
        media = self.api.media_post(PICTURE, description="a picture", focus=(0.5, -0.5), synchronous=True)
        self.assertIsNotNone(media.url)
        status = self.api.status_post("look", media_ids=[media])
        self.assertEqual(status.media_attachments[0].description, "a picture")
        poll = self.api.status_post("choose", poll=self.api.make_poll(["a", "b"], 600)).poll
        self.bob.poll_vote(poll, 1)  # this version of the library drops the answer
        self.assertEqual(self.bob.poll(poll).own_votes, [1])
        self.assertEqual(self.api.poll(poll).votes_count, 1)
        self.api.account_update_credentials(display_name="Bot", avatar=PICTURE, fields=[("site", "https://example.com")])
        self.assertEqual(self.api.me().display_name, "Bot")

    def test_people(self):
        self.assertTrue(self.api.account_follow(self.other).following)
        self.assertTrue(self.bob.account_relationships(self.me)[0].followed_by)
        made = self.api.list_create("robots")
        self.api.list_accounts_add(made, [self.other])
        self.assertEqual(self.api.list_accounts(made)[0].id, self.other.id)
        self.api.list_delete(made)
        self.assertTrue(self.api.account_mute(self.other, duration=30).muting)
        self.assertEqual(self.api.mutes()[0].id, self.other.id)
        self.assertFalse(self.api.account_unmute(self.other).muting)
        self.assertFalse(self.api.account_unfollow(self.other).following)
        self.assertTrue(self.api.account_block(self.other).blocking)
        self.assertEqual(self.api.blocks()[0].id, self.other.id)
        self.assertFalse(self.api.account_unblock(self.other).blocking)
        self.assertEqual(self.api.account_lookup("bob").id, self.other.id)
        self.assertEqual(self.api.account_search("bob")[0].id, self.other.id)
        self.api.suggestions()
        self.api.account_featured_tags(self.other)

    def test_timelines_and_pages(self):
        for number in range(6):
            self.api.status_post("page %d #lembar" % number)
        first = self.api.timeline_hashtag("lembar", limit=2)
        everything = self.api.fetch_remaining(first)
        self.assertEqual(len(everything), 6)
        self.assertEqual(len({status.id for status in everything}), 6)
        second = self.api.fetch_next(first)
        self.assertEqual([s.id for s in self.api.fetch_previous(second)], [s.id for s in first])
        for timeline in ("home", "local", "public"):
            self.assertGreater(len(self.api.timeline(timeline)), 0)

    def test_notifications_markers(self):
        self.bob.status_post("@alice beep")
        note = eventually(lambda: [n for n in self.api.notifications() if n.type == "mention"])[0]
        self.assertEqual(note.account.id, self.other.id)
        self.api.markers_set(["notifications"], [note.id])
        self.assertEqual(str(self.api.markers_get(["notifications"])["notifications"].last_read_id), str(note.id))
        self.assertEqual(self.api.filters(), [])
        self.assertTrue(self.api.search("bob").accounts)
        self.assertTrue(self.api.trending_tags() is not None)

    def test_errors(self):
        with self.assertRaises(MastodonUnauthorizedError):
            Mastodon(access_token="nonsense", api_base_url=URL).me()
        with self.assertRaises(MastodonAPIError):
            self.api.status_post("x" * 501)

    def test_stream(self):
        listener = Listener()
        handle = self.api.stream_user(listener, run_async=True)
        try:
            eventually(handle.is_receiving)
            status = self.bob.status_post("@alice stream")
            eventually(lambda: ("notification", "mention") in listener.events)
            mine = self.api.status_post("my own")
            eventually(lambda: ("update", mine.id) in listener.events)
            self.api.status_delete(mine)
            eventually(lambda: any(kind == "delete" and str(which) == str(mine.id) for kind, which in listener.events))
            self.assertTrue(status)
        finally:
            closer = threading.Thread(target=handle.close, daemon=True)
            closer.start()
            closer.join(5)

    def test_zz_revoke(self):
        self.api.revoke_access_token()
        with self.assertRaises(MastodonAPIError):
            Mastodon(access_token=self.token, api_base_url=URL).me()


if __name__ == "__main__":
    unittest.main(argv=["mastodon_py", "-v"])
