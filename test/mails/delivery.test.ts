import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMailer } from '../../src/platform/mailer.ts'
import { readMail } from '../support/mail.ts'
import { startSmtpSink } from '../support/smtpSink.ts'

const message = {
  id: '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55',
  to: 'jane@example.com',
  subject: 'Grüße, and = signs: a rather long subject that has to be folded over more than a single line',
  text: `Größe\n\n${'long '.repeat(60)}\n.\nthe end`,
  html: `<p>Größe = 5</p><p>${'long '.repeat(60)}</p>`,
}

describe('mails as files', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'user-management-mail-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const mailer = () =>
    createMailer({ smtpUrl: undefined, from: 'Büro <desk@example.org>', folder: join(folder, 'mail') })

  test('are whole, readable by mail programs and by nobody else on the machine', async () => {
    await mailer().send(message)
    const [name, ...others] = await readdir(join(folder, 'mail'))
    expect([name, others]).toEqual([expect.stringMatching(/^\d{4}-[\dTZ.-]+-[0-9a-f]{8}\.eml$/), []])
    const path = join(folder, 'mail', name!)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const source = await readFile(path, 'utf8')
    expect(source).toMatch(/^[\x00-\x7f]*$/)
    expect(readMail(source)).toMatchObject({ to: message.to, subject: message.subject, html: message.html })
    expect(readMail(source).text.replace(/\r\n/g, '\n')).toBe(message.text)
    expect(readMail(source).headers['message-id']).toBe(`<${message.id}@example.org>`)
  })

  test('do not overwrite each other', async () => {
    const sender = mailer()
    await Promise.all(Array.from({ length: 20 }, () => sender.send(message)))
    expect(await readdir(join(folder, 'mail'))).toHaveLength(20)
  })

  test('fail where the folder cannot be made', async () => {
    const nowhere = createMailer({ smtpUrl: undefined, from: 'a@example.org', folder: '/dev/null/mail' })
    await expect(nowhere.send(message)).rejects.toThrow(/ENOTDIR/)
  })
})

describe('mails over SMTP', () => {
  test.each(["o'brien@example.com", 'a.b+c@example.com', "!#$%&'*+/=?^_`{|}~-@example.com"])(
    'INP-08! reach %s and nobody else',
    async (to) => {
      const sink = await startSmtpSink()
      await createMailer({ smtpUrl: sink.url, from: 'desk@example.org', folder: '' }).send({ ...message, to })
      await sink.close()
      expect(sink.mails.map(({ recipients, subject }) => [recipients, subject])).toEqual([[[to], message.subject]])
    },
  )
})
