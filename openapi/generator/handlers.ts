import { operationsOf, type Document } from './document.ts'

/** `generated/handlers.ts`: every operation imported from the path its tag and its name give it. */
export function handlersSource(document: Document): string {
  const operations = operationsOf(document).map(({ operation }) => operation)
  return `
    import type { Handlers } from '../src/http/operation.ts'
    ${operations.map((each) => `import { ${each.operationId} } from '../src/operations/${each.tags[0]}/${each.operationId}.ts'`).join('\n')}

    export const handlers = { ${operations.map((each) => each.operationId).join(', ')} } satisfies Handlers
  `
}
