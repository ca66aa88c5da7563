-- title: Conversion by channel
-- question: Of the visits that each channel brings, how many end with an order?
-- columns: channel varchar, device_kind varchar, sessions bigint, with_order bigint, percent_with_order double
SELECT
  coalesce(campaign_source, referrer_kind, 'direct') AS channel,
  coalesce(device_kind, 'unknown') AS device_kind,
  count(*) AS sessions,
  count_if(orders > 0) AS with_order,
  round(100e0 * count_if(orders > 0) / count(*), 1) AS percent_with_order
FROM sessions
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
