import { parseArgs } from 'node:util'
import { runStarts } from './coldStart.ts'
import { bothCores, canPin, otherCore, stayOn } from './cores.ts'
import { runImports } from './imports.ts'
import { runLogins } from './logins.ts'
import { runOracle } from './oracle.ts'
import { peopleCount } from './people.ts'
import { runReads } from './reads.ts'
import { runRefreshes } from './refreshes.ts'
import { runSealing } from './sealing.ts'
import { setStage, type Outcome, type Stage } from './stage.ts'
import { runStorm } from './storm.ts'
import { writeInto } from './table.ts'
import { runVerify } from './verify.ts'

interface Part {
  run: (stage: Stage) => Promise<Outcome>
  /** Those of PostgreSQL and the load. Where they are both, nothing is bound to a core, as in production. */
  cores: string
}

const parts: Record<string, Part> = {
  starts: { run: runStarts, cores: otherCore },
  reads: { run: runReads, cores: otherCore },
  logins: { run: runLogins, cores: otherCore },
  refreshes: { run: runRefreshes, cores: otherCore },
  sealing: { run: runSealing, cores: otherCore },
  storm: { run: runStorm, cores: bothCores },
  oracle: { run: runOracle, cores: bothCores },
  verify: { run: runVerify, cores: bothCores },
  imports: { run: runImports, cores: bothCores },
}

/** `npm run bench -- --only logins,storm --rounds 10 --seconds 3 --write`; the last one puts the tables into docs/benchmarks.md. */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(parts).join() },
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
    million: { type: 'boolean', default: false },
  },
})
const chosen = values.only.split(',').map((name) => {
  const part = parts[name]
  if (!part) throw new Error(`There is no part ${name}; there are ${Object.keys(parts).join(', ')}.`)
  return { name, ...part }
})

if (process.platform !== 'linux') throw new Error('The CPU time of another process is read from /proc: Linux only.')
const tables: string[] = []
for (const cores of [otherCore, bothCores]) {
  const here = chosen.filter((part) => part.cores === cores)
  if (here.length > 0) await play(cores, here)
}
console.log(`\n${tables.join('\n\n')}`)

async function play(cores: string, some: typeof chosen): Promise<void> {
  stayOn(cores)
  await using stage = await setStage({
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    withMillion: values.million,
  })
  console.log(`${peopleCount} people, ${canPin && cores === otherCore ? 'one core each' : 'cores not bound'}`)
  for (const { name, run } of some) {
    console.log(`\n${name}`)
    const { table, isWithinLimits } = await run(stage)
    tables.push(table)
    if (values.write) writeInto(new URL('../docs/benchmarks.md', import.meta.url), name, table)
    if (isWithinLimits) continue
    console.error(`${name}: beyond a limit`)
    process.exitCode = 1
  }
}
