-- Hostile: asks for a number of 99,999 places.
-- Expected: error guest_error
return string.format('%99999d', 1)
