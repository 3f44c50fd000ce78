import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { readMail, type ReceivedMail } from './mail.ts'

export interface DeliveredMail extends ReceivedMail {
  /** To whom the client said it goes, whatever the mail says. */
  recipients: string[]
}

export interface SmtpSink {
  url: string
  /** In the order of their arrival. */
  mails: DeliveredMail[]
  close(): Promise<void>
}

interface Behaviour {
  port?: number
  /** What the server says to a recipient in place of 250. */
  refusal?: string
  /** Called with each mail before the server says that it has taken it over. */
  onMail?: (mail: ReceivedMail) => unknown
}

/** A mail server that keeps what it gets. */
export async function startSmtpSink({ port = 0, refusal, onMail }: Behaviour = {}): Promise<SmtpSink> {
  const mails: DeliveredMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo(_address, _session, answer) {
      const [code, ...words] = refusal?.split(' ') ?? []
      answer(
        refusal === undefined ? undefined : Object.assign(new Error(words.join(' ')), { responseCode: Number(code) }),
      )
    },
    onData(stream, { envelope }, answer) {
      void text(stream).then(async (source) => {
        const recipients = envelope.rcptTo.map(({ address }) => address)
        const mail = { ...readMail(source), recipients }
        mails.push(mail)
        await onMail?.(mail)
        answer()
      })
    },
  })
  server.on('error', () => undefined) // Clients that are killed.
  const listener = server.listen(port, '127.0.0.1')
  await once(listener, 'listening')
  const { port: actual } = listener.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${actual}`,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
