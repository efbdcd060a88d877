# Asks the service about an edit, the end of a turn, or what a command committed: perl -f client.pl FOLDER RUN_SH HOOK CWD
# SERVICE, with the payload on stdin; where SERVICE is 0 it is not asked. Prints what the service answers. Whatever goes wrong, RUN_SH gets the same payload and runs the hook in Node.js. Ends with 0, unless
# perl itself is broken or killed. No module is loaded, not even strict: loading takes longer than all of this.

my ($folder, $run_sh, $hook, $cwd, $service) = @ARGV;

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
my $LARGE       = 128 << 10;
# Of system calls, the same wherever there is perl, or given for Linux and for the BSDs.
my ($AF_UNIX, $SOCK_STREAM, $F_SETFL) = (1, 1, 4);
my $IS_BSD     = $^O =~ /^darwin$|bsd$|^dragonfly$/;
my $O_NONBLOCK = $IS_BSD ? 4 : 2048;
my %IS_TO_RETRY = map { $_ => 1 } 4, 11, 35;    # EINTR, EAGAIN, EAGAIN of the BSDs

my $payload = '';
my $unsent  = '';
my $socket;
# To come back by; where the folder cannot be read, by its name.
my ($here, $back) = (undef, $cwd);
opendir $here, '.' and $back = $here;

$SIG{PIPE} = 'IGNORE';
fall_back('off') if defined $service && $service eq '0';
enter();
my $is_whole = read_payload($LARGE);
connect_to_service();
$unsent = request($is_whole);
until ($is_whole) {
  send_some();
  my $from = length $payload;
  $is_whole = read_payload($from + $LARGE);
  $unsent .= chunk(substr $payload, $from) if length $payload > $from;
  $unsent .= chunk('') if $is_whole;
}
my $answer = wait_for_answer();
print $answer or exit 1;
exit 0;

# Makes the service's folder the current one. Nobody else can put a socket into a folder of ours, and from within
# neither it nor its parents can be exchanged. A long path would also be too long for the kernel.
sub enter {
  fall_back('unsafe') if -l $folder;
  chdir $folder or fall_back(-d $folder ? 'unsafe' : 'absent');
  my $mode = (stat '.')[2];
  fall_back('unsafe') unless -o _ && !($mode & 022);
  lstat 's' or fall_back('absent');
  fall_back('unsafe') if -l _ || -S _ && !-o _;
  fall_back('absent') unless -S _;
}

# Reads on until there are more than $bytes; whether that was the end.
sub read_payload {
  my ($bytes) = @_;
  while (length $payload <= $bytes) {
    my $got = sysread STDIN, $payload, $LARGE, length $payload;
    if ($got) { fall_back('too-large') if length $payload > $MAX_PAYLOAD }
    elsif (defined $got || !$IS_TO_RETRY{ $! + 0 }) { return 1 }
    else                                            { ready(\*STDIN, undef, 1) }
  }
  return 0;
}

sub connect_to_service {
  my $address = pack $IS_BSD ? 'CCa104' : 'Sa108', $IS_BSD ? (106, $AF_UNIX) : $AF_UNIX, 's';
  socket $socket, $AF_UNIX, $SOCK_STREAM, 0 or fall_back('refused');
  # A service that was stopped must not keep us by taking neither connections nor bytes.
  fcntl $socket, $F_SETFL, $O_NONBLOCK or fall_back('refused');
  connect $socket, $address or fall_back('refused');
}

