import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sendMail } from '../../src/jobs/sendMail.ts'
import { startApi, type Api } from './api.ts'
import { readMail, type ReceivedMail } from './mail.ts'

export interface MailApi extends Api, AsyncDisposable {
  /** Sends what is due, as files, and reads what has been sent to the address so far, the oldest first. */
  mailsTo(address: string): Promise<ReceivedMail[]>
  /** As if all mails so far had gone out so much earlier, and waiting ones were asked for then. */
  ageMails(interval?: string): Promise<void>
}

/** The application with a folder of its own for mails. */
export async function startMailApi(options: NonNullable<Parameters<typeof startApi>[0]> = {}): Promise<MailApi> {
  const folder = await mkdtemp(join(tmpdir(), 'user-management-mail-'))
  const api = await startApi({ ...options, env: { SIGNUP_ENABLED: 'true', DATA_DIR: folder, ...options.env } })
  const close = async (): Promise<void> => {
    await api.close()
    await rm(folder, { recursive: true })
  }
  return {
    ...api,
    async mailsTo(address) {
      const due = 'SELECT id FROM outbox WHERE next_attempt_at <= now() LIMIT 1'
      while ((await api.database.query(due)).length > 0) await sendMail(api.context)
      const mails = await readMailFolder(join(folder, 'mail'))
      return mails.filter(({ to }) => to === address)
    },
    async ageMails(interval = '61 seconds') {
      await api.database.query('UPDATE mail_log SET sent_at = sent_at - $1::interval', [interval])
      await api.database.query('UPDATE outbox SET next_attempt_at = next_attempt_at - $1::interval', [interval])
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

export async function readMailFolder(folder: string): Promise<ReceivedMail[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.sort().map(async (name) => readMail(await readFile(join(folder, name), 'utf8'))))
}

/** The token of the newest mail to the address that has one. */
export async function newestToken(api: MailApi, address: string): Promise<string> {
  const token = (await api.mailsTo(address)).findLast((mail) => mail.token !== undefined)?.token
  if (token === undefined) throw new Error(`no mail with a token went to ${address}`)
  return token
}
