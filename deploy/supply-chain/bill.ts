import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Bill {
  metadata: { component: { name: string; type: string } }
  components: { 'bom-ref': string }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

interface Lock {
  name: string
  packages: Record<string, { name?: string; version: string; dev?: boolean }>
}

const root = join(import.meta.dirname, '../..')

/** `name@version` of every package that production has, as the lock file says. */
export function lockedForProduction(): Set<string> {
  const { packages } = readLock()
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true)
  return new Set(
    production.map(
      ([path, { name, version }]) => `${name ?? path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`,
    ),
  )
}

/**
 * What the service is made of, as CycloneDX. Npm's own `--omit dev` leaves out what development and production both have,
 * so everything is asked for, and what the lock file has for development alone is taken out.
 */
export function billOfMaterials(): Bill {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
  const bill = JSON.parse(execFileSync('npm', words, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })) as Bill
  const kept = lockedForProduction()
  const own = bill.dependencies[0]?.ref ?? ''
  return {
    ...bill,
    // Npm would name it after the folder of the checkout.
    metadata: {
      ...bill.metadata,
      component: { ...bill.metadata.component, name: readLock().name, type: 'application' },
    },
    components: bill.components.filter((component) => kept.has(component['bom-ref'])),
    dependencies: bill.dependencies
      .filter(({ ref }) => ref === own || kept.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) })),
  }
}

const readLock = () => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
