-- One row is one product telemetry event; every 331st is delivered twice.
WITH action AS (
    SELECT *, row_number() OVER (ORDER BY at_ms, person) AS place FROM event WHERE system = 1
), copied AS (
    SELECT *, '' AS defect FROM action
    UNION ALL
    SELECT *, ' again' FROM action WHERE place % 331 = 0
    UNION ALL
    SELECT a.*, b.defect
    FROM action AS a JOIN bad_place AS b ON b.system = 'product' AND b.place = a.place
)
SELECT format('evt_{:08d}', place) AS event_id,
    CASE defect WHEN 'empty user_id' THEN NULL ELSE format('u_{:07d}', person) END AS user_id,
    ['project_created', 'teammate_invited', 'integration_connected', 'report_viewed'][touchpoint - 14]
        AS event,
    CASE defect WHEN 'empty timestamp' THEN NULL ELSE iso_ms(at_ms) END AS timestamp,
    format('{{"workspace":"ws_{}","phase":"{}"}}', person,
        CASE WHEN attempt = getvariable('addon_attempt') THEN 'customer' ELSE 'trial' END)
        AS properties
FROM copied
ORDER BY place, defect
