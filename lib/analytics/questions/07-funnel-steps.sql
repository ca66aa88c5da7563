-- title: Where people give up
-- question: How far do people come through each funnel, and at which step do they leave?
-- columns: funnel varchar, step integer, event varchar, people bigint, percent_of_first double, percent_of_previous double
WITH steps AS (
  SELECT funnel, step, event, sum(profiles) AS people
  FROM funnels
  GROUP BY funnel, step, event
)
SELECT
  funnel,
  step,
  event,
  people,
  round(100e0 * people / nullif(first_value(people) OVER (PARTITION BY funnel ORDER BY step), 0), 1) AS percent_of_first,
  round(100e0 * people / nullif(lag(people) OVER (PARTITION BY funnel ORDER BY step), 0), 1) AS percent_of_previous
FROM steps
ORDER BY funnel, step
