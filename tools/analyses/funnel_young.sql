-- One row is one unit with an entry too young to judge, and the steps that such entries reached.
SELECT
    /* each step */
    bool_or(way.entered_k IS NOT NULL) AS reached_k,
    /* end */
    way.unit_id,
    min(way.owner_id) AS owner_id
FROM way
GROUP BY way.unit_id
HAVING bool_or(way.entered_1 IS NOT NULL)
