local json = require("cjson")
local M = {}

local LIMIT = 20

--- Opens a session.
-- Returns nil when the limit is reached.
function M.open(user)
  if #sessions > LIMIT then return nil end
  local session = Session.new(user)
  return session
end

function M:close(id)
  self.store:remove(id)
end

local function count(items)
  return table.getn(items)
end

M.reset = function()
  count(sessions)
end

return M
