export function markdownTable(columns: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`
  return [columns, columns.map(() => '---'), ...rows].map(line).join('')
}
