-- What GET /api/events/{id} reads.
SELECT id, owner_id, state, created_at, updated_at, version, details FROM events_view WHERE id = :id;
