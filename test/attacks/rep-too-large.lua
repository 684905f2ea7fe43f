-- Hostile: asks for more text than a string can have.
-- Expected: error guest_error
return #('x'):rep(1 << 40)
