-- Instants are integer UTC milliseconds, dates are ISO 8601 text, ids of ours are UUID text (version 7, so that
-- rows arrive in key order), Discord's ids are integers. Content is named by slug and is not in the database:
-- a question can be retired while its history stays.

-- A server, from the first schedule made in it.
CREATE TABLE servers (
    id            INTEGER PRIMARY KEY,
    zone          TEXT,
    joined_at_ms  INTEGER NOT NULL
) STRICT;

-- A person, from the first thing they do. A zone change waits in the `next_` columns until the practice day ends, so
-- that travelling can neither lose a day nor earn one twice.
CREATE TABLE members (
    id                   INTEGER PRIMARY KEY,
    level                TEXT,
    zone                 TEXT,
    day_start_hour       INTEGER NOT NULL DEFAULT 4 CHECK (day_start_hour BETWEEN 0 AND 6),
    not_before           TEXT,
    next_zone            TEXT,
    next_day_start_hour  INTEGER CHECK (next_day_start_hour BETWEEN 0 AND 6),
    next_from_ms         INTEGER,
    rest_weekdays        INTEGER NOT NULL DEFAULT 0,
    created_at_ms        INTEGER NOT NULL
) STRICT;

-- Days that may not break a streak though nobody practised: those a move east jumps over, and later outages.
CREATE TABLE excused_days (
    member_id  INTEGER NOT NULL,
    local_date TEXT NOT NULL,
    PRIMARY KEY (member_id, local_date)
) STRICT, WITHOUT ROWID;

