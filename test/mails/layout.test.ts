import { layOut } from '../../src/mails/layout.ts'
import { texts, type MailText } from '../../src/mails/texts.ts'

const hostile = `"><img src=x onerror='alert(1)'>&amp;<script>`
const url = 'https://people.example.org'
const token = 'pT7vXc2LmQ9sKd4HyR6wBn1FgZ8jU5aEoViY0tMlNbC'

function everyMail(app: string, username: string): [string, MailText][] {
  const names = { app, url }
  return [
    ['verifyRegistration', texts.verifyRegistration(names, username, token)],
    ['addressKnown', texts.addressKnown(names)],
    ['addressInUse', texts.addressInUse(names)],
    ['usernameTaken', texts.usernameTaken(names, username)],
    ['verifyEmail', texts.verifyEmail(names, token)],
    ['confirmNewEmail', texts.confirmNewEmail(names, username, token)],
    ['emailChangeNotice', texts.emailChangeNotice(names, username)],
    ['resetPassword', texts.resetPassword(names, username, token)],
    ['passwordChanged', texts.passwordChanged(names, username)],
  ]
}

describe('the mails', () => {
  test('are all looked at here', () => {
    expect(everyMail('App', 'somebody').map(([name]) => name)).toEqual(Object.keys(texts))
  })

  test.each(everyMail(hostile, hostile))('%s shows names as they are and never as markup', (_name, mail) => {
    const { subject, text, html } = layOut(mail, hostile)
    expect(text).toContain(hostile)
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<script')
    expect(html).not.toContain(hostile)
    expect(html).toContain('&quot;&gt;&lt;img src=x onerror=')
    expect(html).toContain('&amp;amp;')
    expect(subject).not.toMatch(/[\r\n]/)
    expect([...html.matchAll(/<(\w+)/g)].map(([, tag]) => tag)).toEqual(
      expect.arrayContaining(['html', 'head', 'meta', 'title', 'body', 'p']),
    )
  })

  test.each(everyMail('Example', 'john_doe'))(
    'PWD-18! %s says the same in both forms, and links to us alone',
    (_name, mail) => {
      const { subject, text, html } = layOut(mail, 'Example')
      const plain = html.replace(/<head>.*<\/head>/s, '').replace(/<[^>]+>/g, '')
      for (const paragraph of mail.paragraphs)
        expect([text, plain]).toEqual(Array(2).fill(expect.stringContaining(paragraph)))
      expect(subject).toContain('Example')
      const links = `${text}\n${html}`.match(/\w+:\/\/[^\s"<]+/g) ?? []
      expect(links).toHaveLength(mail.link ? 2 : 0)
      for (const link of links) expect(link).toMatch(/^https:\/\/people\.example\.org\/account\//)
      // Tokens stay behind the `#`, which reaches no server, log or Referer.
      for (const link of links) expect(new URL(link).search).toBe('')
      expect(links.every((link) => link.endsWith(`#token=${token}`))).toBe(
        mail.token !== undefined || links.length === 0,
      )
      expect(html).not.toMatch(/<(img|script|link|iframe|form)\b/i)
    },
  )
})
