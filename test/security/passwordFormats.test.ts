import argon2, { argon2d } from 'argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { createFormats } from '../../src/security/passwordFormats/formats.ts'
import { shaCryptDigest } from '../../src/security/passwordFormats/shaCryptDigest.ts'

// The example project of the Firebase scrypt utility's README.
const signerKey = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=='
const read = createFormats({
  peppers: new Map(),
  signerKeys: new Map([['project', Buffer.from(signerKey, 'base64')]]),
  argon2Bounds: { memoryKib: 131_072, work: 262_144 },
})

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
const text = (value: string): string => base64(Buffer.from(value))
const hex = (value: string): string => base64(Buffer.from(value, 'hex'))

const published: [source: string, password: string, storedHash: string][] = [
  // The reference implementation of Argon2, src/test.c; without `v=` it is version 1.0.
  ['Argon2i 1.3', 'password', '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA'],
  ['Argon2i 1.0', 'password', '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ'],
  ['Argon2id', 'password', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
  // Openwall crypt_blowfish, wrapper.c.
  ['bcrypt 2a', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['bcrypt of nothing', '', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
  ['bcrypt 2y', 'U*U*U', '$2y$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  ['bcrypt 2b', 'U*U*', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  // RFC 7914 section 12, in the PHC layout.
  [
    'scrypt',
    'pleaseletmein',
    `$scrypt$ln=14,r=8,p=1$${text('SodiumChloride')}$${hex(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    )}`,
  ],
  // Passlib, documentation of scrypt and of pbkdf2_sha256; hashcat, example hashes of modes 20200 and 20400.
  [
    'Passlib scrypt',
    'password',
    '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
  ],
  [
    'Passlib SHA-256',
    'password',
    '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
  ],
  [
    'Passlib SHA-512',
    'hashcat',
    '$pbkdf2-sha512$25000$LyWE0HrP2RsjZCxlDGFMKQ$1vC5Ohk2mCS9b6akqsEfgeb4l74SF8XjH.SljXf3dMLHdlY1GK9ojcCKts6/asR4aPqBmk74nCDddU3tvSCJvw',
  ],
  ['Passlib SHA-1', 'hashcat', '$pbkdf2$131000$r5WythYixPgfQ2jt3buXcg$8Kdr.QQEOaZIXNOrrru36I/.6Po'],
  // RFC 6070 and RFC 7914 section 11, in the PHC layout.
  [
    'PBKDF2 SHA-1',
    'password',
    `$pbkdf2-sha1$i=4096,l=20$${text('salt')}$${hex('4b007901b765489abead49d926f721d065a429c1')}`,
  ],
  [
    'PBKDF2 SHA-256',
    'passwd',
    `$pbkdf2-sha256$i=1,l=64$${text('salt')}$${hex(
      '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
    )}`,
  ],
  // Django 5.2, tests/auth_tests/test_hashers.py.
  ['Django', 'lètmein', 'pbkdf2_sha256$1000000$seasalt$r1uLUxoxpP2Ued/qxvmje7UH9PUJBkRrvf9gGPL7Cps='],
  // hashcat, example hashes of modes 111, 1411 and 1711.
  ['LDAP SHA-1', 'hashcat', '{SSHA}AZKja92fbuuB9SpRlHqaoXxbTc43Mzc2MDM1Ng=='],
  ['LDAP SHA-256', 'hashcat', '{SSHA256}OZiz0cnQ5hgyel3Emh7NCbhBRCQ+HVBwYplQunHYnER7TLuV'],
  [
    'LDAP SHA-512',
    'hashcat',
    '{SSHA512}ALtwKGBdRgD+U0fPAy31C28RyKYx7+a8kmfksccsOeLknLHv2DBXYI7TDnTolQMBuPkWDISgZr2cHfnNPFjGZTEyNDU4OTkw',
  ],
  // U. Drepper, "Unix crypt using SHA-256 and SHA-512".
  [
    'SHA-256 crypt',
    'the minimum number is still observed',
    '$5$rounds=10$roundstoolow$yfvwcWrQ8l/K0DAWyuPMDNHpIVlTQebY9l/gL972bIC',
  ],
  [
    'SHA-512 crypt',
    'Hello world!',
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  [
    'SHA-512 crypt with rounds',
    'we have a short salt string but not a short password',
    '$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0',
  ],
  // The Firebase scrypt utility's README, and the test of Supabase Auth's importer.
  [
    'Firebase',
    'user1password',
    '$firebase-scrypt$ln=14,r=8,ss=Bw==,kid=project$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
  ],
  [
    'Firebase with its key',
    'mytestpassword',
    '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw==$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw==',
  ],
]

describe('hashes of other systems', () => {
  test.each(published)('%s: the published password and no other', async (_source, password, storedHash) => {
    const check = read(storedHash)
    expect(await check?.(password)).toBe(true)
    expect(await check?.(`${password}!`)).toBe(false)
  })

  test('Argon2d, and Argon2id under the name Django gives it', async () => {
    const options = { memoryCost: 64, timeCost: 1, parallelism: 1 }
    const dependent = await argon2.hash('tulip mania', { ...options, type: argon2d })
    expect(await read(dependent)?.('tulip mania')).toBe(true)
    const django = `argon2${await argon2.hash('tulip mania', options)}`
    expect(await read(django)?.('tulip mania')).toBe(true)
  })

  test('bcrypt sees 72 bytes, neither fewer nor more', async () => {
    const check = read(await bcryptHash('a'.repeat(72), 4))
    expect(await check?.('a'.repeat(80))).toBe(true)
    expect(await check?.('a'.repeat(71))).toBe(false)
  })

  // `openssl passwd -5 -salt saltstring` and `-6`: lengths of one and two digests are where implementations err.
  test.each([
    ['sha256', 32, 'rjMPH2qyAsLvASQeJUKQQdHLfa3DC3Q9NLllO3sQ6m2'],
    ['sha256', 64, 'il6Lknt3McjccQ.bI00HK1UEGUy7rZASVi/Shd9uiC7'],
    ['sha512', 64, 'xNfEGWEsbTgq/Y30XyIRNcZdD2drPqzAwh6fXDj7D6WVE0OazIpLhya3Bird/wrtzcCJhM8Es.wueUOoZXbEi/'],
    ['sha512', 128, 'ajS7nQp0NdN4wAr0LRLSmSMZZxB4kTyKRPG3ITitIoqHai0ACgIGal1qjka7t3RbyKLP8y40.T4sq9dOj9/FR1'],
  ] as const)('%s crypt of %i bytes', (digest, length, expected) => {
    expect(shaCryptDigest({ digest, rounds: 5000, salt: 'saltstring', password: 'a'.repeat(length) })).toBe(expected)
  })
})

describe('hashes that are refused', () => {
  const salt = 'c29tZXNhbHRzb21lc2FsdA'
  const tag = 'nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
  const shaTag = 'x'.repeat(86)

  test.each([
    ['Argon2 memory', `$argon2id$v=19$m=131073,t=1,p=1$${salt}$${tag}`],
    ['Argon2 passes', `$argon2id$v=19$m=65536,t=5,p=1$${salt}$${tag}`],
    ['Argon2 lanes', `$argon2id$v=19$m=65536,t=1,p=17$${salt}$${tag}`],
    ['bcrypt', `$2b$15$${'a'.repeat(53)}`],
    ['scrypt memory', `$scrypt$ln=17,r=8,p=1$${salt}$${tag}`],
    ['scrypt passes', `$scrypt$ln=16,r=8,p=5$${salt}$${tag}`],
    ['PBKDF2 iterations', `$pbkdf2-sha256$2000001$${salt}$${tag}`],
    ['PBKDF2 length', `$pbkdf2-sha256$1000$${salt}$${base64(Buffer.alloc(65))}`],
    ['Django iterations', `pbkdf2_sha256$2000001$salt$${tag}=`],
    ['SHA-crypt rounds', `$6$rounds=1000001$salt$${shaTag}`],
    ['Firebase memory', `$firebase-scrypt$ln=17,r=8,ss=Bw==,kid=project$${salt}$${tag}`],
  ])('too dear: %s', (_what, storedHash) => {
    expect(read(storedHash)).toBeUndefined()
  })

  test.each([
    ['dearest Argon2', `$argon2id$v=19$m=131072,t=2,p=16$${salt}$${tag}`],
    ['dearest bcrypt', `$2b$14$${'a'.repeat(53)}`],
    ['dearest scrypt', `$scrypt$ln=16,r=8,p=4$${salt}$${tag}`],
    ['dearest PBKDF2', `$pbkdf2-sha256$2000000$${salt}$${tag}`],
    ['dearest SHA-crypt', `$6$rounds=1000000$salt$${shaTag}`],
  ])('just inside its bound: %s', (_what, storedHash) => {
    expect(read(storedHash)).toBeDefined()
  })

  test.each([
    ['nothing', ''],
    ['plain text', 'x'],
    ['a truncated Argon2 hash', '$argon2id$broken'],
    ['a chance-sized Argon2 tag', `$argon2id$v=19$m=64,t=1,p=1$${salt}$AAAA`],
    ['an unknown Argon2 version', `$argon2id$v=18$m=64,t=1,p=1$${salt}$${tag}`],
    ['a parameter twice', `$argon2id$v=19$m=64,m=64,t=1,p=1$${salt}$${tag}`],
    ['an unknown parameter', `$argon2id$v=19$m=64,t=1,p=1,data=AAAA$${salt}$${tag}`],
    ['too little memory for its lanes', `$argon2id$v=19$m=15,t=1,p=2$${salt}$${tag}`],
    ['the key of nobody', `$argon2id$v=19$m=64,t=1,p=1,keyid=bm9uZQ$${salt}$${tag}`],
    ['no base64', `$scrypt$ln=4,r=8,p=1$${salt}$a`],
    ['the faulty bcrypt', `$2x$05$${'a'.repeat(53)}`],
    ['a short bcrypt hash', `$2b$05$${'a'.repeat(52)}`],
    ['a length that is not so', `$pbkdf2-sha256$i=1000,l=31$${salt}$${tag}`],
    ['a digest without salt', `{SSHA}${base64(Buffer.alloc(20))}=`],
    ['a short SHA-crypt hash', `$6$salt$${'x'.repeat(85)}`],
    ['an unknown signer key', `$firebase-scrypt$ln=14,r=8,ss=Bw==,kid=other$${salt}$${tag}`],
    ['a property of all objects', `constructor$${salt}$${tag}`],
    ['a megabyte', `$2b$05$${'a'.repeat(1_000_000)}`],
  ])('corrupt: %s', (_what, storedHash) => {
    expect(read(storedHash)).toBeUndefined()
  })

  test('no single change of a character makes reading throw', () => {
    const mutants = published.flatMap(([, , storedHash]) =>
      [...storedHash].flatMap((_character, at) =>
        ['', '$', '=', ',', '9', '\u0000'].map((other) => storedHash.slice(0, at) + other + storedHash.slice(at + 1)),
      ),
    )
    expect(mutants.length).toBeGreaterThan(10_000)
    for (const mutant of mutants) read(mutant)
  })
})
