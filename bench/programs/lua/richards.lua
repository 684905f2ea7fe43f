-- A scheduler in the manner of Martin Richards' benchmark: six tasks of four kinds pass packets by queues. Written anew.
local n = ...

local Packet = {}
Packet.__index = Packet
function Packet.new(link, owner, kind)
  return setmetatable({ link = link, owner = owner, kind = kind, datum = 0, data = { 0, 0, 0, 0 } }, Packet)
end
function Packet:append_to(queue)
  self.link = nil
  if queue == nil then return self end
  local last = queue
  while last.link do last = last.link end
  last.link = self
  return queue
end

local Scheduler = {}
Scheduler.__index = Scheduler
local Task = {}
Task.__index = Task

local function new_scheduler()
  return setmetatable({ tasks = {}, first = nil, queued = 0, holds = 0 }, Scheduler)
end

function Scheduler:add(id, priority, queue, kind)
  local task = setmetatable({ id = id, priority = priority, queue = queue, next = self.first, scheduler = self,
    is_waiting = queue == nil, is_held = false, is_pending = queue ~= nil }, kind)
  self.first, self.tasks[id] = task, task
  return task
end

function Scheduler:run()
  local task = self.first
  while task do
    if task.is_held or (task.is_waiting and not task.is_pending) then task = task.next
    else task = task:take_turn() end
  end
end

function Scheduler:release(id)
  local task, current = self.tasks[id], self.current
  task.is_held = false
  return task.priority > current.priority and task or current
end

function Scheduler:send(packet)
  local task, current = self.tasks[packet.owner], self.current
  self.queued = self.queued + 1
  packet.owner = current.id
  if task.queue == nil then
    task.queue, task.is_pending, packet.link = packet, true, nil
    if task.priority > current.priority then return task end
  else
    packet:append_to(task.queue)
  end
  return current
end

function Task:take_turn()
  local packet
  if self.is_waiting and self.is_pending then
    packet = self.queue
    self.queue = packet.link
    self.is_waiting, self.is_pending = false, self.queue ~= nil
  end
  self.scheduler.current = self
  return self:work(packet)
end
function Task:wait()
  self.is_waiting = true
  return self
end
function Task:hold()
  self.scheduler.holds = self.scheduler.holds + 1
  self.is_held = true
  return self.next
end

local function kind()
  local class = setmetatable({}, { __index = Task })
  class.__index = class
  return class
end

local IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = 1, 2, 3, 4, 5, 6
local DEVICE, WORK = 1, 2

local Idle = kind()
function Idle:work()
  self.count = self.count - 1
  if self.count == 0 then return self:hold() end
  if self.control % 2 == 0 then
    self.control = self.control // 2
    return self.scheduler:release(DEVICE_A)
  end
  self.control = (self.control // 2) ~ 0xd008
  return self.scheduler:release(DEVICE_B)
end

local Worker = kind()
function Worker:work(packet)
  if packet == nil then return self:wait() end
  self.destination = self.destination == HANDLER_A and HANDLER_B or HANDLER_A
  packet.owner, packet.datum = self.destination, 1
  for i = 1, 4 do
    self.letter = self.letter % 26 + 1
    packet.data[i] = 64 + self.letter
  end
  return self.scheduler:send(packet)
end

local Handler = kind()
function Handler:work(packet)
  if packet then
    if packet.kind == WORK then self.work_queue = packet:append_to(self.work_queue)
    else self.device_queue = packet:append_to(self.device_queue) end
  end
  local work = self.work_queue
  if work then
    if work.datum > 4 then
      self.work_queue = work.link
      return self.scheduler:send(work)
    end
    local device = self.device_queue
    if device then
      self.device_queue = device.link
      device.datum = work.data[work.datum]
      work.datum = work.datum + 1
      return self.scheduler:send(device)
    end
  end
  return self:wait()
end

local Device = kind()
function Device:work(packet)
  if packet == nil then
    local held = self.held
    if held == nil then return self:wait() end
    self.held = nil
    return self.scheduler:send(held)
  end
  self.held = packet
  return self:hold()
end

local function packets(owner, class)
  local queue
  for _ = 1, 3 do queue = Packet.new(queue, owner, class) end
  return queue
end

local queued, holds = 0, 0
for _ = 1, n do
  local scheduler = new_scheduler()
  local idle = scheduler:add(IDLE, 0, nil, Idle)
  idle.count, idle.control, idle.is_waiting = 1000, 1, false
  local queue = Packet.new(Packet.new(nil, WORKER, WORK), WORKER, WORK)
  local worker = scheduler:add(WORKER, 1000, queue, Worker)
  worker.destination, worker.letter, worker.is_waiting = HANDLER_A, 0, true
  scheduler:add(HANDLER_A, 2000, packets(DEVICE_A, DEVICE), Handler).is_waiting = true
  scheduler:add(HANDLER_B, 3000, packets(DEVICE_B, DEVICE), Handler).is_waiting = true
  scheduler:add(DEVICE_A, 4000, nil, Device)
  scheduler:add(DEVICE_B, 5000, nil, Device)
  scheduler:run()
  queued, holds = queued + scheduler.queued, holds + scheduler.holds
end
return queued .. " " .. holds
