// The code an authenticator app shows for a secret in base32, so many steps beside now (RFC 6238).
import { createHmac } from 'node:crypto'

export function code (secret, beside = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + beside))
  const mac = createHmac('sha1', key).update(counter).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0')
}

// Waits until the step that is now lasts a while yet: a code of the step before it is good for as long.
export async function early (seconds = 15) {
  const left = 30000 - Date.now() % 30000
  if (left < seconds * 1000) await new Promise((resolve) => setTimeout(resolve, left + 100))
}
