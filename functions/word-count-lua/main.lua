-- Counts lines, words and bytes of the standard input, as wc does: a word is a run of bytes that are not white space.
-- Input: any text on stdin. Output: "LINES WORDS BYTES" on stdout. Result: the number of words.

local NEWLINE <const> = 10

local function is_space(byte)
  return byte == 32 or byte >= 9 and byte <= 13
end

local function count(text)
  local lines, words, in_word = 0, 0, false
  for i = 1, #text do
    local byte = text:byte(i)
    if byte == NEWLINE then
      lines = lines + 1
    end
    if is_space(byte) then
      in_word = false
    elseif not in_word then
      in_word = true
      words = words + 1
    end
  end
  return lines, words, #text
end

local lines, words, bytes = count(io.read("a"))
io.write(string.format("%d %d %d\n", lines, words, bytes))
return words
