import argon2 from 'argon2'
import { hashConcurrency } from '../src/security/passwordHasher.ts'
import { serveWork } from './workServer.ts'

/** The limit of logins: their password hash by itself, as many at a time as the service computes. */
const { PASSWORD_HASH = '', PASSWORD = '' } = process.env

serveWork(hashConcurrency(), async () => {
  if (!(await argon2.verify(PASSWORD_HASH, PASSWORD))) throw new Error('the password does not fit')
})
