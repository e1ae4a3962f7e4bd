/** Standard output that may be closed at any time: a reader who went away (`| head`) is no error. */

let isClosed = false;

/** What is written to a closed pipe from now on goes nowhere. Call once, early. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      if (stream === process.stdout) isClosed = true;
    });
  }
}

export function isStdoutClosed(): boolean {
  return isClosed;
}
