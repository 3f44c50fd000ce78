import { execFileSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, isAbsolute, join, normalize } from 'node:path'
import { mountBase } from './base.ts'
import type { Stage, Step } from './dockerfile.ts'

/** What of an image is not in its files. */
export interface Image {
  /** The folder that is its `/`. */
  root: string
  env: Record<string, string>
  workdir: string
  user: string
  command: string[]
  healthcheck: string[]
}

/**
 * Does what the Dockerfile says, step by step, in folders below `folder`, one for each stage; answers the last. A step that
 * is not known here is an error, so that none is left out.
 *
 * @param context the folder whose files COPY takes, as far as its .dockerignore lets it
 */
export function build(stages: Stage[], context: string, folder: string): Image {
  const images = new Map<string, Image>()
  stages.forEach(({ name = 'final', steps }) => {
    const root = join(folder, name)
    const image: Image = { root, env: {}, workdir: '/', user: '0:0', command: [], healthcheck: [] }
    mkdirSync(root)
    mountBase(root)
    for (const step of steps) {
      process.stdout.write(`  ${name}: ${step.keyword} ${step.text}\n`)
      perform(step, image, { context, images })
    }
    images.set(name, image)
  })
  const final = images.get('final')
  if (!final) throw new Error('the last stage has a name')
  return final
}

function perform(step: Step, image: Image, sources: { context: string; images: Map<string, Image> }): void {
  const { keyword, words } = step
  if (keyword === 'ENV') Object.assign(image.env, Object.fromEntries(words.map(pair)))
  else if (keyword === 'WORKDIR') mkdirSync(inside(image, (image.workdir = step.text)), { recursive: true })
  else if (keyword === 'USER') image.user = step.text
  else if (keyword === 'CMD') image.command = words
  else if (keyword === 'HEALTHCHECK') image.healthcheck = words
  else if (keyword === 'COPY') copy(step, image, sources)
  else if (keyword === 'RUN')
    execFileSync('chroot', inChroot(image, step.text), { stdio: ['ignore', 'inherit', 'inherit'] })
  else if (keyword !== 'EXPOSE') throw new Error(`${keyword} is not known here`)
}

const pair = (word: string): [string, string] => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]

const inside = (image: Image, path: string) => join(image.root, isAbsolute(path) ? path : join(image.workdir, path))

function inChroot({ root, env, workdir }: Image, command: string): string[] {
  const all = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/root', ...wayToTheRegistry(), ...env }
  const variables = Object.entries(all).map(([name, value]) => `${name}=${value}`)
  return [root, 'env', '-i', '-C', workdir, ...variables, 'sh', '-ec', command]
}

/** Where packages come from, and by which certificates and proxies, is the machine's to know. */
function wayToTheRegistry(): Record<string, string> {
  const configured = ['registry', 'cafile'].map((name) => {
    const value = execFileSync('npm', ['config', 'get', name]).toString().trim()
    return [`npm_config_${name}`, value === 'null' ? '' : value]
  })
  const inherited = Object.entries(process.env).filter(([name]) =>
    /^(https?_proxy|no_proxy|node_extra_ca_certs)$/i.test(name),
  )
  return Object.fromEntries([...configured, ...inherited].filter(([, value]) => value)) as Record<string, string>
}

function copy(step: Step, image: Image, { context, images }: { context: string; images: Map<string, Image> }): void {
  const from = step.flags.get('from')
  const other = from === undefined ? undefined : images.get(from)
  if (from !== undefined && !other) throw new Error(`there is no stage ${from}`)
  const target = step.words.at(-1) ?? ''
  for (const source of step.words.slice(0, -1)) {
    if (!other && !isInContext(source, context)) throw new Error(`.dockerignore keeps ${source} out`)
    const path = other ? inside(other, source) : join(context, source)
    // A folder's content is copied, a file as itself where a folder is named.
    const isFile = !lstatSync(path).isDirectory()
    const to = isFile && target.endsWith('/') ? join(target, basename(source)) : target
    cpSync(path, inside(image, to), { recursive: true, verbatimSymlinks: true })
  }
}

/** The file keeps everything out and names what is let in. */
function isInContext(source: string, context: string): boolean {
  const [all, ...allowed] = readFileSync(join(context, '.dockerignore'), 'utf8').trim().split('\n')
  if (all !== '*' || !allowed.every((line) => line.startsWith('!')))
    throw new Error('.dockerignore must be "*" and exceptions')
  return allowed.includes(`!${normalize(source)}`)
}
