"""Asks the test runner to open a page in its browser, sign in and consent; answers the code shown."""
import os
import sys

URL = os.environ["KICAU_URL"]
PICTURE = os.environ["KICAU_PICTURE"]
BOB_TOKEN = os.environ["KICAU_BOB_TOKEN"]


def visit(url):
    print("OPEN " + url, flush=True)
    code = sys.stdin.readline().strip()
    assert code, "the browser brought no code"
    return code
