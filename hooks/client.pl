# Asks the service about an edit, the end of a turn, or what a command committed: perl -f client.pl FOLDER RUN_SH HOOK CWD
# SERVICE [LC_ALL], with the payload on stdin; where SERVICE is 0 it is not asked, and LC_ALL is the user's own, for
# Node.js. Prints what the service answers. Whatever goes wrong, RUN_SH gets the same payload and runs the hook in
# Node.js. Ends with 0, unless perl itself is broken or killed. No module is loaded, not even strict: loading takes longer
# than all of this. What few hooks need is in client-rest.pl, and the rest is written with few patterns, as each takes perl
# time to compile.

our ($folder, $run_sh, $hook, $cwd, $service, $lc_all) = @ARGV;

# What the service is told beside the payload, as host/service/request-body.ts reads it.
my @SETTINGS = qw(
  SECURITY_GUIDANCE_DISABLE ENABLE_SECURITY_REMINDER ENABLE_PATTERN_RULES SECURITY_WARNINGS_STATE_DIR
  CLAUDE_CONFIG_DIR SECURITY_GUIDANCE_DEBUG_LOG CLAUDE_PROJECT_DIR CLAUDE_CODE_REMOTE_SESSION_ID
  SG_SERVICE SG_EDIT_DEADLINE_MS HOME
);
push @SETTINGS, qw(
  ENABLE_CODE_SECURITY_REVIEW ENABLE_COMMIT_REVIEW SECURITY_GUIDANCE_COMMIT_REVIEW SG_PUSH_SWEEP
  SG_PUSH_SWEEP_MAX_RANGE
) if $hook eq 'commits';
# Seconds that the service has, from the end of the payload on.
my $PATIENCE = 0.3;
# Bytes: the hook reads no more of a payload; no answer is longer; a payload above the third is sent while it comes.
my $MAX_PAYLOAD = 64 << 20;
my $MAX_ANSWER  = 1 << 20;
our $LARGE = 128 << 10;
# Of system calls, the same wherever there is perl, or given for Linux and for the BSDs.
my ($AF_UNIX, $SOCK_STREAM, $F_SETFL) = (1, 1, 4);
my $IS_BSD     = $^O eq 'darwin' || $^O eq 'dragonfly' || substr($^O, -3) eq 'bsd';
my $O_NONBLOCK = $IS_BSD ? 4 : 2048;

our ($payload, $unsent, $socket) = ('', '');
# To come back by; where the folder cannot be read, by its name.
our ($here, $back) = (undef, $cwd);
opendir $here, '.' and $back = $here;

$SIG{PIPE} = 'IGNORE';
fall_back('off') if defined $service && $service eq '0';

# The service's folder becomes the current one. Nobody else can put a socket into a folder of ours, and from within
# neither it nor its parents can be exchanged. A long path would also be too long for the kernel.
fall_back('unsafe') if -l $folder;
chdir $folder or fall_back(-d $folder ? 'unsafe' : 'absent');
my $mode = (stat '.')[2];
fall_back('unsafe') unless -o _ && !($mode & 022);
lstat 's' or fall_back('absent');
fall_back('unsafe') if -l _ || -S _ && !-o _;
fall_back('absent') unless -S _;

our $is_whole = read_payload($LARGE);
socket $socket, $AF_UNIX, $SOCK_STREAM, 0 or fall_back('refused');
# A service that was stopped must not keep us by taking neither connections nor bytes.
fcntl $socket, $F_SETFL, $O_NONBLOCK or fall_back('refused');
connect $socket, pack $IS_BSD ? 'CCa104' : 'Sa108', $IS_BSD ? (106, $AF_UNIX) : $AF_UNIX, 's'
  or fall_back('refused');