-- One question put before someone: by /question, in the terminal, or by a drop (then `member_id` is null, since a whole
-- channel sees it). Buttons carry the id, so that hints and retries belong to one showing.
CREATE TABLE servings (
    id           TEXT PRIMARY KEY,
    member_id    INTEGER,
    server_id    INTEGER,
    question     TEXT NOT NULL,
    served_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX servings_by_member ON servings (member_id, served_at_ms);

-- A hint taken. Rows, not a counter: pressing twice shows the next hint, and a crash charges nothing twice.
CREATE TABLE hints (
    serving_id  TEXT NOT NULL,
    member_id   INTEGER NOT NULL,
    point       TEXT NOT NULL,
    given_at_ms INTEGER NOT NULL,
    PRIMARY KEY (serving_id, member_id, point)
) STRICT, WITHOUT ROWID;

-- The model answer shown on request. Later answers to the same showing are practice that earns nothing.
CREATE TABLE reveals (
    serving_id     TEXT NOT NULL,
    member_id      INTEGER NOT NULL,
    revealed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (serving_id, member_id)
) STRICT, WITHOUT ROWID;

-- A graded answer. `source` is Discord's interaction or message id, or the interview's turn: a replayed event finds the
-- row it made the first time. Zone and local date are stored because neither may change with a later move.
-- `answer` is null once retention has passed, and for interviews, whose turns hold the text.
CREATE TABLE attempts (
    id             TEXT PRIMARY KEY,
    source         TEXT NOT NULL UNIQUE,
    serving_id     TEXT,
    interview_id   TEXT,
    member_id      INTEGER NOT NULL,
    server_id      INTEGER,
    question       TEXT NOT NULL,
    answer         TEXT,
    grade          TEXT NOT NULL,
    grader         TEXT NOT NULL,
    hints          INTEGER NOT NULL,
    score          REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
    counts         INTEGER NOT NULL CHECK (counts IN (0, 1)),
    answered_at_ms INTEGER NOT NULL,
    zone           TEXT NOT NULL,
    local_date     TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_by_day ON attempts (member_id, local_date) WHERE counts = 1;
CREATE INDEX attempts_by_serving ON attempts (serving_id, member_id, answered_at_ms);

-- What a member and a question have been through: what selection reads, so that it never scans attempts.
CREATE TABLE question_states (
    member_id     INTEGER NOT NULL,
    question      TEXT NOT NULL,
    last_seen_ms  INTEGER NOT NULL,
    last_score    REAL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (member_id, question)
) STRICT, WITHOUT ROWID;

-- The mastery estimate per skill: the expected score, how unsure it is, and how many attempts stand behind it.
CREATE TABLE skill_states (
    member_id   INTEGER NOT NULL,
    skill       TEXT NOT NULL,
    mean        REAL NOT NULL,
    uncertainty REAL NOT NULL,
    evidence    INTEGER NOT NULL,
    updated_ms  INTEGER NOT NULL,
    PRIMARY KEY (member_id, skill)
) STRICT, WITHOUT ROWID;

-- What a server draws from. Weight 0 is off; as soon as anything of a kind is on, only that is drawn.
CREATE TABLE topic_rules (
    server_id INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('topic', 'category', 'level')),
    slug      TEXT NOT NULL,
    weight    INTEGER NOT NULL CHECK (weight BETWEEN 0 AND 5),
    PRIMARY KEY (server_id, kind, slug)
) STRICT, WITHOUT ROWID;

-- A drop schedule. `next_due_ms` is the only thing the clock is compared with; it moves in the transaction that
-- creates the delivery, so no occurrence is planned twice or forgotten.
CREATE TABLE schedules (
    id              TEXT PRIMARY KEY,
    server_id       INTEGER NOT NULL,
    channel_id      INTEGER NOT NULL,
    home_channel_id INTEGER NOT NULL,
    days            INTEGER NOT NULL CHECK (days BETWEEN 1 AND 127),
    minute_of_day   INTEGER NOT NULL CHECK (minute_of_day BETWEEN 0 AND 1439),
    zone            TEXT NOT NULL,
    topics          TEXT NOT NULL,
    level           TEXT,
    thread          INTEGER NOT NULL CHECK (thread IN (0, 1)),
    ping_role_id    INTEGER,
    paused_reason   TEXT,
    next_due_ms     INTEGER,
    next_local_date TEXT,
    created_by      INTEGER NOT NULL,
    created_at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX schedules_by_due ON schedules (next_due_ms) WHERE paused_reason IS NULL;
CREATE INDEX schedules_by_server ON schedules (server_id);

-- One drop owed, sent, missed or failed. `local_date` is null for a drop run by hand, which disturbs no schedule.
-- A row in 'sending' whose process died may or may not have reached Discord: its nonce and the channel's history tell.
CREATE TABLE deliveries (
    id              TEXT PRIMARY KEY,
    schedule_id     TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    local_date      TEXT,
    due_ms          INTEGER NOT NULL,
    question        TEXT,
    status          TEXT NOT NULL CHECK (status IN ('owed', 'sending', 'threading', 'sent', 'missed', 'failed')),
    tries           INTEGER NOT NULL DEFAULT 0,
    next_try_ms     INTEGER NOT NULL,
    message_id      INTEGER,
    reason          TEXT,
    UNIQUE (schedule_id, local_date)
) STRICT;
CREATE INDEX deliveries_pending ON deliveries (next_try_ms) WHERE status IN ('owed', 'sending', 'threading');

-- Something the moderators must be told, once. The key says what it is about, so that repeating it adds no row. When it
-- was owed tells Discord two notices of the same trouble apart, should it come back within minutes.
CREATE TABLE notices (
    key         TEXT PRIMARY KEY,
    server_id   INTEGER,
    channel_id  INTEGER NOT NULL,
    text        TEXT NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    next_try_ms INTEGER NOT NULL,
    owed_ms     INTEGER NOT NULL,
    done_ms     INTEGER
) STRICT;
CREATE INDEX notices_pending ON notices (next_try_ms) WHERE done_ms IS NULL;

-- A mock interview. Everything the next step depends on is here and in its turns, so that a restarted process computes
-- the same step. `seen_message_id` is the last message of the thread that was considered as an answer.
CREATE TABLE interviews (
    id                TEXT PRIMARY KEY,
    member_id         INTEGER NOT NULL,
    server_id         INTEGER,
    channel_id        INTEGER NOT NULL,
    thread_id         INTEGER NOT NULL,
    plan              TEXT NOT NULL,
    started_at_ms     INTEGER NOT NULL,
    seen_message_id   INTEGER,
    ended_at_ms       INTEGER,
    end_reason        TEXT,
    scorecard         TEXT,
    scorecard_posted  INTEGER NOT NULL DEFAULT 0 CHECK (scorecard_posted IN (0, 1)),
    tries             INTEGER NOT NULL DEFAULT 0,
    next_try_ms       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX interviews_one_at_a_time ON interviews (member_id) WHERE ended_at_ms IS NULL;
CREATE INDEX interviews_by_member ON interviews (member_id);
CREATE UNIQUE INDEX interviews_by_thread ON interviews (thread_id);
CREATE INDEX interviews_pending ON interviews (next_try_ms) WHERE scorecard_posted = 0;

-- One thing the interviewer asked, and the answer. Stored before it is shown: `message_id` is null until Discord has it.
CREATE TABLE interview_turns (
    interview_id   TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seq            INTEGER NOT NULL,
    question       TEXT NOT NULL,
    point          TEXT,
    asked          TEXT NOT NULL,
    asked_by       TEXT NOT NULL,
    feedback       TEXT,
    message_id     INTEGER,
    asked_at_ms    INTEGER NOT NULL,
    answer         TEXT,
    answer_source  TEXT UNIQUE,
    answered_at_ms INTEGER,
    grade          TEXT,
    PRIMARY KEY (interview_id, seq)
) STRICT;
