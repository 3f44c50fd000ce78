// Builds the image without Docker, in folders, and looks what is in it; then tries it. Called by verify-image.sh, as root
// in a mount namespace of its own.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.ts'
import { dockerfileText, parseDockerfile } from './dockerfile.ts'
import { findStray, sizeOf } from './inspect.ts'
import { faultsOf } from './rules.ts'

const [folder = ''] = process.argv.slice(2)
const context = join(import.meta.dirname, '../..')

function refuse(faults: string[]): void {
  for (const fault of faults) console.error(`  ${fault}`)
  if (faults.length > 0) process.exit(1)
}

refuse(faultsOf(dockerfileText()))
const started = performance.now()
const image = build(parseDockerfile(dockerfileText()), context, folder)
refuse(findStray(image, join(context, 'package-lock.json')))
console.log(`  built in ${((performance.now() - started) / 1000).toFixed(0)} s; /app has ${sizeOf(image)} MiB`)

prepareMounts(image.root)
writeFileSync(join(folder, 'image.json'), JSON.stringify(image))
const trial = join(import.meta.dirname, 'trial.ts')
const { status } = spawnSync('unshare', ['--net', process.execPath, trial, folder], { stdio: 'inherit' })
process.exit(status ?? 1)

/** As compose does: all to be read alone, but for a folder in memory; secrets from a volume. */
function prepareMounts(root: string): void {
  const mount = (...words: string[]) => execFileSync('mount', words, { stdio: ['ignore', 'inherit', 'inherit'] })
  const secrets = join(folder, 'secrets/api')
  for (const path of [secrets, join(root, 'run/secrets'), join(root, 'data')]) mkdirSync(path, { recursive: true })
  mount('--rbind', root, root)
  mount('-o', 'remount,bind,ro', root)
  mount('-o', 'remount,ro', join(root, 'usr/local'))
  mount('--bind', secrets, join(root, 'run/secrets'))
  mount('-t', 'tmpfs', '-o', 'uid=10001,gid=10001,mode=0700', 'tmpfs', join(root, 'data'))
}
