import { isCommonPassword } from './commonPassword.ts'
import { isMadeOf } from './madeOf.ts'

export interface PasswordContext {
  username: string
  email: string
  productName?: string
}

export interface PolicyFault {
  code: 'too-short' | 'too-long' | 'contains-identity' | 'blocklisted'
  detail: string
}

const maximumLength = 128

/**
 * What is wrong with a new password, or `undefined`. Length, identity and blocklist are all there is: no rule about
 * kinds of characters (NIST SP 800-63B section 3.1.1.2). Lengths are code points; a password that NFKC lengthens or
 * shortens must fit both as typed and as hashed, so that a single ligature is no long password.
 */
export function checkPassword(password: string, context: PasswordContext, minLength: number): PolicyFault | undefined {
  const lengths = [password, password.normalize('NFKC')].map((text) => [...text].length)
  if (Math.min(...lengths) < minLength) {
    return { code: 'too-short', detail: `A password has at least ${minLength} characters.` }
  }
  if (Math.max(...lengths) > maximumLength) {
    return { code: 'too-long', detail: `A password has at most ${maximumLength} characters.` }
  }
  if (identities(context).some((identity) => isMadeOf(password, identity))) {
    return {
      code: 'contains-identity',
      detail: 'This is a username, an e-mail address or the name of this service with little added. Choose another.',
    }
  }
  if (isCommonPassword(password)) {
    return {
      code: 'blocklisted',
      detail: 'This is one of the passwords that are guessed first, or one with little added. Choose another.',
    }
  }
  return undefined
}

/** The words one guesses first for this user; of `jane+news@example.com` also `jane`. */
function identities({ username, email, productName = '' }: PasswordContext): string[] {
  const localPart = email.slice(0, Math.max(0, email.lastIndexOf('@')))
  return [username, email, localPart, localPart.replace(/\+.*$/, ''), productName]
}
