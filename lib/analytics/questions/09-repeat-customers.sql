-- title: Customers who come back
-- question: Of the customers who first bought in a month, how many bought again within 30, 90 and 365 days?
-- columns: first_month date, customers bigint, within_30_days bigint, within_90_days bigint, within_365_days bigint, percent_within_90_days double
WITH orders AS (
  SELECT profile_id, CAST(ordered_at AS date) AS day, min(CAST(ordered_at AS date)) OVER (PARTITION BY profile_id) AS first_day
  FROM attribution
  WHERE model = 'last'
), customers AS (
  SELECT profile_id, first_day, min(CASE WHEN day > first_day THEN date_diff('day', first_day, day) END) AS days
  FROM orders
  GROUP BY profile_id, first_day
)
SELECT
  CAST(date_trunc('month', first_day) AS date) AS first_month,
  count(*) AS customers,
  count_if(days <= 30) AS within_30_days,
  count_if(days <= 90) AS within_90_days,
  count_if(days <= 365) AS within_365_days,
  round(100e0 * count_if(days <= 90) / count(*), 1) AS percent_within_90_days
FROM customers
GROUP BY 1
ORDER BY 1
