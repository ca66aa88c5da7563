-- title: Best customers
-- question: Who are the twenty customers who have bought for the most?
-- columns: profile_id varchar, name varchar, email varchar, orders bigint, revenue double, currency varchar, rfm_segment varchar
SELECT
  profile_id,
  name,
  email,
  orders,
  CAST(revenue AS double) AS revenue,
  currency,
  rfm_segment
FROM customer_360
WHERE orders > 0
ORDER BY customer_360.revenue DESC, profile_id
LIMIT 20