# The request as far as it is known.
sub request {
  my ($is_whole) = @_;
  my $body   = join('', map { "$_=" . ($ENV{$_} // '') . "\0" } @SETTINGS) . "PWD=$cwd\0\0$payload";
  my $length = $is_whole ? 'Content-Length: ' . length $body : 'Transfer-Encoding: chunked';
  my $where  = $hook eq 'post-tool-use' ? 'edit' : $hook;
  my $head   = "POST /1/$where HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n$length\r\n\r\n";
  return $head . ($is_whole ? $body : chunk($body));
}

sub chunk {
  return sprintf("%x\r\n", length $_[0]) . "$_[0]\r\n";
}

# Sends what the service takes without waiting for it.
sub send_some {
  while (length $unsent) {
    my $sent = syswrite $socket, $unsent;
    return if !defined $sent && $IS_TO_RETRY{ $! + 0 };
    fall_back('garbage') if !defined $sent;
    substr $unsent, 0, $sent, '';
  }
}

# Sends the rest, then reads until the answer is whole.
sub wait_for_answer {
  # Where select does not say how much time is left (not on Linux), this ends it.
  $SIG{ALRM} = sub { fall_back('timeout') };
  alarm 1;
  my ($left, $reply) = ($PATIENCE, '');
  for (;;) {
    send_some();
    my $got = sysread $socket, $reply, $MAX_ANSWER, length $reply;
    fall_back('garbage') if defined $got ? length $reply > $MAX_ANSWER : !$IS_TO_RETRY{ $! + 0 };
    my $answer = answer_in($reply, defined $got && $got == 0);
    if (defined $answer) { alarm 0; return $answer }
    ($left) = ready($socket, length $unsent ? $socket : undef, $left);
    fall_back('timeout') if $left <= 0;
  }
}

# What to print; undefined while the reply is not whole. One line with an object, or nothing at all.
sub answer_in {
  my ($reply, $has_ended) = @_;
  my $end = index $reply, "\r\n\r\n";
  if ($end >= 0) {
    my ($head, $body) = (substr($reply, 0, $end), substr $reply, $end + 4);
    my ($status) = $head =~ /\AHTTP\/1\.1 (\d{3}) / or fall_back('garbage');
    my ($length) = $head =~ /^Content-Length: *(\d+)\r?$/mi or fall_back('garbage');
    if (length $body >= $length) {
      fall_back("status-$status") if $status != 200;
      $body =~ /\Asg1\n(\{[^\n]*\}\n)?\z/ or fall_back('garbage');
      return $1 // '';
    }
  }
  fall_back('garbage') if $has_ended;
  return undef;
}

# Waits until there is something to read or room to write; the seconds that are left, 0 when none are.
sub ready {
  my ($to_read, $to_write, $seconds) = @_;
  my ($readable, $writable) = ('', '');
  vec($readable, fileno $to_read,  1) = 1;
  vec($writable, fileno $to_write, 1) = 1 if $to_write;
  my ($count, $left) = select $readable, $writable, undef, $seconds;
  return $count ? $left : 0;
}

# Becomes the hook in Node.js, with the payload from a child that has it in memory. SG_CLIENT_FAILURE will be $why.
sub fall_back {
  my ($why) = @_;
  alarm 0;
  chdir $back;
  exit 0 if $hook eq 'commits' && $why !~ /^status-/ && !may_commit();
  pipe my $reader, my $writer or exit 1;
  my $child = fork // exit 1;
  if ($child == 0) {
    # The host waits until nobody has its end of it, and we until nobody has ours.
    close $_ for *STDOUT, $reader, $socket // ();
    feed($writer);
  }
  open STDIN, '<&', $reader or exit 1;
  $SIG{PIPE} = 'DEFAULT';
  exec 'sh', $run_sh, $hook, $why;
  exit 1;
}

# Whether a command may have committed anything: it ran in a repository, one of its words leads into one, or the
# session has worked in one before. Reads the whole payload.
sub may_commit {
  while (!read_payload(length $payload)) { return 1 if length $payload > 1 << 20 }
  my ($session) = $payload =~ /"session_id": ?"([A-Za-z0-9._-]{1,128})"/;
  ($session = $ENV{CLAUDE_CODE_REMOTE_SESSION_ID}) =~ s/[^A-Za-z0-9._-]/_/g if $ENV{CLAUDE_CODE_REMOTE_SESSION_ID};
  return 1 if !defined $session || -e "$folder/../security_warnings_state_$session~commits.json";
  my ($where) = $payload =~ /"cwd": ?"([^"\\]+)"/;
  my @bases = grep { defined && length } $where, $cwd, $ENV{CLAUDE_PROJECT_DIR};
  is_in_repository($_) && return 1 for @bases;
  my $from = index $payload, '"command"';
  my %seen;
  my $count = 0;
  my $command = $from < 0 ? '' : substr $payload, $from, 1 << 16;
  $command =~ s/\\[nrt]/ /g;
  for my $word (split /[\s"'`;|&(){}<>=\\]+/, $command) {
    $word =~ s/^-C//;
    $word =~ s/^(?:~|\$HOME)/$ENV{HOME} \/\/ ''/e;
    next if !length $word || length $word > 1000 || $word =~ /^-/ || $seen{$word}++;
    last if ++$count > 400;
    for my $base (@bases) {
      my $path = $word =~ /^\// ? $word : "$base/$word";
      next unless -e $path;
      return 1 if is_in_repository($path);
      push @bases, $path if @bases < 8 && -d _;
      last;
    }
  }
  return 0;
}

# Whether the folder, or one above it, has a repository.
sub is_in_repository {
  my ($path) = @_;
  for (my $steps = 0 ; $steps < 64 ; $steps++) {
    return 1 if -e "$path/.git" || $path =~ /\/\.git$/;
    $path =~ s/\/[^\/]*$// or return 0;
    return -e '/.git' if $path eq '';
  }
  return 1;
}

# Writes the payload, and what of it was not read yet.
sub feed {
  my ($writer) = @_;
  do {
    while (length $payload) {
      my $sent = syswrite $writer, $payload;
      exit 0 if !defined $sent;
      substr $payload, 0, $sent, '';
    }
  } while sysread STDIN, $payload, $LARGE;
  exit 0;
}
