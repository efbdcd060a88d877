# What few hooks need of client.pl, which reads it then, and its variables: a large payload, what was committed, and the
# way to Node.js.

our ($folder, $run_sh, $hook, $cwd, $back, $payload, $unsent, $socket, $LARGE);

# Sends a payload of which more is to come.
sub send_while_it_comes {
  my ($head, $body) = @_;
  $unsent = "${head}Transfer-Encoding: chunked\r\n\r\n" . chunk($body . $payload);
  for (my $is_whole = 0 ; !$is_whole ;) {
    send_some();
    my $from = length $payload;
    $is_whole = read_payload($from + $LARGE);
    $unsent .= chunk(substr $payload, $from) if length $payload > $from;
    $unsent .= chunk('') if $is_whole;
  }
}

sub chunk {
  return sprintf("%x\r\n", length $_[0]) . "$_[0]\r\n";
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