my $body = join('', map { "$_=" . ($ENV{$_} // '') . "\0" } @SETTINGS) . "PWD=$cwd\0\0";
my $head = 'POST /1/' . ($hook eq 'post-tool-use' ? 'edit' : $hook) . " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
if ($is_whole) {
  $unsent = "${head}Content-Length: " . length("$body$payload") . "\r\n\r\n$body$payload";
}
else {
  rest();
  send_while_it_comes($head, $body);
}

# Sends the rest, then reads until the answer is whole. Elsewhere select does not say how much time is left: the
# signal ends it.
if ($^O ne 'linux') {
  $SIG{ALRM} = sub { fall_back('timeout') };
  alarm 1;
}
my ($left, $reply) = ($PATIENCE, '');
for (;;) {
  my $is_more = send_some();
  my $got = sysread $socket, $reply, $MAX_ANSWER, length $reply;
  fall_back('garbage') if defined $got ? length $reply > $MAX_ANSWER : !is_to_retry();
  my $answer = answer_in($reply);
  if (defined $answer) { print $answer or exit 1; exit 0 }
  fall_back('garbage') if defined $got && $got == 0;
  $left = ready($socket, $is_more, $left);
  fall_back('timeout') if $left <= 0;
}

# Reads on until there are more than $bytes; whether that was the end.
sub read_payload {
  my ($bytes) = @_;
  while (length $payload <= $bytes) {
    my $got = sysread STDIN, $payload, $LARGE, length $payload;
    if ($got) { fall_back('too-large') if length $payload > $MAX_PAYLOAD }
    elsif (defined $got || !is_to_retry()) { return 1 }
    else                                   { ready(\*STDIN, 0, 1) }
  }
  return 0;
}

# Sends what the service takes without waiting for it; whether there is more.
sub send_some {
  while (length $unsent) {
    my $sent = syswrite $socket, $unsent;
    if    (defined $sent)  { substr $unsent, 0, $sent, '' }
    elsif (!is_to_retry()) { fall_back('garbage') }
    else                   { return 1 }
  }
  return 0;
}

# EINTR, EAGAIN, EAGAIN of the BSDs.
sub is_to_retry { return $! == 4 || $! == 11 || $! == 35 }

# What to print; undefined while the reply is not whole. One line with an object, or nothing at all. A number is one
# that reads the same once it was taken for one.
sub answer_in {
  my ($reply) = @_;
  my $end = index $reply, "\r\n\r\n";
  return undef if $end < 0;
  my ($head, $body) = (substr($reply, 0, $end + 2), substr $reply, $end + 4);
  my $status = substr $head, 9, 3;
  my $from   = index(lc $head, "\r\ncontent-length: ") + 18;
  fall_back('garbage') if $from < 18 || substr($head, 0, 9) ne 'HTTP/1.1 ' || $status + 0 ne $status;
  my $length = substr $head, $from, index($head, "\r", $from) - $from;
  fall_back('garbage') unless $length + 0 eq $length && $length >= 0;
  return undef if length $body < $length;
  fall_back("status-$status") if $status ne '200';
  return '' if $body eq "sg1\n";
  fall_back('garbage') if substr($body, 0, 5) ne "sg1\n{" || substr($body, -2) ne "}\n";
  fall_back('garbage') if index($body, "\n", 4) < length($body) - 1;
  return substr $body, 4;
}

# Waits until there is something to read or room to write; the seconds that are left, 0 when none are.
sub ready {
  my ($to_read, $is_to_write, $seconds) = @_;
  my ($readable, $writable) = ('', '');
  vec($readable, fileno $to_read, 1) = 1;
  vec($writable, fileno $to_read, 1) = 1 if $is_to_write;
  my ($count, $left) = select $readable, $writable, undef, $seconds;
  return $count ? $left : 0;
}

# Has Node.js do it, with the payload; its SG_CLIENT_FAILURE will be $why.
sub fall_back {
  my ($why) = @_;
  rest();
  become_node($why);
}

# Reads what few hooks need.
sub rest {
  alarm 0;
  chdir $back;
  my $file = substr($run_sh, 0, 1 + rindex $run_sh, '/') . 'client-rest.pl';
  $file = "./$file" if substr($file, 0, 1) ne '/';
  do $file or exit 1;
}
