/*
 * ack_signature.h - a licensee's own signature under what it says it has done. It is kept in the ledger beside the
 * statement, with the public key: who signed cannot say later that it was somebody else with a stolen token.
 */
#ifndef DATAAPI_ACK_SIGNATURE_H
#define DATAAPI_ACK_SIGNATURE_H

#include "base/arena.h"

struct ack_statement {
	struct view domain; /* of this server: a signature for one is none for another */
	int64_t licensee;
	const int64_t *events; /* as they were named, in that order */
	size_t n;
	int64_t up_to; /* 0: not said */
};

/*
 * The text that is signed, with Ed25519 (RFC 8032):
 *
 *   kicau compliance ack v1\n DOMAIN\n LICENSEE\n up_to N\n and each event id \n (without the spaces behind \n)
 */
struct view ack_text(struct arena *a, const struct ack_statement *s);

/*
 * Both in base64 or base64url, 32 and 64 bytes. What goes into the ledger: "ed25519 KEY SIGNATURE", hex. ERR_INVALID with
 * words: it is not a signature of that text under that key.
 */
enum err ack_check_signature(struct arena *a, const struct ack_statement *s, struct view key, struct view signature,
			     struct view *ret_data, struct problem *problem);

#endif
