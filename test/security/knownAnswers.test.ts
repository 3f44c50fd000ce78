import { deriveKey } from '../../src/security/deriveKey.ts'
import { createSubjectKey, decryptValues, encryptValues } from '../../src/security/personalValues.ts'
import { sealWith, unsealWith } from '../../src/security/secrets.ts'

const bytes = (hexadecimal: string) => Buffer.from(hexadecimal, 'hex')

// What lies in databases was made like this: a release that no longer reads it has lost it.
describe('what was derived and encrypted before', () => {
  test('a key for another purpose is the same for ever', () => {
    const expected = '7565104b46319f61064d4c37224c1097e5bb5804b878a5669186916608038a64'
    expect(deriveKey('the signing secret', 'list cursors').export().toString('hex')).toBe(expected)
  })

  const key = Buffer.alloc(32, 7)
  const encrypted = bytes(
    'f9b2ac8ab8af5ed8e7249ddb6789692f1790c95e1da5d93d8063dea9d09ddbdbbd33d6b66f6f36c8a84ab6ae4b675b279474dcbaf5c2a6bce681a3f0837eb8c19d49',
  )

  test('personal values of an event are read, with their key and in their place', () => {
    expect(decryptValues(key, 'an event', encrypted)).toEqual({ email: { after: 'lead@example.com' } })
    expect(decryptValues(key, 'another event', encrypted)).toBeUndefined()
    expect(decryptValues(createSubjectKey(), 'an event', encrypted)).toBeUndefined()
    expect(decryptValues(key, 'a', encryptValues(key, 'a', { email: 'x' }))).toEqual({ email: 'x' })
  })

  test.each([0, 16, 31, 33])('a key of %i bytes reads nothing', (length) => {
    expect(decryptValues(Buffer.alloc(length, 7), 'an event', encrypted)).toBeUndefined()
  })

  const sealed = bytes('12827687599f07063c2002e1f6d0f90878b7afbd3d2b6692965a01c6974322ec5049dd9f34e15bdde6697a')

  test('a sealed successor is read by who holds the token before it', () => {
    expect(unsealWith('the token before', sealed)).toBe('the token after')
    expect(() => unsealWith('another token', sealed)).toThrow()
    expect(unsealWith('a', sealWith('a', 'b'))).toBe('b')
  })
})
