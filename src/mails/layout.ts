import type { MailText } from './texts.ts'

interface Rendered {
  subject: string
  text: string
  html: string
}

/** Both forms of a mail, for those who read plain text and for those who do not. */
export function layOut({ subject, paragraphs, link, token }: MailText, app: string): Rendered {
  const tokenLine = token === undefined ? [] : [`Token, for use with the API: ${token}`]
  const text = [...paragraphs, ...(link ? [`${link.label}:\n${link.url}`] : []), ...tokenLine, `-- \n${app}`]
  const html = [
    ...paragraphs.map((paragraph) => `<p>${escape(paragraph)}</p>`),
    ...(link ? [`<p><a href="${escape(link.url)}">${escape(link.label)}</a></p>`] : []),
    ...tokenLine.map((line) => `<p style="color:#666;font-size:small;word-break:break-all">${escape(line)}</p>`),
  ]
  return { subject, text: `${text.join('\n\n')}\n`, html: page(subject, html.join('\n    '), app) }
}

function page(title: string, content: string, app: string): string {
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>${escape(title)}</title></head>
  <body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em">
    ${content}
    <p style="color:#666;font-size:small">${escape(app)}</p>
  </body>
</html>
`
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
