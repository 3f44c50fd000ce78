import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signInAs } from '../../support/people.ts'

describe('a change that PostgreSQL sacrifices to others', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    // A sequence goes on counting when its transaction is undone.
    await api.database.query(`
      CREATE SEQUENCE attempts;
      CREATE FUNCTION sacrifice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        IF nextval('attempts') <= NEW.last_name::int THEN
          RAISE EXCEPTION 'could not serialize' USING ERRCODE = NEW.first_name;
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER sacrifice BEFORE UPDATE ON users FOR EACH ROW WHEN (NEW.first_name IN ('40001', '40P01')) EXECUTE FUNCTION sacrifice()`)
  })
  afterAll(() => api.close())

  test.each([
    ['40001', 3, 200],
    ['40P01', 3, 200],
    ['40001', 4, 503],
    ['40P01', 4, 503],
  ])('CON-01! CON-02! SQLSTATE %s, %i times: %i, and all of it or nothing', async (code, times, status) => {
    await api.database.query('ALTER SEQUENCE attempts RESTART')
    const { id } = await addPerson(api)
    const body = { first_name: code, last_name: String(times) }
    const answer = await api.send('PATCH', `/v1/users/${id}`, { token, body })
    expect(answer.status).toBe(status)
    const [attempts] = await api.database.query<{ last_value: string }>('SELECT last_value FROM attempts')
    expect(Number(attempts!.last_value)).toBe(4)
    const events = await api.database.query(
      `SELECT FROM audit_events WHERE subject_id = $1 AND action = 'user.updated'`,
      [id],
    )
    const [user] = await api.database.query<{ version: number }>('SELECT version FROM users WHERE id = $1', [id])
    expect([events.length, user!.version]).toEqual(status === 200 ? [1, 2] : [0, 1])
    if (status === 503) {
      expect(answer.body).toMatchObject({ type: '/problems/unavailable', detail: 'Too many changes at once.' })
    }
  })
})
