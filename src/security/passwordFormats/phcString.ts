import { decodeBase64 } from './passwordFormat.ts'

/** A hash in the PHC string format: `$id[$v=version]$name=value,…$salt$hash`, salt and hash in base64. */
export interface PhcString {
  version: string | undefined
  parameters: ReadonlyMap<string, string>
  salt: Buffer
  hash: Buffer
}

const layout = /^\$[a-z0-9-]{1,32}(?:\$v=(\d{1,10}))?\$([^$]+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/

/** `undefined` where the text has another layout, an unexpected parameter, or one parameter twice. */
export function parsePhcString(text: string, allowed: readonly string[]): PhcString | undefined {
  const [whole, version, list = '', saltText = '', hashText = ''] = layout.exec(text) ?? []
  const salt = decodeBase64(saltText)
  const hash = decodeBase64(hashText)
  if (whole === undefined || !salt || !hash) return undefined

  const parameters = new Map<string, string>()
  for (const parameter of list.split(',')) {
    const [name = '', ...value] = parameter.split('=')
    if (!allowed.includes(name) || parameters.has(name)) return undefined
    parameters.set(name, value.join('='))
  }
  return { version, parameters, salt, hash }
}
