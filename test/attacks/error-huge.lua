-- Hostile: raises an error with a long message.
-- Expected: error guest_error
error(('x'):rep(3000000))
