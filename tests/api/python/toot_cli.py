"""toot, the command line client: registers itself, signs in with a shown code, posts and reads."""
import json
import os
import re
import subprocess
import tempfile
import unittest
import urllib.request
from urllib.parse import urlparse

from visit import PICTURE, URL, visit

HOST = urlparse(URL).netloc
CONFIG = tempfile.TemporaryDirectory()
ENVIRONMENT = dict(os.environ, XDG_CONFIG_HOME=CONFIG.name, PYTHONUNBUFFERED="1", LC_ALL="C.UTF-8")


def toot(*arguments, status=0, stdin=""):
    done = subprocess.run(["/usr/bin/toot", *arguments, "--no-color"], input=stdin, env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30)
    # toot answers 0 even after some errors, so its words are read too.
    if status == 0 and (done.returncode != 0 or "Traceback" in done.stdout):
        raise AssertionError("toot %s: exit %d\n%s" % (" ".join(arguments), done.returncode, done.stdout))
    return done.stdout


def status_of(number):
    with urllib.request.urlopen("%s/api/v1/statuses/%s" % (URL, number), timeout=10) as reply:
        return json.load(reply)


def posted(*arguments):
    output = toot("post", *arguments)
    found = re.search(r"Toot posted: (\S+)", output)
    assert found, output
    return found.group(1).rstrip("/").rsplit("/", 1)[1]


class Toot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        login = subprocess.Popen(["/usr/bin/toot", "login", "--instance", HOST, "--disable-https", "--no-color"], env=ENVIRONMENT,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)
        seen = []
        for line in login.stdout:
            seen.append(line)
            if line.startswith("http"):
                code = visit(line.strip())
                break
        else:
            raise AssertionError("toot showed no address:\n" + "".join(seen))
        rest, _ = login.communicate("n\n" + code + "\n", timeout=30)
        assert "Successfully logged in" in rest, "".join(seen) + rest

    def test_whoami(self):
        output = toot("whoami")
        self.assertIn("@alice", output)
        self.assertIn("alice", toot("auth"))

    def test_instance(self):
        self.assertIn("compatible; kicau", toot("instance", HOST, "--disable-https"))

    def test_post_read_delete(self):
        number = posted("hello from toot #toot", "--visibility", "public", "--language", "en")
        self.assertIn("hello from toot", toot("timeline", "--once", "--public", "--local"))
        self.assertIn("hello from toot", toot("timeline", "--once", "--tag", "toot"))
        reply = posted("a reply", "--reply-to", number)
        self.assertIn("a reply", toot("thread", number))
        toot("favourite", number)
        toot("reblog", number)
        self.assertIn("alice", toot("reblogged_by", number))
        toot("unreblog", number)
        toot("unfavourite", number)
        toot("bookmark", number)
        self.assertIn("hello from toot", toot("bookmarks", "--once"))
        toot("unbookmark", number)
        toot("pin", number)
        toot("unpin", number)
        toot("delete", reply)
        toot("delete", number)
        self.assertNotIn("hello from toot", toot("timeline", "--once", "--public", "--local"))

    def test_media_and_warning(self):
        number = posted("with a picture", "--media", PICTURE, "--description", "stripes", "--sensitive", "--spoiler-text", "careful")
        self.assertIn("with a picture", toot("thread", number))  # toot shows no warnings: the API is asked
        status = status_of(number)
        self.assertEqual((status["spoiler_text"], status["sensitive"]), ("careful", True))
        self.assertEqual(status["media_attachments"][0]["description"], "stripes")

    def test_people(self):
        self.assertIn("following bob", toot("follow", "bob"))
        self.assertIn("bob", toot("following", "alice"))
        self.assertIn("alice", toot("followers", "bob"))
        toot("mute", "bob")
        toot("unmute", "bob")
        toot("unfollow", "bob")
        toot("block", "bob")
        toot("unblock", "bob")
        self.assertIn("@bob", toot("whois", "bob"))
        self.assertIn("bob", toot("search", "bob"))

    def test_reading(self):
        posted("for my own home")
        self.assertIn("for my own home", toot("timeline", "--once"))
        toot("notifications")
        toot("tags_followed")


if __name__ == "__main__":
    unittest.main(argv=["toot_cli", "-v"])
