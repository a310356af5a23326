/** What every response tells the browser: this page loads nothing from elsewhere. */

/**
 * `host` is one of the allowed names: Safari does not count the socket as 'self'.
 *
 * @param isLocal A name of this computer: browsers complain of the opener's policy under any other.
 */
export const securityHeaders = (host: string, isLocal: boolean): Record<string, string> => ({
  'content-security-policy': [
    "default-src 'self'",
    `connect-src 'self' ws://${host}`,
    "img-src 'self' data: blob:",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  ...(isLocal && { 'cross-origin-opener-policy': 'same-origin' }),
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});
