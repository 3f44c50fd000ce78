import { join } from 'node:path'
import { startAlone } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { spreadOf } from './statistics.ts'
import { cell, table } from './table.ts'

const times = 3
/** Seconds. */
const limits = { fresh: 10, existing: 3 }

/** Starts the service on its own in a new folder, with its own PostgreSQL, and once more in the same one; all that some times. */
export async function runStarts({ setup: { folder } }: Stage): Promise<Outcome> {
  const starts: Record<keyof typeof limits, number[]> = { fresh: [], existing: [] }
  for (let time = 0; time < times; time += 1) {
    const dataDir = join(folder, `data${time}`)
    for (const kind of ['fresh', 'existing'] as const) {
      const service = await startAlone(dataDir, folder)
      starts[kind].push(service.startMilliseconds / 1000)
      await service.stop()
    }
  }
  return {
    table: table(
      ['seconds from start to ready', 'measured', 'limit'],
      ['on a fresh `DATA_DIR`', cell(starts.fresh, 2), String(limits.fresh)],
      ['on an existing one', cell(starts.existing, 2), String(limits.existing)],
    ),
    isWithinLimits:
      spreadOf(starts.fresh).median <= limits.fresh && spreadOf(starts.existing).median <= limits.existing,
  }
}
