-- The module gazelle: what the machine offers a function beyond Lua's own library. It is made when it is required, so that
-- a function which does without it has none of it in its heap.
package.preload.gazelle = function()
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
    return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil)
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

  local function make_http()
    -- What a request comes to. It must be read to its end or closed; `local response <close>` does the latter.
    local Response = { __name = 'gazelle.http.response' }
    Response.__index = Response

    -- Some bytes of the body, at most `most`; nil at its end.
    function Response:read(most)
      if self.handle == nil then return nil end
      local bytes = __syscall.http_read(self.handle, __intrinsic.check_integer(most or 65536, 2))
      if bytes == nil then self.handle = nil end
      return bytes
    end

    -- An iterator over the rest of the body.
    function Response:pieces()
      return function() return self:read() end
    end

    -- The rest of the body.
    function Response:text()
      local pieces, count = {}, 0
      while true do
        local piece = self:read()
        if piece == nil then return __intrinsic.table_concat(pieces, nil, 1, count, nil, nil, nil) end
        count = count + 1
        pieces[count] = piece
      end
    end

    function Response:close()
      if self.handle ~= nil then __syscall.http_close(self.handle) end
      self.handle = nil
    end

    Response.__close = Response.close

    local http = {}

    -- Sends { url, method, headers, body, redirect, timeout }: the response { status, headers, url }, with its body still to be
    -- read. A body is a string, or a function that gives the next piece, and nil at the end.
    function http.request(options)
      __intrinsic.table_check(options)
      local body, timeout = options.body, options.timeout
      local asked = {
        url = options.url,
        method = options.method,
        headers = options.headers,
        redirect = options.redirect,
        timeoutMs = timeout and timeout * 1000,
      }
      if __intrinsic.type(body) ~= 'function' then
        if body ~= nil then body = __intrinsic.check_string(body, 1) end
        return __intrinsic.setmetatable(__syscall.http_request(asked, body or ''), Response)
      end
      local handle = __syscall.http_open(asked)
      for piece in body do __syscall.http_write(handle, __intrinsic.check_string(piece, 1)) end
      return __intrinsic.setmetatable(__syscall.http_response(handle), Response)
    end

    function http.get(url, headers)
      return http.request({ url = url, headers = headers })
    end

    return http
  end

  -- gazelle.log.LEVEL(message, fields): a record beside the streams.
  local function logger(level)
    return function(message, fields)
      __syscall.log(level, __intrinsic.check_string(message, 1), fields)
    end
  end

  local gazelle = {
    storage = make_storage(),
    http = make_http(),
    log = { debug = logger(0), info = logger(1), warn = logger(2), error = logger(3) },
  }

  -- Calls the host function of that name, as the global function does.
  function gazelle.call(name, ...)
    return __syscall.host_call(__intrinsic.check_string(name, 1), { ... })
  end

  -- Calls the function of that name of the same tenant with an argument: its value.
  function gazelle.invoke(name, argument)
    return __syscall.invoke(__intrinsic.check_string(name, 1), argument)
  end

  -- Calls several at once, { name, argument } each: a list of { value = ... } or { error = ... } in the same order.
  function gazelle.invoke_all(calls)
    return __syscall.invoke_all(calls)
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
