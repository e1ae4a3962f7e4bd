/** Which hosts are this machine itself: only there may anything go without TLS. */

/** As in `URL.hostname`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/u.test(host);
}
