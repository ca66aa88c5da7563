-- title: Customers at risk
-- question: Which good customers have not bought for long, and are worth winning back?
-- columns: profile_id varchar, email varchar, last_order_day date, days_since bigint, orders bigint, revenue double, currency varchar
SELECT
  rfm.profile_id,
  customer_360.email,
  rfm.last_order_day,
  date_diff('day', rfm.last_order_day, rfm.observed_until) AS days_since,
  rfm.orders,
  CAST(rfm.revenue AS double) AS revenue,
  rfm.currency
FROM rfm
LEFT JOIN customer_360 ON customer_360.profile_id = rfm.profile_id
WHERE rfm.r_score <= 2 AND rfm.f_score >= 4 AND rfm.m_score >= 4
ORDER BY rfm.revenue DESC, rfm.profile_id
LIMIT 100
