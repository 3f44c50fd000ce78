-- The same answer for half the work, so that no row and no index changes: it is called for each user that is written.
SELECT set_config('search_path', string_agg(DISTINCT quote_ident(nspname), ', '), true)
  FROM pg_namespace LEFT JOIN pg_extension ON extnamespace = pg_namespace.oid
  WHERE nspname = 'public' OR extname = 'unaccent';

-- ASCII has no marks and no accents: only its case is left to fold.
CREATE OR REPLACE FUNCTION public.fold_text(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN octet_length(value) = length(value) THEN lower(value) ELSE translate(
  lower(unaccent('unaccent'::regdictionary, normalize(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC))),
  'ς', 'σ') END;
