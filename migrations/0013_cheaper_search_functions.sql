-- The same answers for less work, so that no row and no index changes: an import calls both once for each row.
SELECT set_config('search_path', string_agg(DISTINCT quote_ident(nspname), ', '), true)
  FROM pg_namespace LEFT JOIN pg_extension ON extnamespace = pg_namespace.oid
  WHERE nspname = 'public' OR extname IN ('pg_trgm', 'unaccent');

-- ASCII has no marks and no accents: only its case is left to fold.
CREATE OR REPLACE FUNCTION public.fold_text(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN octet_length(value) = length(value) THEN lower(value) ELSE translate(
  lower(unaccent('unaccent'::regdictionary, normalize(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC))),
  'ς', 'σ') END;

-- Pairs are cut off without a group in the expression, which took most of the time.
CREATE OR REPLACE FUNCTION public.search_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN string_to_array(value, NULL)
  || string_to_array(rtrim(regexp_replace(value, '..', '\&' || chr(1), 'g'), chr(1)), chr(1))
  || string_to_array(rtrim(regexp_replace(substr(value, 2), '..', '\&' || chr(1), 'g'), chr(1)), chr(1));
