import { parseArgs } from 'node:util'
import { runAudit } from './audit.ts'
import { runStarts } from './coldStart.ts'
import { canPin, leaveServerCore } from './cores.ts'
import { runImports } from './imports.ts'
import { runLogins } from './logins.ts'
import { runOracle } from './oracle.ts'
import { peopleCount } from './people.ts'
import { runReads } from './reads.ts'
import { runRefreshes } from './refreshes.ts'
import { setStage, type Outcome, type Stage } from './stage.ts'
import { runStorm } from './storm.ts'
import { writeInto } from './table.ts'

const parts: Record<string, (stage: Stage) => Promise<Outcome>> = {
  starts: runStarts,
  reads: runReads,
  logins: runLogins,
  refreshes: runRefreshes,
  storm: runStorm,
  oracle: runOracle,
  audit: runAudit,
  imports: runImports,
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
  const run = parts[name]
  if (!run) throw new Error(`There is no part ${name}; there are ${Object.keys(parts).join(', ')}.`)
  return { name, run }
})

if (process.platform !== 'linux') throw new Error('The CPU time of another process is read from /proc: Linux only.')
leaveServerCore()
await using stage = await setStage({
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  withMillion: values.million,
})
console.log(`${peopleCount} people, ${canPin ? 'one core each' : 'cores not bound'}`)

const tables: string[] = []
for (const { name, run } of chosen) {
  console.log(`\n${name}`)
  const { table, isWithinLimits } = await run(stage)
  tables.push(table)
  if (values.write) writeInto(new URL('../docs/benchmarks.md', import.meta.url), name, table)
  if (isWithinLimits) continue
  console.error(`${name}: beyond a limit`)
  process.exitCode = 1
}
console.log(`\n${tables.join('\n\n')}`)
