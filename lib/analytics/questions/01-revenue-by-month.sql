-- title: Revenue by month
-- question: How much was sold each month, in how many orders, and to how many customers who had never bought before?
-- columns: month date, currency varchar, orders bigint, revenue double, average_order double, new_customers bigint
SELECT
  CAST(date_trunc('month', day) AS date) AS month,
  currency,
  sum(orders) AS orders,
  CAST(sum(revenue) AS double) AS revenue,
  round(CAST(sum(revenue) AS double) / nullif(sum(orders), 0), 2) AS average_order,
  sum(new_customers) AS new_customers
FROM revenue
GROUP BY 1, 2
ORDER BY 1, 2
