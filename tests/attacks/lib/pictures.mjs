// Pictures made to hurt: headers that lie, many frames, other formats inside.
import { deflateSync } from 'node:zlib'

const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1
  return n
})

function crc32 (bytes) {
  let c = -1
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255] ^ (c >>> 8)
  return ~c >>> 0
}

export function pngChunk (name, data = Buffer.alloc(0)) {
  const out = Buffer.alloc(data.length + 12)
  out.writeUInt32BE(data.length, 0)
  out.write(name, 4, 'latin1')
  data.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8)
  return out
}

// colour: 0 grey of one byte. `extra`: chunks before the data.
export function pngOf (width, height, pixels, { extra = [], bits = 8, colour = 0 } = {}) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([bits, colour, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), pngChunk('IHDR', header), ...extra, pngChunk('IDAT', deflateSync(pixels, { level: 1 })), pngChunk('IEND')])
}

export const blankPng = (width, height, options) => pngOf(width, height, Buffer.alloc((width + 1) * height), options)

// Noise, so that reading and writing it again is work.
export function noisyPng (width, height) {
  const pixels = Buffer.alloc((width + 1) * height)
  let x = 12345
  for (let at = 0; at < pixels.length; at++) {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff
    pixels[at] = at % (width + 1) ? x >>> 16 & 255 : 0
  }
  return pngOf(width, height, pixels)
}

// One pixel a frame; the screen is as large as it says.
export function gif (width, height, frames) {
  const head = Buffer.from([...Buffer.from('GIF89a'), width & 255, width >> 8, height & 255, height >> 8, 0x80, 0, 0, 0, 0, 0, 255, 255, 255])
  const frame = Buffer.from([0x21, 0xf9, 4, 0, 5, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0])
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])])
}

// 24 x 16, red to blue.
export const jpeg = Buffer.from('/9j/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQG/8QAFhABAQEAAAAAAAAAAAAAAAAAABNh/8QAFQEBAQAAAAAAAAAAAAAAAAAAAAX/xAAWEQADAAAAAAAAAAAAAAAAAAAAFWH/2gAMAwEAAhEDEQA/AMxbS2oLFlhDC+6pfbRBYEMDqn//2Q==', 'base64')

export function zip (name, content) {
  const data = Buffer.from(content)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt32LE(crc32(data), 14)
  local.writeUInt32LE(data.length, 18)
  local.writeUInt32LE(data.length, 22)
  local.writeUInt16LE(name.length, 26)
  return Buffer.concat([local, Buffer.from(name), data])
}

// A segment of a JPEG, put behind its first marker.
export function withSegment (bytes, marker, payload) {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(payload.length + 2, 2)
  return Buffer.concat([bytes.subarray(0, 2), head, payload, bytes.subarray(2)])
}
