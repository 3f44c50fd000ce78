// node deploy/k8s/misspell.ts FOLDER < manifests: writes one file for every property of every manifest, in which that one
// is misspelt. Each of them must be refused.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

type Tree = Record<string, unknown> | unknown[]

/** Maps whose keys are anybody's to choose. */
const free = new Set(['labels', 'annotations', 'matchLabels', 'selector', 'data', 'stringData', 'requests', 'limits'])

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

/** The path of every property that the schema names. */
function pathsIn(tree: Tree, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(tree)) return tree.flatMap((item, index) => (isTree(item) ? pathsIn(item, [...path, index]) : []))
  return Object.entries(tree).flatMap(([name, value]) => {
    const here = [...path, name]
    // A selector of a Service is free, one of a Deployment is not.
    const isFree = free.has(name) && isTree(value) && !('matchLabels' in value)
    return [here, ...(isTree(value) && !isFree ? pathsIn(value, here) : [])]
  })
}

function misspelt(tree: Tree, [first, ...rest]: (string | number)[]): Tree {
  if (Array.isArray(tree)) return tree.map((item, index) => (index === first ? misspelt(item as Tree, rest) : item))
  const entries = Object.entries(tree).map(([name, value]) => {
    if (name !== first) return [name, value] as const
    return rest.length > 0
      ? ([name, misspelt(value as Tree, rest)] as const)
      : ([`${name.slice(0, -1)}_`, value] as const)
  })
  return Object.fromEntries(entries)
}

const [folder = ''] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
let count = 0
for (const document of parseAllDocuments(readFileSync(0, 'utf8'))) {
  const manifest = document.toJS() as Tree
  // Without apiVersion and kind it is no manifest at all, which kubeconform says in another way.
  for (const path of pathsIn(manifest).filter(([first]) => first !== 'apiVersion' && first !== 'kind')) {
    writeFileSync(
      join(folder, `${path.join('.').replaceAll('/', '-')}-${count}.json`),
      JSON.stringify(misspelt(manifest, path)),
    )
    count += 1
  }
}
console.log(count)
