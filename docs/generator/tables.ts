interface Table {
  name: string
  columns: { name: string; type: string }[]
  primaryKey: string[]
  references: { columns: string[]; table: string }[]
}

/** A diagram (Mermaid) of every table and column of the dumped schema, and of the references between them. */
export function tableDiagram(schema: string): string {
  const tables = [...schema.matchAll(/^CREATE TABLE (\w+) \(\n([^]*?)^\);/gm)].map(([, name = '', body = '']) =>
    readTable(name, body.split('\n')),
  )
  const lines = tables.flatMap(({ name, references }) =>
    references.map(({ table }) => `  ${table} ||--o{ ${name} : ""`),
  )
  return ['```mermaid', 'erDiagram', ...new Set(lines), ...tables.map(drawTable), '```', ''].join('\n')
}

function readTable(name: string, lines: string[]): Table {
  const columns = lines.map((line) => /^ {2}([a-z]\w*) (.+?),?$/.exec(line)).filter((found) => found !== null)
  const keys = lines.map((line) => /PRIMARY KEY \(([^)]+)\)/.exec(line)?.[1]).filter((found) => found !== undefined)
  const references = lines.map((line) => /FOREIGN KEY \(([^)]+)\) REFERENCES (\w+)/.exec(line))
  return {
    name,
    columns: columns.map(([, column = '', rest = '']) => ({ name: column, type: typeOf(rest) })),
    primaryKey: keys.flatMap((key) => key.split(', ')),
    references: references
      .filter((found) => found !== null)
      .map(([, own = '', table = '']) => ({ columns: own.split(', '), table })),
  }
}

function drawTable({ name, columns, primaryKey, references }: Table): string {
  const lines = columns.map((column) => {
    const isReference = references.some((each) => each.columns.includes(column.name))
    const marks = [...(primaryKey.includes(column.name) ? ['PK'] : []), ...(isReference ? ['FK'] : [])]
    return `    ${[column.type, column.name, marks.join(', ')].join(' ').trimEnd()}`
  })
  return [`  ${name} {`, ...lines, '  }'].join('\n')
}

/** As short as people write it; a diagram has no room for defaults. */
function typeOf(definition: string): string {
  const [type = ''] = definition.split(/ (?:NOT NULL|DEFAULT|GENERATED|COLLATE)\b/)
  return type.replace('timestamp with time zone', 'timestamptz').replace('[]', '_array').replaceAll(' ', '_')
}
