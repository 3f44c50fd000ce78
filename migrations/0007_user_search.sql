-- Lists of users in every order, by every filter, and search by any part of a name or an address (docs/adr/0015).
DO $$
BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'the database must have the encoding UTF8, not %', current_setting('server_encoding');
  END IF;
END
$$;

-- Both are trusted: whoever may create in the database may have them. An administrator may have put them elsewhere.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
SELECT set_config('search_path', string_agg(DISTINCT quote_ident(nspname), ', '), true)
  FROM pg_namespace LEFT JOIN pg_extension ON extnamespace = pg_namespace.oid
  WHERE nspname = 'public' OR extname IN ('pg_trgm', 'unaccent');

-- Case and accents away. Marks are taken apart and removed before the dictionary sees the text, which is left with the
-- letters that have no parts (ß, ł, ø, İ …): its other rules differ from one release of PostgreSQL to the next, and the
-- folded text is kept. The body is bound when the function is made, so no search_path of a caller changes it.
CREATE FUNCTION public.fold_text(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
  lower(unaccent('unaccent'::regdictionary, normalize(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC))),
  'ς', 'σ');

-- What is searched for, folded; what folds to nothing (a lone accent) stays as it is, and is in no folded text.
CREATE FUNCTION public.search_term(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(nullif(public.fold_text(value), ''), value);

-- What an index is asked for: a dozen characters of a long term leave little to test, and few lists of matches have to be
-- compared. Of an address those before the @, which tell people apart as its end does not; if there are few, some after it.
CREATE FUNCTION public.search_piece(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN strpos(public.search_term(value), '@') > 5 THEN right(split_part(public.search_term(value), '@', 1), 12)
  WHEN strpos(public.search_term(value), '@') > 3 THEN left(public.search_term(value), 9)
  ELSE right(public.search_term(value), 12)
END;

-- For LIKE; the wildcards of the term stand for themselves.
CREATE FUNCTION public.search_pattern(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN '%' || regexp_replace(public.search_term(value), '([\\%_])', '\\\1', 'g') || '%';

-- Every character and every pair of neighbours of a text: what terms without trigrams are found by. Pairs are cut off from
-- the first character and again from the second, since a regular expression finds none that overlap.
CREATE FUNCTION public.search_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN string_to_array(value, NULL)
  || string_to_array(rtrim(regexp_replace(value, '(..)', '\1' || chr(1), 'g'), chr(1)), chr(1))
  || string_to_array(rtrim(regexp_replace(substr(value, 2), '(..)', '\1' || chr(1), 'g'), chr(1)), chr(1));

-- The grams a text must have to contain the term: its pairs, or its only character.
CREATE FUNCTION public.search_term_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
  SELECT array_agg(substr(term, place, 2))
  FROM public.search_term(value) AS term, generate_series(1, greatest(length(term) - 1, 1)) AS place
);

ALTER TABLE users
  -- Deleted or not, role, active or not, verified or not, as one number: src/queries/userFilters.ts counts the same way.
  ADD COLUMN segment smallint NOT NULL GENERATED ALWAYS AS ((
    CASE WHEN deleted_at IS NULL THEN 0 ELSE 12 END
    + CASE role WHEN 'user' THEN 0 WHEN 'moderator' THEN 4 ELSE 8 END
    + CASE WHEN is_active THEN 0 ELSE 2 END
    + CASE WHEN email_verified THEN 0 ELSE 1 END)::smallint) STORED,
  -- No term has a line break in it, so none is found across two fields.
  ADD COLUMN search_text text COLLATE "C" NOT NULL GENERATED ALWAYS AS (public.fold_text(
    username || E'\n' || email || E'\n' || coalesce(first_name, '') || E'\n' || coalesce(last_name, ''))) STORED;

-- Or a search for "100" finds its likelihood by a hundred values only.
ALTER TABLE users ALTER COLUMN search_text SET STATISTICS 500;

-- One for each order. A page reads each segment that the filters leave in this order and merges them.
CREATE INDEX users_by_created_at ON users (segment, created_at, id);
CREATE INDEX users_by_updated_at ON users (segment, updated_at, id);
CREATE INDEX users_by_username ON users (segment, username_key, id);
CREATE INDEX users_by_email ON users (segment, email_key, id);
CREATE INDEX users_by_last_login_at ON users (segment, coalesce(last_login_at, '1970-01-01T00:00:00Z'), id);

-- A search reads the whole list of entries that are not sorted in yet, so that is kept short. Kilobytes.
CREATE INDEX users_search ON users USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 512);
CREATE INDEX users_search_grams ON users USING gin (search_grams(search_text)) WITH (gin_pending_list_limit = 512);
-- It is used where it is asked for; counting its grams would be most of the work of ANALYZE.
ALTER INDEX users_search_grams ALTER COLUMN 1 SET STATISTICS 0;

DROP INDEX users_created_at, users_role_created_at, users_inactive_created_at;
