-- title: How segments grow
-- question: How many people are in each segment, how many have entered and left it, and how long do they stay?
-- columns: segment varchar, members bigint, entered bigint, left_it bigint, mean_days double
SELECT
  segment,
  count_if(exited_at IS NULL) AS members,
  count(*) AS entered,
  count_if(exited_at IS NOT NULL) AS left_it,
  round(avg(date_diff('day', entered_at, exited_at)), 1) AS mean_days
FROM segment_membership
GROUP BY segment
ORDER BY 2 DESC, 1
