import { readFileSync } from 'node:fs'
import { Refused } from './readers.ts'

export type Variables = Record<string, string | undefined>

/** Where a secret may be kept instead: compose and Kubernetes mount each as a file, which no list of processes shows. */
export const fileVariable = (name: string): string => `${name}_FILE`

/**
 * The text of a variable, or of the file that `NAME_FILE` names, without the line's end that editors put after it. Empty
 * counts as unset.
 *
 * @throws Refused where both are set, or the file cannot be read or has nothing in it.
 */
export function secretText(name: string, env: Variables): string | undefined {
  const path = env[fileVariable(name)] || undefined
  if (path === undefined) return env[name] || undefined
  if (env[name]) throw new Refused(`and ${fileVariable(name)} are both set: keep one of them`)
  const text = read(path, name).replace(/\r?\n$/, '')
  if (text === '') throw new Refused(`is empty in the file of ${fileVariable(name)}`)
  return text
}

function read(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw new Refused(`cannot be read from the file of ${fileVariable(name)} (${code})`)
  }
}
