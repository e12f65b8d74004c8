"""A database with very many rooms."""
import sqlite3

COPY = """
    DELETE FROM occupant;
    CREATE TEMP TABLE model AS SELECT id, jid FROM room ORDER BY id DESC LIMIT 1;
    CREATE TEMP TABLE copy AS
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {rooms})
        SELECT model.id AS model, model.id + n AS id, printf('room%07d', n) || substr(jid, instr(jid, '@')) AS jid,
            model.jid AS like FROM model, number;
    INSERT INTO room (id, jid, listed) SELECT id, jid, 'Tea' FROM copy;
    INSERT INTO document (room, kind, xml)
        SELECT copy.id, kind, replace(xml, like, jid) FROM copy JOIN document ON document.room = model;
    INSERT INTO affiliation (room, jid, xml)
        SELECT copy.id, affiliation.jid, xml FROM copy JOIN affiliation ON affiliation.room = model;
"""


def fill(path, rooms):
    """So many more, room0000001 to the last, each as the program has written the latest one, with nobody inside."""
    db = sqlite3.connect(path)
    db.executescript("BEGIN;" + COPY.format(rooms=rooms) + "COMMIT;")
    db.close()
