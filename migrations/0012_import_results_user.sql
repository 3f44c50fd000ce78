-- no-transaction
-- What an erasure and an export of a person's data look for; most rows of a first import would be found by nothing else.
CREATE INDEX CONCURRENTLY IF NOT EXISTS user_import_results_user ON user_import_results (user_id) WHERE user_id IS NOT NULL;
