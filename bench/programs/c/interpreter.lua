-- The twin of interpreter.c.
local n = ...
local PUSH, ADD, MULTIPLY, MASK, LOAD, STORE, DECREMENT, JUMP_UNLESS_ZERO, END = 0, 1, 2, 3, 4, 5, 6, 7, 8
local code = { LOAD, 1, PUSH, 31, MULTIPLY, LOAD, 0, ADD, MASK, STORE, 1, DECREMENT, 0, JUMP_UNLESS_ZERO, 0, 1, END }
local stack, variables, top, pc = {}, { [0] = n, 1, 0, 0 }, 0, 1
while true do
  local op = code[pc]
  pc = pc + 1
  if op == PUSH then
    top = top + 1
    stack[top] = code[pc]
    pc = pc + 1
  elseif op == ADD then
    top = top - 1
    stack[top] = stack[top] + stack[top + 1]
  elseif op == MULTIPLY then
    top = top - 1
    stack[top] = stack[top] * stack[top + 1]
  elseif op == MASK then
    stack[top] = stack[top] & 0xffff
  elseif op == LOAD then
    top = top + 1
    stack[top] = variables[code[pc]]
    pc = pc + 1
  elseif op == STORE then
    variables[code[pc]] = stack[top]
    top = top - 1
    pc = pc + 1
  elseif op == DECREMENT then
    variables[code[pc]] = variables[code[pc]] - 1
    pc = pc + 1
  elseif op == JUMP_UNLESS_ZERO then
    if variables[code[pc]] ~= 0 then pc = code[pc + 1] else pc = pc + 2 end
  else
    return variables[1]
  end
end
