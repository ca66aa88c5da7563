-- title: Products looked at and bought
-- question: Which products are bought most, and which are looked at and not bought?
-- columns: product_id varchar, orders bigint, views bigint, orders_per_100_views double
WITH bought AS (
  SELECT product.product_id, count(DISTINCT events.order_id) AS orders
  FROM events
  CROSS JOIN UNNEST(events.product_ids) AS product (product_id)
  WHERE events.event = 'Order Completed'
  GROUP BY product.product_id
), viewed AS (
  SELECT product_id, count(*) AS views
  FROM events
  WHERE event = 'Product Viewed' AND product_id IS NOT NULL
  GROUP BY product_id
)
SELECT
  coalesce(bought.product_id, viewed.product_id) AS product_id,
  coalesce(bought.orders, 0) AS orders,
  coalesce(viewed.views, 0) AS views,
  round(100e0 * coalesce(bought.orders, 0) / viewed.views, 1) AS orders_per_100_views
FROM bought
FULL JOIN viewed ON viewed.product_id = bought.product_id
ORDER BY 2 DESC, 3 DESC, 1
LIMIT 50
