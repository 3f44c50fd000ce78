import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { ErasureRow } from '../queries/erasures.ts'
import { CommandError } from './runCommand.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const isId = (value: unknown) => typeof value === 'string' && uuid.test(value)
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0

const demands: Record<keyof ErasureRow, (value: unknown) => boolean> = {
  id: isId,
  user_id: isId,
  reason: (value) => value === 'request' || value === 'retention',
  erased_at: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value),
  erased_by: (value) => value === null || isId(value),
  erased: (value) => typeof value === 'object' && value !== null && Object.values(value).every(isCount),
  audit_event_id: isId,
}

/** One receipt a line, as the API answers it. */
export function receiptLine(receipt: ErasureRow): string {
  return `${JSON.stringify(receipt)}\n`
}

/** Reads the receipts of a file, so many at a time. Throws a CommandError that names the line that is none. */
export async function* readReceipts(file: string, batch = 500): AsyncGenerator<ErasureRow[]> {
  let [number, receipts]: [number, ErasureRow[]] = [0, []]
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number += 1
      if (line !== '') receipts.push(parseReceipt(line, number))
      if (receipts.length < batch) continue
      yield receipts
      receipts = []
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error })
  }
  if (receipts.length > 0) yield receipts
}

function parseReceipt(line: string, number: number): ErasureRow {
  const refusal = (reason: string) => new CommandError(`Line ${number} is no receipt of an erasure: ${reason}.`)
  const receipt = parseObject(line)
  if (!receipt) throw refusal('it is not a JSON object')
  const names = Object.keys(demands) as (keyof ErasureRow)[]
  const wrong = names.find((name) => !demands[name](receipt[name]))
  if (wrong !== undefined) throw refusal(`"${wrong}" is missing or wrong`)
  return Object.fromEntries(names.map((name) => [name, receipt[name]])) as unknown as ErasureRow
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
