import { readAdminOptions } from '../../src/commands/adminOptions.ts'

const create = ['create', '--username', 'root', '--email', 'root@example.com']

describe('readAdminOptions', () => {
  test.each([
    [[], 'ask'],
    [['--password-stdin'], 'stdin'],
    [['--generate'], 'generate'],
  ])('%j is where the password comes from', (more, password) => {
    expect(readAdminOptions([...create, ...more])).toEqual({ username: 'root', email: 'root@example.com', password })
  })

  test.each([
    [[], /^Usage: npm run admin -- create /],
    [['remove', ...create.slice(1)], /^Usage: /],
    [create.slice(0, 3), /^Usage: /],
    [['create', '--surname', 'Doe'], /^Unknown option '--surname'\. Usage: /],
    [['create', '--email'], /^Option '--email <value>' argument missing\. Usage: /],
    [['create', '--username', 'a', '--email', 'root@example.com'], /^--username may have letters .*\.$/],
    [['create', '--username', 'root', '--email', 'root'], /^--email must be an e-mail address .*\.$/],
    [[...create, '--generate', '--password-stdin'], /^--password-stdin and --generate exclude each other\. Usage: /],
  ])('%j is refused in one sentence', (words, sentence) => {
    expect(() => readAdminOptions(words)).toThrow(sentence)
  })
})
