# What few hooks need of client.pl, which reads it then, and its variables: a large payload, what was committed, and the
# way to Node.js.

our ($folder, $run_sh, $hook, $cwd, $lc_all, $payload, $unsent, $socket, $is_whole, $LARGE);

# Sends a payload of which more is to come, in chunks of what has come: straight from where it is kept, since a copy of
# what is large takes longer than reading and writing it.
sub send_while_it_comes {
  my ($head, $body) = @_;
  $unsent    = "${head}Transfer-Encoding: chunked\r\n\r\n" . sprintf("%x\r\n", length $body) . $body;
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
