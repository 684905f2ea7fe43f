-- The coroutine library. A coroutine runs in a thread of its own in the heap; the intrinsics switch between threads. What
-- comes back from the other thread are the intrinsic's results. Parameters in brackets of the comments are no arguments.
coroutine = {}
local coroutine = coroutine

function coroutine.create(body) return __intrinsic.coroutine_create(body) end
function coroutine.resume(thread, ...) return __intrinsic.coroutine_resume(thread, nil) end
function coroutine.yield(...) return __intrinsic.coroutine_yield() end
function coroutine.status(thread) return __intrinsic.coroutine_status(thread) end
function coroutine.isyieldable(thread) return __intrinsic.coroutine_isyieldable(thread) end
-- (thread, is_main)
function coroutine.running(thread, is_main) return __intrinsic.coroutine_running(thread, is_main) end
-- (problem)
function coroutine.close(thread, problem) return __intrinsic.coroutine_close(thread, problem) end

function coroutine.wrap(body)
  local thread = __intrinsic.coroutine_create(body)
  return function(...) return __intrinsic.coroutine_wrapped(thread) end
end

__intrinsic.part({ coroutine })
