-- title: Revenue by channel
-- question: Which channels bring revenue, when the first touch, the last touch or all touches alike have the credit?
-- columns: source varchar, medium varchar, currency varchar, orders bigint, first_touch double, last_touch double, linear double
SELECT
  source,
  coalesce(medium, '') AS medium,
  currency,
  count(DISTINCT event_id) AS orders,
  coalesce(CAST(sum(credit) FILTER (WHERE model = 'first') AS double), 0e0) AS first_touch,
  coalesce(CAST(sum(credit) FILTER (WHERE model = 'last') AS double), 0e0) AS last_touch,
  coalesce(CAST(sum(credit) FILTER (WHERE model = 'linear') AS double), 0e0) AS linear
FROM attribution
GROUP BY 1, 2, 3
ORDER BY 7 DESC, 1, 2, 3
