import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'

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

export function createMailer({ smtpUrl, from, folder }: MailerSettings): Mailer {
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost'
  const envelope = ({ id, ...message }: Message) => ({ from, ...message, messageId: `<${id}@${domain}>` })
  return smtpUrl === undefined ? fileMailer(folder, envelope) : smtpMailer(smtpUrl, envelope)
}

type Envelope = (message: Message) => object

function smtpMailer(url: string, envelope: Envelope): Mailer {
  const transport = createTransport({ url, ...timeouts })
  return { send: async (message) => void (await transport.sendMail(envelope(message))) }
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
