-- The module gazelle: what the machine offers a function beyond Lua's own library. It is made when it is required, so that
-- a function which does without it has none of it in its heap.


-- The bytes of the last answer.
local function answer()
  local size = __syscall.answer_size()
  local piece = __syscall.answer_read(0, 65536)
  if piece == nil then return '' end
  if #piece == size then return piece end
  local pieces, count, at = { piece }, 1, #piece
  while at < size do
    piece = __syscall.answer_read(at, 65536)
    count = count + 1
    pieces[count] = piece
    at = at + #piece
  end
  return __intrinsic.table_concat(pieces, '', 1, count, nil, nil, nil)
end

local function make_storage()
  local storage = {}

  -- The value under a key and its version, or nil.
  function storage.get(key)
    local version = __syscall.storage_get(__intrinsic.check_string(key, 1))
    if version == 0 then return nil end
    return answer(), version
  end

  -- Puts a value under a key; its version.
  function storage.put(key, value)
    return __syscall.storage_put(__intrinsic.check_string(key, 1), __intrinsic.check_string(value, 2))
  end

  -- Whether there was something to remove.
  function storage.delete(key)
    return __syscall.storage_delete(__intrinsic.check_string(key, 1)) == 1
  end

  -- Puts a value under a key, or removes it (nil), if its version is still that; nil: if nothing is there. The new version
  -- (true for a removal), or nil when it is another.
  function storage.compare_and_swap(key, version, value)
    key = __intrinsic.check_string(key, 1)
    if version == nil then version = 0 else version = __intrinsic.check_integer(version, 2) end
    if value == nil then
      if __syscall.storage_remove(key, version) == 1 then return true end
      return nil
    end
    version = __syscall.storage_swap(key, version, __intrinsic.check_string(value, 3))
    if version ~= 0 then return version end
    return nil
  end

  -- At most `limit` keys with a prefix, in order, behind the key `after`.
  function storage.list(prefix, after, limit)
    prefix = __intrinsic.check_string(prefix or '', 1)
    after = __intrinsic.check_string(after or '', 2)
    return __syscall.storage_list(prefix, after, __intrinsic.check_integer(limit or 1000, 3))
  end

  -- An iterator over all keys with a prefix, in order.
  function storage.keys(prefix)
    prefix = __intrinsic.check_string(prefix or '', 1)
    local page, index, last = {}, 0, ''
    return function()
      index = index + 1
      if page[index] == nil then
        page, index = __syscall.storage_list(prefix, last, 1000), 1
      end
      local key = page[index]
      last = key or last
      return key
    end
  end

  return storage
end

-- gazelle.log.LEVEL(message, fields): a record beside the streams.
local function logger(level)
  return function(message, fields)
    __syscall.log(level, __intrinsic.check_string(message, 1), fields)
  end
end

package.preload.gazelle = function()
  local gazelle = {
    storage = make_storage(),
    log = { debug = logger(0), info = logger(1), warn = logger(2), error = logger(3) },
  }

  -- Calls the host function of that name, as the global function does.
  function gazelle.call(name, ...)
    return __syscall.host_call(__intrinsic.check_string(name, 1), { ... })
  end

  -- Milliseconds since 1970, or since the start of the execution ('monotonic').
  function gazelle.clock(kind)
    kind = __intrinsic.check_option(kind or 'wall', 1, 'wall monotonic')
    return __syscall.clock(kind == 'wall' and 0 or 1) // 1000000
  end

  -- So many random bytes, at most 65,536.
  function gazelle.random(count)
    return __syscall.random(__intrinsic.check_integer(count, 1))
  end

  -- Waits for so many seconds.
  function gazelle.sleep(seconds)
    __syscall.sleep(seconds * 1e9 // 1)
  end

  return gazelle
end
