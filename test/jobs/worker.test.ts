import { setTimeout as sleep } from 'node:timers/promises'
import { startWorker } from '../../src/jobs/worker.ts'
import { startApi } from '../support/api.ts'
import { createTestDatabase } from '../support/database.ts'
import { createGate } from '../support/gate.ts'
import { until } from '../support/service.ts'

test('a database that is gone is one line of the log for each job, without a stack, and one when it is back', async () => {
  await using opened = new AsyncDisposableStack()
  const database = await createTestDatabase()
  opened.defer(() => database.drop())
  const gate = await createGate(database.url)
  await gate.open()
  opened.defer(() => gate.shut())
  const api = await startApi({ database, env: { DATABASE_URL: gate.url } })
  opened.defer(() => api.close())
  await gate.shut()
  const worker = startWorker(api.context)
  opened.defer(() => worker.stop())
  const linesOf = (job: string) => api.log.filter((line) => line.job === job)
  await until(() => linesOf('sendMail')[0])
  await sleep(2500) // Two runs more.
  await gate.open()
  await until(() => linesOf('sendMail')[1])
  expect(linesOf('sendMail')).toMatchObject([
    { level: 'error', msg: 'a job fails', reason: expect.any(String) as unknown },
    { level: 'info', msg: 'a job works again' },
  ])
  expect(JSON.stringify(api.log)).not.toContain('stack')
}, 20_000)
