# Redis holds what may be lost: messages, live events, control. So nothing is written to a disk,
# and nothing is thrown away unasked. Its configuration comes through standard input, because
# the list of processes shows arguments. No part of Gradus sends scripts or administers.
exec redis-server - <<CONFIGURATION
bind * -::*
port 6379
save ""
appendonly no
maxmemory 768mb
maxmemory-policy noeviction
user default on >$(cat /run/gradus/redis/password) ~* &* +@all -@admin
CONFIGURATION
