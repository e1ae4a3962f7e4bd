/** Loaded before the command line (`NODE_OPTIONS=--import`): somebody sits at a terminal, though a test holds its other end. */
process.stdin.isTTY = true;
process.stderr.isTTY = true;
