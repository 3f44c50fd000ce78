import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { jwtVerify } from 'jose'
import pg from 'pg'

/**
 * What the service is compared with: the one endpoint as one writes it by hand in an afternoon, over the same database
 * and for the same tokens. The signature is checked and the identifier's form; there is no session check, no permission, no
 * limit, no log, no contract.
 */
const secret = new TextEncoder().encode(process.env.JWT_SECRET)
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const columns =
  'id, username, email, first_name, last_name, role, is_active, email_verified, last_login_at, created_at, updated_at'

const authenticate: RequestHandler = async (request, response, next) => {
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
  const verified = scheme === 'Bearer' && (await jwtVerify(token, secret, { algorithms: ['HS256'] }).catch(() => false))
  if (verified) return next()
  response.status(401).json({ error: 'unauthenticated' })
}

const getUser: RequestHandler<{ id: string }> = async (request, response) => {
  const { id } = request.params
  const { rows } = uuid.test(id)
    ? await pool.query(`SELECT ${columns} FROM users WHERE id = $1 AND deleted_at IS NULL`, [id])
    : { rows: [] }
  if (rows.length === 0) response.status(404).json({ error: 'not found' })
  else response.json(rows[0])
}

const handleError: ErrorRequestHandler = (error, _request, response, _next) => {
  console.error(error)
  response.status(500).json({ error: 'internal' })
}

const app = express()
app.disable('x-powered-by')
app.get('/v1/users/:id', authenticate, getUser)
app.get('/health', (_request, response) => response.json({ status: 'ok' }))
app.use(handleError)
app.listen(Number(process.env.PORT), '127.0.0.1')
