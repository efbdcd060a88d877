# Asks the service about an edit, the end of a turn, or what a command committed: perl -f client.pl FOLDER RUN_SH HOOK CWD
# SERVICE [LC_ALL], with the payload on stdin; where SERVICE is 0 it is not asked, and LC_ALL is the user's own, for
# Node.js. Prints what the service answers. Whatever goes wrong, RUN_SH gets the same payload and runs the hook in
# Node.js. Ends with 0, unless perl itself is broken or killed.
#
# Perl takes as long to compile this as to start: no module is loaded, not even strict, there are no patterns, and all
# that nearly every edit can do without is in client-rest.pl.

our ($folder, $run_sh, $hook, $cwd, $service, $lc_all) = @ARGV;

# What the service is told beside the payload, as host/service/request-body.ts reads it.
our @SETTINGS = qw(
  SECURITY_GUIDANCE_DISABLE ENABLE_SECURITY_REMINDER ENABLE_PATTERN_RULES SECURITY_WARNINGS_STATE_DIR
  CLAUDE_CONFIG_DIR SECURITY_GUIDANCE_DEBUG_LOG CLAUDE_PROJECT_DIR CLAUDE_CODE_REMOTE_SESSION_ID
  SG_SERVICE SG_EDIT_DEADLINE_MS HOME
);
# A payload above this, in bytes, is sent while it comes.
our $LARGE = 128 << 10;
# Linux's O_NONBLOCK and address of the socket.
our ($nonblock, $address) = (2048, pack 'Sa108', 1, 's');
# Seconds that the service has, from the end of the payload on.
our $left = 0.3;
our ($payload, $unsent, $reply, $is_whole, $socket) = ('', '', '');
# To come back by; where the folder cannot be read, by its name.
our ($here, $back) = (undef, $cwd);
opendir $here, '.' and $back = $here;

rest() if $^O ne 'linux' || $hook eq 'commits';

$SIG{PIPE} = 'IGNORE';
# The service's folder becomes the current one. Nobody else can put a socket into a folder of ours, and from within
# neither it nor its parents can be exchanged. A long path would also be too long for the kernel.
$service ne '0' && !-l $folder && chdir $folder && -o '.' && !((stat _)[2] & 022) && lstat 's' && -S _ && -o _
  or fall_back('');

while (length $payload <= $LARGE) {
  my $got = sysread STDIN, $payload, $LARGE, length $payload;
  next if $got;
  $is_whole = defined $got;
  last;
}
# A service that was stopped must not keep us by taking neither connections nor bytes.
socket($socket, 1, 1, 0) && fcntl($socket, 4, $nonblock) && connect($socket, $address) or fall_back('refused');

our $body = join('', map { "$_=" . ($ENV{$_} // '') . "\0" } @SETTINGS) . "PWD=$cwd\0\0";
our $head = 'POST /1/' . ($hook eq 'post-tool-use' ? 'edit' : $hook) . " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
if ($is_whole) {
  $unsent = "${head}Content-Length: " . length("$body$payload") . "\r\n\r\n$body$payload";
  my $sent = syswrite $socket, $unsent;
  substr $unsent, 0, $sent, '' if $sent;
  if ($unsent eq '') {
    vec(my $readable = '', fileno $socket, 1) = 1;
    (undef, $left) = select $readable, undef, undef, $left;
    sysread $socket, $reply, $LARGE;
    # Whole, and one line with an object or nothing at all.
    my $at     = index $reply, "\r\n\r\nsg1\n";
    my $answer = substr $reply, $at + 8;
    if ( $at > 0
      && index($reply, 'HTTP/1.1 200 ') == 0
      && index(substr($reply, 0, $at + 2), "\r\ncontent-length: " . (length($answer) + 4) . "\r\n") > 0
      && ($answer eq ''
        || index($answer, '{') == 0 && substr($answer, -2) eq "}\n" && index($answer, "\n") == length($answer) - 1))
    {
      print $answer or exit 1;
      exit 0;
    }
  }
}
rest();
converse();

# Has Node.js do it, with the payload; its SG_CLIENT_FAILURE will be $why, or else what is wrong with the folder.
sub fall_back {
  my ($why) = @_;
  rest();
  become_node($why || trouble_with_folder());
}

# Reads what few hooks need.
sub rest {
  alarm 0;
  chdir $back;
  my $file = substr($run_sh, 0, 1 + rindex $run_sh, '/') . 'client-rest.pl';
  $file = "./$file" if substr($file, 0, 1) ne '/';
  do $file or exit 1;
}
