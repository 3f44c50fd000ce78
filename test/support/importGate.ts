import type { TestDatabase } from './database.ts'
import { until } from './service.ts'

/**
 * Steers the batches of an import, by triggers whose counters are sequences, which no rollback takes back: batches that
 * have a user with the name of the gate wait until it is opened, and whoever has written the events of a batch is counted.
 */
export async function installGate(database: TestDatabase) {
  await database.query(`
    CREATE SEQUENCE opened; CREATE SEQUENCE written; CREATE SEQUENCE tried; CREATE TABLE faults (name text, times integer);
    CREATE FUNCTION is_open() RETURNS boolean LANGUAGE sql AS 'SELECT is_called FROM opened';
    CREATE FUNCTION meet_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      IF NEW.username LIKE '%.gate' THEN
        WHILE NOT is_open() LOOP PERFORM pg_sleep(0.01); END LOOP;
      END IF;
      IF EXISTS (SELECT FROM faults WHERE name = NEW.username AND nextval('tried') <= times) THEN
        RAISE EXCEPTION 'sacrificed' USING ERRCODE = '40P01';
      END IF;
      RETURN NEW;
    END $$;
    CREATE FUNCTION count_batch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
      $$ BEGIN IF (SELECT count(*) FROM fresh) > 1 THEN PERFORM nextval('written'); END IF; RETURN NULL; END $$;
    CREATE TRIGGER gate BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION meet_gate();
    CREATE TRIGGER batches AFTER INSERT ON audit_events REFERENCING NEW TABLE AS fresh
      FOR EACH STATEMENT EXECUTE FUNCTION count_batch();`)
  const readCount = async (): Promise<number> => {
    const text = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END::integer AS count FROM written'
    return (await database.query<{ count: number }>(text))[0]!.count
  }
  return {
    open: () => database.query(`SELECT nextval('opened')`),
    /** Closes the gate, begins to count anew, and lets PostgreSQL give up whoever makes this user, so many times. */
    reset: (fault: { name: string; times: number } = { name: '', times: 0 }) =>
      database.query(
        `ALTER SEQUENCE opened RESTART; ALTER SEQUENCE written RESTART; ALTER SEQUENCE tried RESTART;
         TRUNCATE faults; INSERT INTO faults VALUES ('${fault.name}', ${fault.times})`,
      ),
    /** How often the events of a batch were written, and perhaps taken back since. */
    written: readCount,
    untilWritten: (count: number) => until(async () => ((await readCount()) >= count ? true : undefined)),
  }
}
