"""The ready-made segments once more, as plain SQL written by hand from their English definitions.

This file imports nothing of the package, and nothing else either: whoever doubts a segment reads these lines. Each
query finds ids of profiles. Times are whole milliseconds since 1970, money is pence, dwell time thousandths of a
second. An event counts at `now` if it has happened by then and has not been voided by then. A stretch of time, such
as the last 30 days, begins just after the instant 30 days ago. Both engines read the same text.
"""

# Frequent buyers: placed at least `orders` orders in the last `days` days.
FREQUENT_BUYERS = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'order_completed'
  AND occurred_at > %(now)s - %(days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING COUNT(*) >= %(orders)s
"""

# Lapsing buyers: placed an order in the last `bought_days` days, but none in the last `quiet_days` days.
LAPSING_BUYERS = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'order_completed'
  AND occurred_at > %(now)s - %(bought_days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
EXCEPT
SELECT profile_id
FROM django_microseg_event
WHERE name = 'order_completed'
  AND occurred_at > %(now)s - %(quiet_days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
"""

# Regular buyers: placed at least `orders` orders in the last `days` days.
REGULAR_BUYERS = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'order_completed'
  AND occurred_at > %(now)s - %(days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING COUNT(*) >= %(orders)s
"""

# Buy only with coupons: placed at least `orders` orders, and of every hundred at least `percent` with a coupon.
COUPON_ONLY_BUYERS = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'order_completed'
  AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING COUNT(*) >= %(orders)s
   AND 100 * SUM(CASE WHEN coupon <> '' THEN 1 ELSE 0 END) >= %(percent)s * COUNT(*)
"""

# Fans of a category: the lines of their orders of the last `days` days hold at least `pieces` pieces of `kind`.
FANS_OF_A_CATEGORY = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'product_purchased' AND category = %(kind)s
  AND occurred_at > %(now)s - %(days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING SUM(quantity) >= %(pieces)s
"""

# Fans of a brand: the same of one brand.
FANS_OF_A_BRAND = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'product_purchased' AND brand = %(kind)s
  AND occurred_at > %(now)s - %(days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING SUM(quantity) >= %(pieces)s
"""

# Clicked recommendations, never bought: at least `clicks` clicks in the last `days` days, and no order at any time.
RECOMMENDATION_CLICKERS = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'recommendation_clicked'
  AND occurred_at > %(now)s - %(days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING COUNT(*) >= %(clicks)s
EXCEPT
SELECT profile_id
FROM django_microseg_event
WHERE name = 'order_completed'
  AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
"""

# Abandoned carts: the last change of the cart is later than the last order (or there is no order), at least
# `idle_minutes` minutes ago, and at most `days` days ago.
ABANDONED_CART = """
SELECT cart.profile_id
FROM (
    SELECT profile_id, MAX(occurred_at) AS last_at
    FROM django_microseg_event
    WHERE name IN ('product_added', 'product_removed', 'cart_updated')
      AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
    GROUP BY profile_id
) cart
LEFT JOIN (
    SELECT profile_id, MAX(occurred_at) AS last_at
    FROM django_microseg_event
    WHERE name = 'order_completed'
      AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
    GROUP BY profile_id
) bought ON bought.profile_id = cart.profile_id
WHERE (bought.last_at IS NULL OR cart.last_at > bought.last_at)
  AND %(now)s - cart.last_at >= %(idle_minutes)s * 60000
  AND %(now)s - cart.last_at <= %(days)s * CAST(86400000 AS BIGINT)
"""

# Browse many pages: saw at least `pages` pages in the last `days` days.
BROWSERS = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'page_viewed'
  AND occurred_at > %(now)s - %(days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING COUNT(*) >= %(pages)s
"""

# Look at products for long: product pages were in their sight for `seconds` seconds together in the last `days` days.
LONG_LOOKERS = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'product_dwelled'
  AND occurred_at > %(now)s - %(days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING SUM(measure) >= %(seconds)s * 1000
"""

# One visit, one order: placed exactly one order, and all that is known of them happened in one visit at most.
ONE_VISIT_ONE_ORDER = """
SELECT profile_id
FROM django_microseg_event
WHERE occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING SUM(CASE WHEN name = 'order_completed' THEN 1 ELSE 0 END) = 1
   AND COUNT(DISTINCT CASE WHEN visit_key <> '' THEN visit_key END) <= 1
"""

# Big spenders: their average order, less what was paid back of it, is worth more than `percent` percent of the average
# order of everybody, reckoned alike. Orders of unknown worth are left out.
BIG_SPENDERS = """
WITH paid AS (
    SELECT placed.profile_id,
           placed.value_base_minor - COALESCE((
               SELECT SUM(refund.value_base_minor)
               FROM django_microseg_event refund
               WHERE refund.name = 'order_refunded' AND refund.order_key <> ''
                 AND refund.order_key = placed.order_key AND refund.profile_id = placed.profile_id
                 AND refund.occurred_at <= %(now)s AND (refund.voided_at IS NULL OR refund.voided_at > %(now)s)
           ), 0) AS pence
    FROM django_microseg_event placed
    WHERE placed.name = 'order_completed' AND placed.value_base_minor IS NOT NULL
      AND placed.occurred_at <= %(now)s AND (placed.voided_at IS NULL OR placed.voided_at > %(now)s)
)
SELECT profile_id
FROM paid
GROUP BY profile_id
HAVING 100 * SUM(pence) * (SELECT COUNT(*) FROM paid) > %(percent)s * (SELECT SUM(pence) FROM paid) * COUNT(*)
"""

# VIP: placed at least `orders` orders in the last `order_days` days, and those of the last `value_days` days, less what
# was paid back of them, were worth `pence` pence together.
VIP = """
SELECT profile_id
FROM django_microseg_event
WHERE name = 'order_completed'
  AND occurred_at > %(now)s - %(order_days)s * CAST(86400000 AS BIGINT) AND occurred_at <= %(now)s
  AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING COUNT(*) >= %(orders)s
INTERSECT
SELECT placed.profile_id
FROM django_microseg_event placed
LEFT JOIN (
    SELECT profile_id, order_key, SUM(value_base_minor) AS pence
    FROM django_microseg_event
    WHERE name = 'order_refunded' AND order_key <> ''
      AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
    GROUP BY profile_id, order_key
) back ON back.profile_id = placed.profile_id AND back.order_key = placed.order_key
WHERE placed.name = 'order_completed'
  AND placed.occurred_at > %(now)s - %(value_days)s * CAST(86400000 AS BIGINT) AND placed.occurred_at <= %(now)s
  AND (placed.voided_at IS NULL OR placed.voided_at > %(now)s)
GROUP BY placed.profile_id
HAVING SUM(placed.value_base_minor - COALESCE(back.pence, 0)) >= %(pence)s
"""

# Lost customers: with `cadence_orders` orders or more, have not ordered for longer than `factor` times the average time
# between their orders, and for at least `min_days` days; with fewer orders, have not ordered for `days` days.
LOST = """
SELECT profile_id
FROM (
    SELECT profile_id, COUNT(*) AS orders, MIN(occurred_at) AS first_at, MAX(occurred_at) AS last_at
    FROM django_microseg_event
    WHERE name = 'order_completed'
      AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
    GROUP BY profile_id
) bought
WHERE (orders >= %(cadence_orders)s
       AND (%(now)s - last_at) * (orders - 1) > %(factor)s * (last_at - first_at)
       AND %(now)s - last_at >= %(min_days)s * CAST(86400000 AS BIGINT))
   OR (orders < %(cadence_orders)s AND %(now)s - last_at >= %(days)s * CAST(86400000 AS BIGINT))
"""

# Returning customers: placed an order, or were seen in two visits or more.
RETURNING_CUSTOMER = """
SELECT profile_id
FROM django_microseg_event
WHERE occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING SUM(CASE WHEN name = 'order_completed' THEN 1 ELSE 0 END) >= 1
    OR COUNT(DISTINCT CASE WHEN visit_key <> '' THEN visit_key END) >= 2
"""

# Who may be a new visitor: placed no order, and was seen in one visit at most. Whether they are one depends on the
# campaign by which they are here.
NEW_VISITOR = """
SELECT profile_id
FROM django_microseg_event
WHERE occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
GROUP BY profile_id
HAVING SUM(CASE WHEN name = 'order_completed' THEN 1 ELSE 0 END) = 0
   AND COUNT(DISTINCT CASE WHEN visit_key <> '' THEN visit_key END) <= 1
"""

# New visitors from a campaign of `channel`, while nobody is here: the same people, by the last channel and the last
# campaign that is known of each.
NEW_VISITOR_FROM_A_CAMPAIGN = (
    NEW_VISITOR
    + """
INTERSECT
SELECT came.profile_id
FROM django_microseg_event came
WHERE came.channel = %(channel)s
  AND came.occurred_at <= %(now)s AND (came.voided_at IS NULL OR came.voided_at > %(now)s)
  AND NOT EXISTS (
    SELECT 1
    FROM django_microseg_event later
    WHERE later.profile_id = came.profile_id AND later.channel <> ''
      AND later.occurred_at > came.occurred_at AND later.occurred_at <= %(now)s
      AND (later.voided_at IS NULL OR later.voided_at > %(now)s)
  )
INTERSECT
SELECT profile_id
FROM django_microseg_event
WHERE campaign <> '' AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s)
"""
)

# Every profile by its customer's key, or by its visitor id where no customer stands behind it.
NAMES = """
SELECT profile.id, COALESCE(profile.customer_key, MIN(known.value))
FROM django_microseg_profile profile
JOIN django_microseg_identity known ON known.profile_id = profile.id
GROUP BY profile.id, profile.customer_key
"""

# Everybody who is in a segment now.
MEMBERS = """
SELECT member.profile_id
FROM django_microseg_membership member
JOIN django_microseg_segment segment ON segment.live_version_id = member.definition_id
WHERE segment.slug = %(slug)s
"""

#: Slug, query, its figures by default, its figures when adjusted.
ANSWERS = (
    ("frequent-buyers", FREQUENT_BUYERS, {"orders": 3, "days": 30}),
    ("lapsing-buyers", LAPSING_BUYERS, {"bought_days": 180, "quiet_days": 90}),
    ("regular-buyers", REGULAR_BUYERS, {"orders": 5, "days": 180}),
    ("coupon-only-buyers", COUPON_ONLY_BUYERS, {"orders": 2, "percent": 100}),
    ("fans-of-one-kind", FANS_OF_A_CATEGORY, {"kind": "footwear", "pieces": 5, "days": 365}),
    ("recommendation-clickers", RECOMMENDATION_CLICKERS, {"clicks": 1, "days": 90}),
    ("abandoned-cart", ABANDONED_CART, {"idle_minutes": 60, "days": 30}),
    ("browsers", BROWSERS, {"pages": 30, "days": 30}),
    ("long-lookers", LONG_LOOKERS, {"seconds": 600, "days": 30}),
    ("one-visit-one-order", ONE_VISIT_ONE_ORDER, {}),
    ("big-spenders", BIG_SPENDERS, {"percent": 100}),
    ("vip", VIP, {"orders": 8, "order_days": 365, "pence": 20_000, "value_days": 180}),
    ("lost", LOST, {"cadence_orders": 3, "factor": 2, "min_days": 30, "days": 180}),
    ("returning-customer", RETURNING_CUSTOMER, {}),
    ("new-visitor-from-social-campaign", NEW_VISITOR_FROM_A_CAMPAIGN, {"channel": "social"}),
)

#: The same with other figures. Two presets have none to adjust.
ADJUSTED = (
    ("frequent-buyers", FREQUENT_BUYERS, {"orders": 2, "days": 60}),
    ("lapsing-buyers", LAPSING_BUYERS, {"bought_days": 270, "quiet_days": 45}),
    ("regular-buyers", REGULAR_BUYERS, {"orders": 8, "days": 365}),
    ("coupon-only-buyers", COUPON_ONLY_BUYERS, {"orders": 3, "percent": 50}),
    ("fans-of-one-kind", FANS_OF_A_BRAND, {"kind": "tarnway", "pieces": 3, "days": 180}),
    ("recommendation-clickers", RECOMMENDATION_CLICKERS, {"clicks": 3, "days": 200}),
    ("abandoned-cart", ABANDONED_CART, {"idle_minutes": 1440, "days": 90}),
    ("browsers", BROWSERS, {"pages": 12, "days": 90}),
    ("long-lookers", LONG_LOOKERS, {"seconds": 200, "days": 14}),
    ("big-spenders", BIG_SPENDERS, {"percent": 150}),
    ("vip", VIP, {"orders": 4, "order_days": 180, "pence": 15_050, "value_days": 90}),
    ("lost", LOST, {"cadence_orders": 2, "factor": 3, "min_days": 14, "days": 120}),
    ("new-visitor-from-social-campaign", NEW_VISITOR_FROM_A_CAMPAIGN, {"channel": "email"}),
)
