#!/bin/sh
# Stands in for the plugin's hooks/run.sh: the service when it answers, else a process of Node.js.
payload=$(cat)
if [ "${SG_SERVICE:-1}" != 0 ]; then
  reply=$(printf 'PWD=%s\000\000%s\n' "$PWD" "$payload" | curl -s -f --unix-socket "$CLAUDE_CONFIG_DIR/security/service/s" \
    --data-binary @- http://localhost/1/edit) && {
    printf '%s' "${reply#sg1}"
    exit 0
  }
fi
printf '%s\n' "$payload" | node "${0%/*}/post-tool-use.cjs"
