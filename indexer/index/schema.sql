-- catalog.db: what was read from the repository. All of it can be rebuilt; people.db cannot.
-- PRAGMA user_version carries the schema's number (see catalog.py).

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A path is git's bytes; `shown` is what leaves the engine (types.shown_path).
CREATE TABLE path (
    id INTEGER PRIMARY KEY,
    raw BLOB NOT NULL UNIQUE,
    shown TEXT NOT NULL
);
CREATE INDEX path_shown ON path (shown);

-- Content, keyed by object id, by what its path made of it, and by the reader's version (meta).
-- `asked` is "kind:language" from the path; `language` is what the content turned out to be.
-- `skipped` is a reason when nothing of the content was kept; `notice` when a fallback was used.
CREATE TABLE blob (
    id INTEGER PRIMARY KEY,
    oid TEXT NOT NULL,
    asked TEXT NOT NULL,
    language TEXT NOT NULL,
    read_as TEXT NOT NULL,
    encoding TEXT NOT NULL,
    size INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    marks INTEGER NOT NULL,         -- types.FileMark that the content itself shows
    notice TEXT NOT NULL,
    skipped TEXT NOT NULL,
    UNIQUE (oid, asked)
);

CREATE TABLE redaction (
    blob_id INTEGER, commit_id INTEGER,
    type TEXT NOT NULL, start_line INTEGER NOT NULL, end_line INTEGER NOT NULL
);
CREATE INDEX redaction_blob ON redaction (blob_id);
CREATE INDEX redaction_commit ON redaction (commit_id);

-- HEAD's tree with the working copy laid over it: what is shown as current.
CREATE TABLE entry (
    path_id INTEGER PRIMARY KEY,
    oid TEXT NOT NULL,
    mode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    working INTEGER NOT NULL,       -- 1: the content is the working copy's, not HEAD's
    marks INTEGER NOT NULL,         -- types.FileMark, the content's included
    blob_id INTEGER,                -- NULL when skipped by path, mode or size
    skipped TEXT NOT NULL,          -- reason, or empty
    rank REAL NOT NULL DEFAULT 0    -- PageRank over import edges, scaled to 0..1
);
CREATE INDEX entry_blob ON entry (blob_id);

-- Chunks of blobs (CODE, DOC) and of commits (COMMIT). Text has its secrets cut out.
CREATE TABLE chunk (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    blob_id INTEGER,
    commit_id INTEGER,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    symbol TEXT NOT NULL,
    text TEXT NOT NULL,
    words TEXT NOT NULL             -- tokens for FTS5, kept so that a moved file is not cut again
);
CREATE INDEX chunk_blob ON chunk (blob_id) WHERE blob_id IS NOT NULL;
CREATE UNIQUE INDEX chunk_commit ON chunk (commit_id, start_line) WHERE commit_id IS NOT NULL;

-- A chunk at a path: what the lexical index (rowid) and vectors (digest) speak of.
-- path_id is 0 for a commit. current = 1 only for HEAD's tree (with working copy) and ancestry.
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    path_id INTEGER NOT NULL,
    chunk_id INTEGER NOT NULL,
    digest BLOB NOT NULL,           -- of the text that is embedded
    current INTEGER NOT NULL,
    UNIQUE (path_id, chunk_id)
);
CREATE INDEX passage_digest ON passage (digest);
CREATE INDEX passage_chunk ON passage (chunk_id);

-- float16, little-endian, unit length. The model's fingerprint is in meta.
CREATE TABLE vector (digest BLOB PRIMARY KEY, value BLOB NOT NULL);

CREATE TABLE symbol (
    id INTEGER PRIMARY KEY,
    blob_id INTEGER NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    name_line INTEGER NOT NULL,
    signature TEXT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX symbol_name ON symbol (name);
CREATE INDEX symbol_blob ON symbol (blob_id);

CREATE TABLE reference (
    blob_id INTEGER NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL,
    line INTEGER NOT NULL,
    inside TEXT NOT NULL
);
CREATE INDEX reference_name ON reference (name);
CREATE INDEX reference_blob ON reference (blob_id);

-- Which current file takes in which (resolved imports, includes, copies, job steps).
CREATE TABLE edge (
    from_path INTEGER NOT NULL,
    to_path INTEGER NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (from_path, to_path, line, kind)
) WITHOUT ROWID;
CREATE INDEX edge_to ON edge (to_path);

CREATE TABLE person (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, UNIQUE (name, email)
);

-- `sequence` rises towards newer commits: a child's is always above its parents', whatever the
-- dates say. Gaps in it mean nothing.
CREATE TABLE commits (
    id INTEGER PRIMARY KEY,
    oid TEXT NOT NULL UNIQUE,
    sequence INTEGER NOT NULL,
    parents TEXT NOT NULL,          -- object ids joined by spaces
    person_id INTEGER NOT NULL,
    authored INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    subject TEXT NOT NULL,
    changes_known INTEGER NOT NULL,
    reachable INTEGER NOT NULL      -- 1: in HEAD's ancestry
);
CREATE INDEX commits_person ON commits (person_id);
CREATE INDEX commits_authored ON commits (authored);

CREATE TABLE change (
    commit_id INTEGER NOT NULL,
    path_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (path_id, commit_id)
) WITHOUT ROWID;
CREATE INDEX change_commit ON change (commit_id);

-- Cached blame of (path at content): msgpack, see blame_cache.py.
CREATE TABLE blame (path_id INTEGER NOT NULL, oid TEXT NOT NULL, runs BLOB NOT NULL,
    PRIMARY KEY (path_id, oid)) WITHOUT ROWID;

-- Words as `indexer.index.lexical` splits and stems them; rowid is passage.id.
CREATE VIRTUAL TABLE words_code USING fts5 (stem, dirs, body, tokenize = "unicode61 remove_diacritics 2 tokenchars '_'");
CREATE VIRTUAL TABLE words_doc USING fts5 (stem, dirs, body, tokenize = "unicode61 remove_diacritics 2 tokenchars '_'");
CREATE VIRTUAL TABLE words_commit USING fts5 (stem, dirs, body, tokenize = "unicode61 remove_diacritics 2 tokenchars '_'");
