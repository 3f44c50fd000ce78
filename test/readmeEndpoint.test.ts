import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTypescript, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { parse } from 'yaml'
import bundled from '../generated/openapi.json' with { type: 'json' }
import { contractSource } from '../openapi/generator/contract.ts'
import type { Document } from '../openapi/generator/document.ts'

const root = join(import.meta.dirname, '..')
const example = readFileSync(join(root, 'README.md'), 'utf8').split('\n## Adding an endpoint\n')[1]!
const handler = join(root, 'src/operations/users/confirmUserEmail.ts')

/** The first block of the example in this language, without its indentation. */
const block = (language: string) =>
  new RegExp('^ {3}```' + language + '\n([^]*?)^ {3}```', 'm').exec(example)![1]!.replace(/^ {3}/gm, '')

/** The contract with the operation that the example adds; its references lead to where the bundler puts things. */
function extended(): Document {
  const local = block('yaml')
    .replaceAll("'../openapi.yaml#/", "'#/")
    .replace(/'\.\.\/(headers|responses)\.yaml#\//g, "'#/components/$1/")
    .replace(/'\.\.\/schemas\/\w+\.yaml#\//g, "'#/components/schemas/")
  const { confirmEmail, ...paths } = parse(local) as Record<string, object>
  const [path] = Object.keys(paths)
  return { ...bundled, paths: { ...bundled.paths, [path!]: confirmEmail } } as unknown as Document
}

test('the example of a new operation compiles as it stands', async () => {
  const document = extended()
  const types = astToString(await openapiTypescript(JSON.stringify(document), { defaultNonNullable: false }))
  const imagined = new Map([
    [join(root, 'generated/openapi.ts'), types],
    [join(root, 'generated/contract.ts'), contractSource(document)],
    [handler, block('ts')],
  ])
  const read = (name: string) => imagined.get(name) ?? ts.sys.readFile(name)
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), read) as { config: object }
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [handler], include: [] }, ts.sys, root)
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    readFile: read,
    fileExists: (name) => imagined.has(name) || ts.sys.fileExists(name),
    getSourceFile: (name, target) => ts.createSourceFile(name, read(name) ?? '', target),
  }
  const program = ts.createProgram([handler], { ...options, types: [] }, host)
  const source = program.getSourceFile(handler)
  const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
})
