/*
 * merkle.h - the tree over the ledger's entries (RFC 9162 2.1, equal to RFC 6962 2.1): what its hashes are, what a proof
 * needs, and whether a proof holds. Pure: where stored hashes come from is the caller's (ledger/tiles.h).
 *
 * An entry is the 32-byte commitment of a record. A leaf is SHA-256(0x00 ‖ entry), a node SHA-256(0x01 ‖ left ‖ right).
 * Sizes are at most MERKLE_SIZE_MAX.
 */
#ifndef LEDGER_MERKLE_H
#define LEDGER_MERKLE_H

#include "base/base.h"
#include "base/secret.h"

#define MERKLE_SIZE_MAX ((uint64_t)1 << 62)
#define MERKLE_PROOF_MAX 64 /* hashes; no proof for such sizes has more */

struct digest merkle_leaf(const struct digest *entry);
struct digest merkle_node(const struct digest *left, const struct digest *right);

/* The right edge of a growing tree: what appending and its root need, O(log size). Zero: the empty tree. */
struct merkle_edge {
	uint64_t size;
	struct digest full[MERKLE_PROOF_MAX]; /* [h]: the complete subtree of height h, where bit h of size is set */
};
void merkle_append(struct merkle_edge *e, const struct digest *leaf);
struct digest merkle_edge_root(const struct merkle_edge *e); /* of the empty tree: SHA-256("") */

/* Hands over the root of the complete subtree over leaves [index << height, (index + 1) << height). */
typedef enum err merkle_fetch_fn(void *arg, unsigned height, uint64_t index, struct digest *ret);
struct merkle_source {
	merkle_fetch_fn *fetch;
	void *arg;
};

struct merkle_proof {
	size_t n;
	struct digest hash[MERKLE_PROOF_MAX];
};

/* Errors are fetch's. size is at most what the source has. */
enum err merkle_edge_read(const struct merkle_source *s, uint64_t size, struct merkle_edge *ret);
/* index < size, or ERR_NOT_FOUND. */
enum err merkle_inclusion(const struct merkle_source *s, uint64_t index, uint64_t size, struct merkle_proof *ret);
/* old <= size, or ERR_NOT_FOUND. Empty when old is 0 or size. */
enum err merkle_consistency(const struct merkle_source *s, uint64_t old, uint64_t size, struct merkle_proof *ret);

/* The root that this leaf at this index and this proof lead to; false when they do not fit the size. */
bool merkle_climb(const struct digest *leaf, uint64_t index, uint64_t size, const struct merkle_proof *proof,
		  struct digest *ret_root);
/* RFC 9162 2.1.3.2: the leaf stands at index in the tree of this size and root. */
bool merkle_included(const struct digest *leaf, uint64_t index, uint64_t size, const struct merkle_proof *proof,
		     const struct digest *root);
/* RFC 9162 2.1.4.2: the tree of size begins with the tree of old. From 0 everything goes on: the proof is empty. */
bool merkle_consistent(uint64_t old, const struct digest *old_root, uint64_t size, const struct digest *root,
		       const struct merkle_proof *proof);

#endif
