-- One row is one form of the only identifier in `normal_identifier`: its own first, then its hashes.
WITH form AS (
    SELECT 0 AS place, kind, value FROM normal_identifier WHERE value IS NOT NULL
    UNION
    SELECT 1 AS place, kind, unnest([md5(value), sha1(value), sha256(value), md5(form), sha1(form), sha256(form)])
    FROM normal_identifier
    WHERE kind = 'email' AND contains(value, '@')
)
SELECT value, (md5_number(kind || ':' || value) >> 65)::BIGINT AS identifier_id
FROM form
ORDER BY place, value;
