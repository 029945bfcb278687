/*
 * ece.h - content for one app's eyes: RFC 8291 (aes128gcm), and the draft before it that most Mastodon apps still speak
 * (draft-ietf-webpush-encryption-04, aesgcm). The push service that carries it cannot read it.
 */
#ifndef PUSH_ECE_H
#define PUSH_ECE_H

#include "base/buf.h"
#include "push/p256.h"

#define ECE_AUTH_LEN 16
#define ECE_SALT_LEN 16
/* What a push service takes is 4096 bytes (RFC 8030 7.2); of them 103 are header, padding and tag (RFC 8291 4). */
#define ECE_PLAIN_MAX 3993
#define ECE_MESSAGE_MAX 4096

/* Of the app: what it gave when it subscribed. */
struct ece_receiver {
	unsigned char point[P256_POINT_LEN], auth[ECE_AUTH_LEN];
};
/*
 * From what apps send: base64 of either alphabet. False: not a point of the curve, or not 16 bytes of secret.
 */
bool ece_receiver_parse(struct view p256dh, struct view auth, struct ece_receiver *ret);

/* Of one message: never used again. */
struct ece_sender {
	unsigned char scalar[P256_SCALAR_LEN], point[P256_POINT_LEN], salt[ECE_SALT_LEN];
};
enum err ece_sender_make(struct ece_sender *ret);

enum ece_coding { ECE_AES128GCM, ECE_AESGCM };
/* The value of Content-Encoding. AESGCM needs the sender's point and salt in headers, AES128GCM has them in the message. */
const char *ece_coding_name(enum ece_coding c);

/* Appends the message to out. ERR_TOO_LARGE: plain is longer than ECE_PLAIN_MAX, or out is full. */
enum err ece_encrypt(enum ece_coding coding, const struct ece_receiver *to, const struct ece_sender *from,
		     struct view plain, struct buf *out);

#endif
