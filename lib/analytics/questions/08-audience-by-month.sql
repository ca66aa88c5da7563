-- title: The audience
-- question: How many people come for the first time each month, how many are active on a day, and how often do they visit?
-- columns: month date, new_people bigint, mean_people_a_day double, sessions bigint, orders bigint
SELECT
  CAST(date_trunc('month', day) AS date) AS month,
  sum(new_profiles) AS new_people,
  round(avg(active_profiles), 1) AS mean_people_a_day,
  sum(sessions) AS sessions,
  sum(orders) AS orders
FROM daily_activity
GROUP BY 1
ORDER BY 1
