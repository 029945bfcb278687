#!/usr/bin/env python3
"""ledger.py KEY PROOF.json CHECKPOINT - checks that a record opens and stands in the signed tree of a kicau ledger: docs/ledger.md, nothing else.
trace.py uses it. Exit: 0 it holds, 1 it does not."""
import base64, hashlib, json, sys
from functools import reduce
class Refused(Exception): pass
def must(ok, words):
    if not ok: raise Refused(words)
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
# --- Ed25519 (RFC 8032) ---
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f, g, h = (x1 + y1) * (x2 + y2) - x1 * x2 - y1 * y2, z1 * z2 - D * t1 * t2, z1 * z2 + D * t1 * t2, y1 * y2 + x1 * x2
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(n, point):
    total = (0, 1, 1, 0)
    while n: total, point, n = add(total, point) if n & 1 else total, add(point, point), n >> 1
    return total
def unpack(b):
    y, sign = int.from_bytes(b, "little") % 2**255, b[31] >> 7
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P; x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx: x = x * pow(2, (P - 1) // 4, P) % P
    must(x * x % P == xx and y < P, "no point of the curve"); x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P
def signed(public, text, sig):
    s, h = int.from_bytes(sig[32:], "little"), int.from_bytes(hashlib.sha512(sig[:32] + public + text).digest(), "little") % L
    a, b = times(s, unpack((4 * pow(5, -1, P) % P).to_bytes(32, "little"))), add(unpack(sig[:32]), times(h, unpack(public)))
    return s < L and (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0
# --- signed notes, the tree (RFC 9162), records ---
def checkpoint(note, vkey):
    name, rest = vkey.strip().split("+", 1); kid, material = rest.split("+", 1); raw = base64.b64decode(material)
    must(raw[0] == 1 and len(raw) == 33 and sha(name.encode(), b"\n", raw)[:4].hex() == kid, "this is no key of a ledger")
    text, _, lines = note.rpartition("\n\n"); text += "\n"; origin, size, root = text.split("\n")[:3]
    sigs = [base64.b64decode(l.split(" ")[2]) for l in lines.splitlines() if l.split(" ")[:2] == ["—", name]]
    must(origin == name and any(s[:4].hex() == kid and signed(raw[1:], text.encode(), s[4:]) for s in sigs), "the checkpoint is not signed by this key")
    return int(size), base64.b64decode(root)
def climb(leaf, at, n, path):
    sides = []
    while n > 1:
        k = 1 << (n - 1).bit_length() - 1; sides.append(at < k); at, n = (at, k) if at < k else (at - k, n - k)
    must(len(sides) == len(path), "a proof has another length")
    return reduce(lambda r, s: sha(b"\1", r, s[1]) if s[0] else sha(b"\1", s[1], r), zip(reversed(sides), path), leaf)
def record(b):
    at = 4
    def varint():
        nonlocal at
        v = shift = 0
        while True:
            v |= (b[at] & 127) << shift; shift += 7; at += 1
            if b[at - 1] < 128: return v
    flags, time, licensee, _, _, _ = b[3], *[varint() for _ in range(5)]
    at += 8 * (flags & 1); n, last, ids = varint(), 0, []
    for _ in range(n): last += varint() + 1; ids.append(last)
    data = b""
    if b[1] == 7: n = varint(); data = b[at:at + n]; must(at + n == len(b), "a statement is cut")
    return {"kind": b[1], "time": time, "licensee": str(licensee), "ids": set(ids), "data": json.loads(data or b"null")}
def included(proof, size, root):  # the record, once it is proven
    salt, b = base64.b64decode(proof["salt"]), base64.b64decode(proof["record"]); entry = sha(b"kicau ledger record v1\n", salt, b)
    must(proof["kind"] == "kicau-ledger-inclusion/1" and len(salt) == 16 and proof["index"] < size, "this is no proof for this tree")
    must(climb(sha(b"\0", entry), proof["index"], size, [base64.b64decode(h) for h in proof["proof"]]) == root, f"record {proof['index']} is not in the tree")
    return record(b)
if __name__ == "__main__":
    try:
        size, root = checkpoint(open(sys.argv[3], encoding="utf8").read(), open(sys.argv[1]).read()); r = included(json.load(open(sys.argv[2])), size, root)
        print(f"ok: kind {r['kind']}, licensee {r['licensee']}, {len(r['ids'])} items {json.dumps(r['data'])}")
    except Refused as e: sys.exit(f"REFUSED: {e}")
