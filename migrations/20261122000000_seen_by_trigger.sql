-- The summary per member and question follows from servings and attempts. Kept by triggers it can never lag behind
-- them, and recording a showing is a single statement.

CREATE TRIGGER servings_are_seen AFTER INSERT ON servings WHEN new.member_id IS NOT NULL
BEGIN
    INSERT INTO question_states (member_id, question, last_seen_ms)
    VALUES (new.member_id, new.question, new.served_at_ms)
    ON CONFLICT (member_id, question) DO UPDATE SET last_seen_ms = max(last_seen_ms, excluded.last_seen_ms);
END;

CREATE TRIGGER attempts_are_counted AFTER INSERT ON attempts
BEGIN
    INSERT INTO question_states (member_id, question, last_seen_ms, last_score, attempts)
    VALUES (new.member_id, new.question, new.answered_at_ms, new.score, 1)
    ON CONFLICT (member_id, question) DO UPDATE SET last_seen_ms = max(last_seen_ms, excluded.last_seen_ms),
        last_score = excluded.last_score, attempts = attempts + 1;
END;
