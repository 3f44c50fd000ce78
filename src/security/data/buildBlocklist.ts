import { readFileSync, writeFileSync } from 'node:fs'
import { fingerprint, fingerprintLength } from './fingerprint.ts'

/**
 * Makes `blocklist.bin` from a text file with one password a line, the most common first:
 * `node src/security/data/buildBlocklist.ts <list.txt>`. README.md names the list and the outcome.
 */
const size = 200_000

const lines = readFileSync(process.argv[2] ?? '/dev/stdin', 'utf8').split(/\r?\n/)
const codePoints = (line: string): number => [...line].length
// Passwords that could be chosen, then the most common of those that could be stems of one.
const choosable = lines.filter((line) => codePoints(line) >= 12)
const stems = lines.filter((line) => codePoints(line) >= 4 && codePoints(line) < 12)

const chosen = new Set<number>()
for (const line of [...choosable, ...stems]) {
  if (chosen.size < size) chosen.add(fingerprint(line))
}

const bytes = Buffer.alloc(chosen.size * fingerprintLength)
for (const [index, value] of [...chosen].sort((one, other) => one - other).entries()) {
  bytes.writeUIntBE(value, index * fingerprintLength, fingerprintLength)
}
writeFileSync(new URL('./blocklist.bin', import.meta.url), bytes)
process.stdout.write(`${chosen.size} passwords of ${lines.length}, ${bytes.length} bytes\n`)
