import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Import {
  /** The file, from the root of the repository, or the name of a package. */
  to: string
  isTypeOnly: boolean
}

export const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Every file below the folders, from the root of the repository. */
export function filesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length)),
  )
}

export const sources: string[] = filesIn('src').filter((file) => file.endsWith('.ts'))

const statement = /^(?:import|export)\s+(type\s)?[^'"]*?\bfrom\s+'([^']+)'/gm
const dynamic = /\bimport\(\s*'([^']+)'/g

/** What a file imports, types and re-exports included. */
export function importsOf(file: string): Import[] {
  const text = read(file)
  const resolve = (specifier: string) => (specifier.startsWith('.') ? join(file, '..', specifier) : specifier)
  return [
    ...[...text.matchAll(statement)].map(([, type, to = '']) => ({ to: resolve(to), isTypeOnly: type !== undefined })),
    ...[...text.matchAll(dynamic)].map(([, to = '']) => ({ to: resolve(to), isTypeOnly: false })),
  ]
}

/** The folder a file of ours stands in, or its own name where it stands beside the folders; undefined for a package. */
export function shelfOf(file: string): string | undefined {
  if (file.startsWith('generated/')) return 'generated'
  const [top, shelf, ...rest] = file.split('/')
  if (top !== 'src' || shelf === undefined) return undefined
  return rest.length > 0 ? shelf : shelf.replace(/\.ts$/, '')
}
