#!/bin/sh
# Answers a hook of this plugin: run.sh NAME, or run.sh NAME REASON where client.pl had no answer. Asks the resident
# service, which needs no Node.js to be started; whatever goes wrong with that, Node.js runs the same hook on the
# same input. Ends with 0 and without a word on stderr whatever happens: the host shows anything else under every
# edit. The one exception is a review of a turn or of commits with findings, which ends with 2 and its report on stderr. Each
# process counts here: a fork costs as much as the rest of this script.
case ${SECURITY_GUIDANCE_DISABLE:-} in
  1 | [Tt][Rr][Uu][Ee] | [Yy][Ee][Ss] | [Oo][Nn]) exit 0 ;;
esac
[ "${ENABLE_SECURITY_REMINDER:-1}" = 0 ] && exit 0
[ -n "${SG_INSIDE_REVIEW:-}" ] && exit 0
case $1 in
  user-prompt-submit | stop | subagent-stop | commits)
    [ "${ENABLE_CODE_SECURITY_REVIEW:-1}" = 0 ] && exit 0
    case $1:${ENABLE_STOP_REVIEW:-1} in *stop:0) exit 0 ;; esac
    # What the other two say is for the program to read.
    case $1${SECURITY_GUIDANCE_COMMIT_REVIEW:-}${SG_PUSH_SWEEP:-}:${ENABLE_COMMIT_REVIEW:-1} in
      commits:0) exit 0 ;;
      user-prompt-submit:0) [ "${ENABLE_STOP_REVIEW:-1}" = 0 ] && exit 0 ;;
    esac
    # Where client.pl comes back it is there already.
    [ -n "${2:-}" ] || exec 3>&2
    ;;
  *) [ "${ENABLE_PATTERN_RULES:-1}" = 0 ] && exit 0 ;;
esac
exec 2>/dev/null

# At an edit the host's shell reads this file itself, which spares a process; then $0 is the shell.
case $0 in
  */run.sh) here=${0%/*} ;;
  run.sh) here=. ;;
  *) here=$CLAUDE_PLUGIN_ROOT/hooks ;;
esac
script=$here/$1.js
nl='
'
# What one hook says of its client is not for another that runs below it.
unset SG_CLIENT_FAILURE

home=${HOME:-}
service=${SG_SERVICE:-1}
windows=0
case ${OS:-}/${MSYSTEM:-} in
  Windows_NT/* | */M[IS][NY]*)
    windows=1
    home=${USERPROFILE:-$home}
    ;;
esac

# The state folder as host/config.ts finds it; empty where there is none.
if [ -n "${SECURITY_WARNINGS_STATE_DIR:-}" ]; then
  state=$SECURITY_WARNINGS_STATE_DIR
elif [ -n "${CLAUDE_CONFIG_DIR:-}" ]; then
  state=$CLAUDE_CONFIG_DIR/security
else
  state=${home:+$home/.claude/security}
