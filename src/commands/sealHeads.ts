import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { CommandError } from './runCommand.ts'

/** Heads of seals that were kept outside the database. */
export interface Heads {
  newest: bigint | undefined
  /** In hexadecimal digits. */
  hashOf(number: bigint): string | undefined
}

export const noHeads: Heads = { newest: undefined, hashOf: () => undefined }

/** Reads a log of the service: its lines `audit sealed` count, whatever else is in it. Throws a CommandError. */
export async function readHeads(file: string): Promise<Heads> {
  const hashes = new Map<bigint, string>()
  let newest: bigint | undefined
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const [number, hash] = readHead(line) ?? []
      if (number === undefined || hash === undefined) continue
      if (hashes.get(number) !== undefined && hashes.get(number) !== hash)
        throw new CommandError(
          `${file} has two different heads of seal ${number}: from before and after a restore, of two databases, or one is forged.`,
        )
      hashes.set(number, hash)
      if (newest === undefined || number > newest) newest = number
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${file} cannot be read.`, { cause: error })
  }
  if (newest === undefined) throw new CommandError(`${file} has no line "audit sealed" in it.`)
  return { newest, hashOf: (number) => hashes.get(number) }
}

function readHead(line: string): [bigint, string] | undefined {
  if (!line.includes('audit sealed')) return undefined
  const number = /"number":"?(\d{1,18})\b/.exec(line)?.[1]
  const hash = /"hash":"([0-9a-f]{64})"/.exec(line)?.[1]
  return number === undefined || hash === undefined ? undefined : [BigInt(number), hash]
}
