# What few hooks need of client.pl, which reads it then, and its variables: another system than Linux, a large payload, an
# answer in parts or none, what was committed, and the way to Node.js.

our ($folder, $run_sh, $hook, $cwd, $service, $lc_all, @SETTINGS, $LARGE, $nonblock, $address, $left);
our ($payload, $unsent, $reply, $is_whole, $socket, $head, $body);

# Bytes: the hook reads no more of a payload; no answer is longer.
my $MAX_PAYLOAD = 64 << 20;
my $MAX_ANSWER  = 1 << 20;

if ($^O eq 'darwin' || $^O eq 'dragonfly' || substr($^O, -3) eq 'bsd') {
  $nonblock = 4;
  $address  = pack 'CCa104', 106, 1, 's';
}
# Elsewhere select does not say how much time is left: the signal ends it.
$SIG{ALRM} = sub { fall_back('timeout') };
push @SETTINGS, qw(
  ENABLE_CODE_SECURITY_REVIEW ENABLE_COMMIT_REVIEW SECURITY_GUIDANCE_COMMIT_REVIEW SG_PUSH_SWEEP
  SG_PUSH_SWEEP_MAX_RANGE
) if $hook eq 'commits' && @SETTINGS < 12;

# Why the service's folder is not entered.
sub trouble_with_folder {
  return 'off'    if $service eq '0';
  return 'unsafe' if -l $folder;
  my $mode = (stat $folder)[2];
  return 'absent' unless defined $mode && -d _;
  return 'unsafe' unless -x _ && -o _ && !($mode & 022);
  lstat "$folder/s" or return 'absent';
  return 'unsafe' if -l _ || -S _ && !-o _;
  return 'absent';
}

# Sends what is left of the request and reads until the answer is whole, which is printed.
sub converse {
  send_while_it_comes() if !$is_whole;
  alarm 1 if $^O ne 'linux';
  my $got;
  for (;;) {
    my $answer = answer_in($reply);
    if (defined $answer) { print $answer or exit 1; exit 0 }
    fall_back('garbage') if defined $got && $got == 0;
    my $is_more = send_some();
    $got = sysread $socket, $reply, $MAX_ANSWER, length $reply;
    fall_back('garbage') if defined $got ? length $reply > $MAX_ANSWER : !is_to_retry();
    next if defined $got;
    fall_back('timeout') if $left <= 0;
    $left = ready($socket, $is_more, $left);
  }
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

# Sends a payload of which more is to come, in chunks of what has come: straight from where it is kept, since a copy of
# what is large takes longer than reading and writing it.
sub send_while_it_comes {
  $unsent = "${head}Transfer-Encoding: chunked\r\n\r\n" . sprintf("%x\r\n", length $body) . $body;
  *send_some = \&send_some_chunks;
  until ($is_whole) {
    send_some();
    $is_whole = read_payload($LARGE + length $payload);
  }
}

# Of the payload, what is sent, and where the chunk ends that is being sent; whether the last chunk was begun.
my ($sent, $end, $has_ended) = (0, 0, 0);

# Stands in for send_some. A chunk's end is sent with the next one's beginning.
sub send_some_chunks {
  for (;;) {
    my $got;
    if (length $unsent) {
      $got = syswrite $socket, $unsent;
      substr $unsent, 0, $got, '' if $got;
    }
    elsif ($sent < $end) {
      $got = syswrite $socket, $payload, $end - $sent, $sent;
      $sent += $got if $got;
    }
    elsif ($end < length $payload) {
      $unsent = sprintf "\r\n%x\r\n", length($payload) - $end;
      $end    = length $payload;
      next;
    }
    else {
      return 0 if $has_ended || !$is_whole;
      $unsent    = "\r\n0\r\n\r\n";
      $has_ended = 1;
      next;
    }
    next     if defined $got;
    return 1 if is_to_retry();
    fall_back('garbage');
  }
}

# Becomes the hook in Node.js, with the payload from a child that has it in memory. SG_CLIENT_FAILURE will be $why.
sub become_node {
  my ($why) = @_;
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
  delete $ENV{LC_ALL};
  $ENV{LC_ALL} = $lc_all if defined $lc_all;
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

1;