fi
case $home/$state in
  ?*/\~ | ?*/\~/*) case $state in \~ | \~/*) state=$home${state#?} ;; esac ;;
esac

# The way of nearly every edit, and of most ends of a turn, before the rest of this file is read: perl asks, in one
# process that comes back here with a reason when it has no answer. What the user set for perl in general is not
# for it. 42 is how the one that it becomes says that the agent is to be woken: 2 is what perl itself may end with.
dir=$state/service
inner=${2:-}
case "$1 $inner" in
  'post-tool-use ' | 'stop ' | 'subagent-stop ') asks=1 ;;
  # Also without a service: it can tell that there is no repository.
  'commits ') asks=2 ;;
  *) asks=0 ;;
esac
if [ "$service" = 0 ] || [ ! -S "$dir/s" ]; then
  asks=${asks#1}
fi
if [ "${asks:-0}" != 0 ] && [ "$windows" = 0 ] && [ -n "$state" ] && command -v perl >/dev/null; then
  CDPATH=
  cd -P . || :
  unset PERL5OPT PERL5LIB PERLLIB PERL5DB PERLIO PERL_UNICODE PERL_SIGNALS
  # Another locale than C takes a tenth of perl's start to load; the user's is for what perl becomes.
  LC_ALL=C perl -f "$here/client.pl" "$dir" "$here/run.sh" "$1" "${PWD:-}" "$service" ${LC_ALL+"$LC_ALL"}
  case $?$1 in
    0*) exit 0 ;;
    42*stop | 42commits) exit 2 ;;
  esac
  # It could not start, or was killed.
  set -- "$1" perl
fi

# Enters the service's folder. Nobody else can put a socket into a folder of ours, and from within it neither
# the folder nor its parents can be exchanged. The long path is also too long for the kernel at times.
enter() {
  CDPATH=
  cd -P . || :
  from=${PWD:-}
  [ -h "$state/service" ] && exit 121
  if ! cd -P -- "$state/service"; then
    [ -d "$state/service" ] && exit 121
    exit 120
  fi
  [ -O . ] || exit 121
  [ -S s ] || exit 120
  { [ -O s ] && [ ! -h s ]; } || exit 121
}

# What the service is told, as host/service/request-body.ts reads it: settings, an empty one, the payload.
# The payload is kept for Node.js in a file that has lost its name before a byte of it is written. All of this
# is done while curl is being loaded. Where curl ends early the rest of the payload is kept all the same, and where
# no more can be kept (25: XFSZ, a limit of file sizes) the service is given it all the same.
frame() {
  trap '' PIPE 25
  rm -f "./in.$$"
  printf '%s=%s\000' \
    SECURITY_GUIDANCE_DISABLE "${SECURITY_GUIDANCE_DISABLE:-}" \
    ENABLE_SECURITY_REMINDER "${ENABLE_SECURITY_REMINDER:-}" \
    ENABLE_PATTERN_RULES "${ENABLE_PATTERN_RULES:-}" \
    SECURITY_WARNINGS_STATE_DIR "${SECURITY_WARNINGS_STATE_DIR:-}" \
    CLAUDE_CONFIG_DIR "${CLAUDE_CONFIG_DIR:-}" \
    SECURITY_GUIDANCE_DEBUG_LOG "${SECURITY_GUIDANCE_DEBUG_LOG:-}" \
    CLAUDE_PROJECT_DIR "${CLAUDE_PROJECT_DIR:-}" \
    CLAUDE_CODE_REMOTE_SESSION_ID "${CLAUDE_CODE_REMOTE_SESSION_ID:-}" \
    SG_SERVICE "${SG_SERVICE:-}" \
    SG_EDIT_DEADLINE_MS "${SG_EDIT_DEADLINE_MS:-}" \
    HOME "${HOME:-}" \
    PWD "$from"
  printf '\000'
  exec tee /dev/fd/3
}

# Asks for $1 with the rest as further options; prints the answer and its status behind it. -q: no ~/.curlrc.
# LC_ALL: some locales read 0.3 as 0, which is no limit. OPENSSL_CONF: nothing is encrypted here, and reading
# it takes a tenth of curl's time. Expect: curl would wait for a word before it sends much.
ask() {
  where=$1
  shift
  LC_ALL=C
  OPENSSL_CONF=/dev/null
  export LC_ALL OPENSSL_CONF
  exec curl -q -s -m 0.3 --max-filesize 1048576 --noproxy '*' --unix-socket s \
    -w '%{http_code}' -H Expect: "$@" "http://localhost/1/$where"
}

ask_edit() {
  enter
  frame | ask edit -H 'Content-Type: application/octet-stream' --data-binary @-
}

# Once a session: no Node.js, or one too old.
tell_no_node() {
  [ -n "$state" ] || exit 0
  LC_ALL=C
  session=${CLAUDE_CODE_REMOTE_SESSION_ID:-${CLAUDE_CODE_SESSION_ID:-}}
  if [ -z "$session" ]; then
    # Its first part only: in a long text some shells look for a pattern in quadratic time.
    session=$(exec dd bs=4096 count=1)
    case $session in
      *'"session_id":"'*) session=${session#*'"session_id":"'} ;;
      *'"session_id": "'*) session=${session#*'"session_id": "'} ;;
      *) session= ;;
    esac
    session=${session%%'"'*}
  fi
  # Where the session is not known, once a day.
  case $session in '' | *[!A-Za-z0-9_-]*) session=unknown ;; esac
  [ ${#session} -le 100 ] || session=unknown
  marker=$state/no-node/$session
  [ "$session" != unknown ] && [ -e "$marker" ] && exit 0
  umask 077
  # Where the telling cannot be remembered it would come with every edit: then rather not at all.
  mkdir -p -- "$state/no-node" || exit 0
  find "$state/no-node/." -type f -mtime +0 -exec rm -f {} +
  # Of hooks that run at the same time one makes the file.
  (set -C && : >"$marker") || exit 0
  echo '{"systemMessage":"security-guidance: edits are not checked, since Node.js 20 or newer was not found. Install it or disable the plugin."}'
  exit 0
}

# Runs the hook in Node.js. Not by exec: one that cannot load or finish the script is caught here.
run_node() {
  if command -v node >/dev/null; then
    node "$script" && exit 0
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' </dev/null && exit 0
  fi
  tell_no_node
}

# Same as run_node; $1 says why the service did not answer.
fall_back() {
  SG_CLIENT_FAILURE=$1
  export SG_CLIENT_FAILURE
  run_node
}

# In the background: starts the service unless one of this version answers.
start_service() {
  # Here and not where this is called: some shells keep a copy of what they redirect, and the host waits for it.
  exec </dev/null >/dev/null
  # The starter makes only what a hook has left to it: one that comes late finds what it was for removed.
  [ -d "$state" ] || (umask 077 && mkdir -p -- "$state")
  reply=$(
    enter
    # Empty ones, of hooks that were killed before they could.
    rm -f ./in.*
    ask ping
  )
  case $reply in
    "sg1 "*"${nl}200")
      reply=${reply#sg1 }
      case $(exec cat "$here/../.claude-plugin/plugin.json") in
        *"\"version\": \"${reply%"${nl}200"}\""*) exit 0 ;;
      esac
      ;;
  esac
  case $state in /* | ?:*) ;; *) state=${PWD:-.}/$state ;; esac
  exec node "$here/../service/start.js" "$state/service"
}

# Answers the edit. Descriptor 3 writes the spool, 4 reads it.
edit() {
  spooled=1
  # Still on stdin, as nothing has been read.
  [ -w /dev/fd/3 ] || drop_spool no-spool
  reply=$(ask_edit)
  case $? in
    0) print_reply ;;
    7) failure=refused ;;
    28) failure=timeout ;;
    1 | 8 | 18 | 52 | 55 | 56 | 63) failure=garbage ;;
    120) drop_spool absent ;;
    121) drop_spool unsafe ;;
    127) failure=no-curl ;;
    *) failure=curl ;;
  esac
  fall_back "$failure" <&4 3>&- 4<&-
}

drop_spool() {
  rm -f -- "$spool"
  fall_back "$1" 3>&- 4<&-
}

# Sets `failure` for all that is not silence or one line with an object.
print_reply() {
  failure=garbage
  case $reply in
    "sg1${nl}200") exit 0 ;;
    "sg1$nl{"*"}${nl}200")
      reply=${reply#"sg1$nl"}
      reply=${reply%"${nl}200"}
      case $reply in *"$nl"*) return ;; esac
      printf '%s\n' "$reply"
      exit 0
      ;;
    *200) ;;
    *) failure=status-${reply#"${reply%???}"} ;;
  esac
}

# A prompt or the end of a turn. The service tells turns that changed nothing, as most do. Node.js says by an exit code
# of our own that the agent is to be woken; whatever else it ends with, killed or missing included, wakes nobody.
# Descriptor 3 is the host's stderr.
turn() {
  text=$(exec node "$here/../turn/main.js" "$1" 3>&-)
  case $?$text in
    0"{"*) printf '%s\n' "$text" ;;
    "42Automated message of the security-guidance plugin."*)
      printf '%s\n' "$text" >&3
      [ -z "$inner" ] || exit 42
      exit 2
      ;;
  esac
  exit 0
}

case $1 in stop | subagent-stop | commits) turn "$1" ;; esac
# No other hook speaks to a network, and to read certificates takes Node.js longer than to start.
unset NODE_EXTRA_CA_CERTS
[ "$1" = user-prompt-submit ] && turn "$1"
if [ "$1" = session-start ]; then
  [ "$service" = 0 ] || [ -z "$state" ] || [ ! -f "$here/../service/start.js" ] && exit 0
  start_service &
  exit 0
fi
[ -f "$script" ] || exit 0
[ -z "${2:-}" ] || fall_back "$2"
# There the service has a named pipe, which no program of the shell can speak to: Node.js does.
[ "$service" = 0 ] || [ "$windows" = 1 ] && run_node

# What can be seen without a fork; `enter` looks again.
{ [ -n "$state" ] && [ -S "$dir/s" ]; } || fall_back absent
{ [ -O "$dir" ] && [ ! -h "$dir" ]; } || fall_back unsafe
command -v rm >/dev/null && command -v tee >/dev/null || fall_back no-tools
umask 077
set -C
spool=$dir/in.$$
spooled=0
{ edit; } 3>"$spool" 4<"$spool"
[ "$spooled" = 1 ] || drop_spool no-spool
exit 0
