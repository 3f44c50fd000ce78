import { join } from 'node:path'
import { startAlone } from './servers.ts'

/** In seconds. */
export interface ColdStarts {
  fresh: number[]
  existing: number[]
}

/** Starts the service on its own in a new folder, with its own PostgreSQL, and once more in the same one; all that some times. */
export async function measureColdStarts(folder: string, times: number): Promise<ColdStarts> {
  const starts: ColdStarts = { fresh: [], existing: [] }
  for (let time = 0; time < times; time += 1) {
    const dataDir = join(folder, `data${time}`)
    for (const kind of ['fresh', 'existing'] as const) {
      const service = await startAlone(dataDir, folder)
      starts[kind].push(service.startMilliseconds / 1000)
      await service.stop()
    }
  }
  return starts
}
