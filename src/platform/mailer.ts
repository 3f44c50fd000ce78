import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { withTimeLimit } from './timeLimit.ts'

export interface Message {
  to: string
  subject: string
  text: string
  html: string
  /** The same for each attempt at one mail, so that a receiver can tell a repetition. */
  id: string
}

export interface Mailer {
  /** Resolves once the mail server has taken the message over (or the file is written). */
  send(message: Message): Promise<void>
}

interface MailerSettings {
  /** Without one, mails are written as files. */
  smtpUrl: string | undefined
  from: string
  /** Where the files go. */
  folder: string
}

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 } // milliseconds
/** Of one attempt in all, in milliseconds: a server that answers a byte now and then keeps to each of the above. */
const attemptLimit = 45_000

/**
 * Whether the mail server refused the recipient for good (RFC 5321 section 4.2.1), which trying again does not mend. Not
 * where it refused us (RFC 3463: 5.7.x), which whoever runs the server can mend.
 */
export function isRefusedForGood(error: unknown): boolean {
  const { command, response } = error as { command?: unknown; response?: unknown }
  return command === 'RCPT TO' && typeof response === 'string' && /^5\d\d(?![ -]5\.7\.)/.test(response)
}

export function createMailer({ smtpUrl, from, folder }: MailerSettings): Mailer {
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost'
  const envelope = ({ id, to, ...message }: Message) => ({
    ...message,
    from,
    // Not as text, which could be read as several addresses.
    to: { name: '', address: to },
    messageId: `<${id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: nobody's holiday notice answers it
  })
  return smtpUrl === undefined ? fileMailer(folder, envelope) : smtpMailer(smtpUrl, envelope)
}

type Envelope = (message: Message) => object

function smtpMailer(url: string, envelope: Envelope): Mailer {
  const transport = createTransport({ url, ...timeouts })
  return {
    send: async (message) => void (await withTimeLimit(transport.sendMail(envelope(message)), attemptLimit)),
  }
}

/** For development: one `.eml` file a mail, whole or not there at all, named by the time so that the newest is last. */
function fileMailer(folder: string, envelope: Envelope): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true })
  return {
    async send(message) {
      const { message: content } = await transport.sendMail(envelope(message))
      await mkdir(folder, { recursive: true })
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.eml`
      await writeFile(join(folder, `.${name}`), content as Buffer, { mode: 0o600 })
      await rename(join(folder, `.${name}`), join(folder, name))
    },
  }
}
