import { problemTypes, type ProblemType } from '../../generated/contract.ts'

/** The page behind a problem's `type` (RFC 9457 section 4). Its words are the contract's. */
export function problemPage(type: ProblemType): string {
  const { status, title, description } = problemTypes[type]
  return page(
    `${title} (${status})`,
    `<p><code>/problems/${type}</code> · HTTP status <strong>${status}</strong></p>
    <p>${markup(description)}</p>
    <p><a href="/problems">All problems</a> · <a href="/docs/">The API</a></p>`,
  )
}

/** The catalogue of all problems. */
export function problemIndex(): string {
  const rows = Object.entries(problemTypes).map(
    ([type, { status, title }]) => `<li>${status} <a href="/problems/${type}">${type}</a>: ${escape(title)}</li>`,
  )
  return page('Problems', `<ul>\n${rows.join('\n')}\n</ul>`)
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escape(title)}</title>
    <style>body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }</style>
  </head>
  <body>
    <h1>${escape(title)}</h1>
    ${content}
  </body>
</html>
`
}

/** The one thing of Markdown that the descriptions use: \`code\`. */
function markup(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
