import type { Context } from '../context.ts'
import { describeFailure } from './failure.ts'
import { importUsers } from './importUsers.ts'
import { measure } from './measure.ts'
import { purgeDeletedUsers } from './purgeDeletedUsers.ts'
import { purgeExpired } from './purgeExpired.ts'
import { sealAudit } from './sealAudit.ts'
import { sendMail } from './sendMail.ts'
import { sleep } from './sleep.ts'

interface Job {
  name: string
  /** Seconds from the end of one run to the next. */
  pause: number | ((config: Context['config']) => number)
  /** Begins nothing new once `signal` is aborted. */
  run: (context: Context, signal: AbortSignal) => Promise<unknown>
}

/** What goes on beside the requests, on every instance: each job is safe to run on several at once. */
const jobs: Job[] = [
  { name: 'sendMail', pause: 1, run: sendMail },
  { name: 'importUsers', pause: 1, run: importUsers },
  { name: 'purgeExpired', pause: 600, run: purgeExpired },
  { name: 'sealAudit', pause: ({ audit }) => audit.sealSeconds, run: sealAudit },
  { name: 'purgeDeletedUsers', pause: 600, run: purgeDeletedUsers },
  { name: 'measure', pause: 30, run: measure },
]

/** How long a stop waits for jobs, in milliseconds: a mail server that hangs must not hold up the requests' own end. */
const patience = 2000

export interface Worker {
  /** Starts nothing new and lets what is running finish, if it does so soon: each job bears being cut off. */
  stop(): Promise<void>
}

/** Runs every job again and again. One that fails runs again at its time; the log says so once, not with each run. */
export function startWorker(context: Context): Worker {
  const stopping = new AbortController()
  const loops = jobs.map((job) => runAgain(job, context, stopping.signal))
  return {
    async stop() {
      stopping.abort()
      const enough = new AbortController()
      await Promise.race([Promise.all(loops), sleep(patience, enough.signal)])
      enough.abort()
    },
  }
}

async function runAgain({ name, pause, run }: Job, context: Context, signal: AbortSignal): Promise<void> {
  let isFailing = false
  while (!signal.aborted) {
    try {
      await run(context, signal)
      if (isFailing) context.logger.info({ job: name }, 'a job works again')
      isFailing = false
    } catch (error) {
      if (!isFailing) context.logger.error({ ...describeFailure(error), job: name }, 'a job fails')
      isFailing = true
    }
    await sleep((typeof pause === 'number' ? pause : pause(context.config)) * 1000, signal)
  }
}
