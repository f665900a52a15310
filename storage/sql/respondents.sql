-- name: respondents
-- Who gave these responses to a window. A response's number is its place among all that
-- the window got, in the order of the record, whether its event says so or not.
SELECT number, respondent FROM (
    SELECT row_number() OVER (ORDER BY event.seq) AS number,
        said.data ->> 'respondent' AS respondent
    FROM audit.event AS event
    CROSS JOIN LATERAL (
        SELECT convert_from(event.body, 'UTF8')::json -> 'data' AS data
    ) AS said
    WHERE event.stream = %(stream)s AND event.type = 'response_recorded'
        AND said.data ->> 'window' = %(window)s
) AS given
WHERE number = ANY(%(numbers)s::bigint[]) ORDER BY number;
