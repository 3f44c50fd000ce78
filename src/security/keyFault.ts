/** Why a key cannot be used. Like the faults of the configuration it names a variable and contains nothing secret. */
export class KeyFault extends Error {
  readonly variable: KeyVariable
  /** Follows the variable's name. */
  readonly phrase: string

  constructor(variable: KeyVariable, phrase: string, options?: ErrorOptions) {
    super(`${variable} ${phrase}`, options)
    this.name = 'KeyFault'
    this.variable = variable
    this.phrase = phrase
  }
}

type KeyVariable = 'JWT_PRIVATE_KEY_FILE' | 'JWT_PUBLIC_KEYS_DIR' | 'JWT_ALGORITHM'

/** What the operating system said, as a reason that may be shown. */
export function systemCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}
