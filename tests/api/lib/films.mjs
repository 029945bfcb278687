// Films and sounds of any kind, made with ffmpeg, and what ffprobe and exiftool say of stored ones.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'kicau-films-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
let count = 0

// The bytes of a file that ffmpeg makes with these arguments; name ends as its format does.
export function ffmpeg (name, ...args) {
  const path = join(folder, `${++count}-${name}`)
  execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args, path])
  return readFileSync(path)
}

const picture = (size, rate, seconds) => ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`]
const tone = (seconds) => ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`]

export function film (name, { size = '320x180', rate = 25, seconds = 1, sound = true, args = [] } = {}) {
  return ffmpeg(name, ...picture(size, rate, seconds), ...(sound ? tone(seconds) : []), ...args)
}
export const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
export const sound = (name, { seconds = 2, args = [] } = {}) => ffmpeg(name, ...tone(seconds), ...args)

// Of bytes or a file: {format, streams}.
export function ffprobe (path) {
  return JSON.parse(execFileSync('ffprobe', ['-loglevel', 'error', '-show_format', '-show_streams', '-of', 'json', path], { encoding: 'utf8' }))
}

// Every tag that may say who, where or when; without what the file system says of it.
export function exiftool (path) {
  return execFileSync('exiftool', ['-a', '-G1', '-s', '-ee', path], { encoding: 'utf8' })
}

// Its packets of one kind, bit by bit: equal when it was packed anew and not converted.
export const packets = (path, kind) => execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-i', path, '-map', `0:${kind}`, '-c', 'copy', '-f', 'md5', '-'], { encoding: 'utf8' })
// What it shows, decoded.
export const shown = (path) => execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-i', path, '-map', '0:v', '-f', 'md5', '-'], { encoding: 'utf8' })
