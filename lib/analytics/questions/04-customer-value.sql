-- title: Who brings the revenue
-- question: How many customers are champions, loyal, at risk or lost, and what part of the revenue does each group bring?
-- columns: rfm_segment varchar, currency varchar, customers bigint, revenue double, percent_of_revenue double
SELECT
  segment AS rfm_segment,
  currency,
  count(*) AS customers,
  CAST(sum(revenue) AS double) AS revenue,
  round(100e0 * CAST(sum(revenue) AS double) / nullif(CAST(sum(sum(revenue)) OVER (PARTITION BY currency) AS double), 0e0), 1) AS percent_of_revenue
FROM rfm
GROUP BY segment, currency
ORDER BY currency, 4 DESC, 1
