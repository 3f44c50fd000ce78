import { checkPassword } from '../../src/security/passwordPolicy.ts'

const john = { username: 'john_doe', email: 'john@example.com', productName: 'User Management API' }
const code = (password: string, minLength = 12, context = john) => checkPassword(password, context, minLength)?.code

describe('PWD-08! length', () => {
  test.each([
    ['11 of 12', 'plum tarts!', 12, 'too-short'],
    ['12 of 12', 'plum tarts!!', 12, undefined],
    ['14 of 15', 'plum tarts at ', 15, 'too-short'],
    ['15 of 15', 'plum tarts at 5', 15, undefined],
    ['64', 'plum tarts at 5 '.repeat(4), 12, undefined],
    ['128', 'plum tarts at 5 '.repeat(8), 12, undefined],
    ['129', `${'plum tarts at 5 '.repeat(8)}!`, 12, 'too-long'],
    ['12 outside the first plane', '🐴🍇🥐🚲🐟🌍🎈🧭🥕🪁🧵🦉', 12, undefined],
    ['11 outside the first plane', '🐴🍇🥐🚲🐟🌍🎈🧭🥕🪁🧵', 12, 'too-short'],
    ['a ligature that NFKC makes 18', '\ufdfa', 12, 'too-short'],
    ['marks that NFKC composes to 11', 'plum tarte\u0301s', 12, 'too-short'],
    ['what NFKC makes too long', `plum tarts ${'\ufdfa'.repeat(7)}`, 12, 'too-long'],
  ])('%s', (_what, password, minLength, expected) => {
    expect(code(password, minLength)).toBe(expected)
  })
})

describe('PWD-09! accepted, for there are no rules of composition', () => {
  test.each([
    'SecurePass123!',
    'correct horse battery staple',
    'four plain words here',
    'a bicycle for my aunt',
    '               leading and trailing       ',
    'пять зелёных велосипедов',
    '緑の自転車が五台あります。たぶん。',
    'elephants dance at 7',
    'kL9#vq2!Xw7$',
    '739104628513',
    'john-loves-cats',
    'Dragon on the roof 2024',
    'exponentially yours, johannes',
  ])('%s', (password) => {
    expect(code(password)).toBeUndefined()
  })
})

describe('blocklisted', () => {
  test.each([
    'passwordpassword',
    'passwordpassword1',
    'PasswordPassword1',
    'password1234',
    'PASSWORD1234',
    'qwertyuiop123',
    '1qaz2wsx3edc',
    'dragondragon2024!',
    'aaaaaaaaaaaa',
    '123456789012',
    'qwerqwerqwer',
  ])('%s', (password) => {
    expect(code(password)).toBe('blocklisted')
  })
})

describe('made of who one is', () => {
  test.each([
    'john_doe1234567',
    'JOHN_DOE_2024',
    '1234567john_doe',
    'johndoe!!!!!!!',
    'j0hn.d0e.2024!',
    'eod_nhoj1234567',
    'john_doejohn_doe',
    'john@example.com',
    'moc.elpmaxe@nhoj',
    'John@Example.com2024',
    'john12345678',
    'Johnjohnjohn1',
    'usermanagementapi',
    'User-Management-API-1',
  ])('%s', (password) => {
    expect(code(password)).toBe('contains-identity')
  })

  test('also with figures for letters that look alike', () => {
    const context = { username: 'paula_lee', email: 'p@example.com' }
    expect(checkPassword('pau1a_1ee2024', context, 12)?.code).toBe('contains-identity')
  })

  test('also by the address before a plus', () => {
    const context = { username: 'marketing-1', email: 'penelope+news@example.com' }
    expect(checkPassword('penelope2024!', context, 12)?.code).toBe('contains-identity')
  })

  test('but not by a name that happens to be in a longer one', () => {
    expect(code('annexation plans', 12, { ...john, username: 'ann' })).toBeUndefined()
    expect(code('832019475123', 12, { ...john, username: '123' })).toBeUndefined()
    expect(code('plum tarts!!', 12, { username: '..', email: '', productName: '' })).toBeUndefined()
  })
})

test('a fault says in a sentence what to do, without the password', () => {
  for (const password of ['short', 'x'.repeat(129), 'password1234', 'john_doe1234567']) {
    const fault = checkPassword(password, john, 12)
    expect(fault?.detail).toMatch(/^[A-Z].*\.$/)
    expect(fault?.detail).not.toContain(password)
  }
  expect(checkPassword('short', john, 15)?.detail).toContain('15')
})
