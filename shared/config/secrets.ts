const ACCESS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{12,124}\b/;
const FORTY = /(?<![\w/+=-])[A-Za-z0-9/+]{40}(?![\w/+=-])/g;

/**
 * One line for each place that looks like an AWS credential, comments included, never showing it: a configuration file
 * ends up in Git (B6.34). Credentials come from the standard chain.
 */
export function credentialsIn(text: string, fileName: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const kind = ACCESS_KEY.test(line)
      ? 'an access key id'
      : looksSecret(line)
        ? 'a secret access key'
        : undefined;
    if (!kind) return [];
    return `${fileName}:${index + 1}: this looks like ${kind}; take it out, Reeve uses the standard credential chain`;
  });
}

/** Forty characters of base64 that are neither a hash nor a plain path: upper and lower case and digits. */
function looksSecret(line: string): boolean {
  const candidates = line.match(FORTY) ?? [];
  return candidates.some((one) => /[A-Z]/.test(one) && /[a-z]/.test(one) && /\d/.test(one));
}
