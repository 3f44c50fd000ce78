/**
 * What every answer carries, whatever its status. All of it is for browsers: other clients ignore it.
 *
 * `Cross-Origin-Resource-Policy` stays `same-origin` even where CORS lets other origins in: it is asked only for
 * requests in `no-cors` mode (Fetch, section 3.7), so it stops pages that embed an answer, never a `fetch` that CORS allows.
 */
export const securityHeaders: Record<string, string> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
}
