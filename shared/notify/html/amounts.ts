const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A number for people: `4,506`, and from a million on, which no longer fits a tile, `1.23M`. */
export function count(amount: number): string {
  return (amount < 1_000_000 ? WHOLE : SHORT).format(amount);
}

/** US dollars for people: `$12.34`, from a thousand on without cents (`$39,055`), from a hundred thousand on `$123K`. */
export function dollars(amount: number): string {
  const format = amount < 1000 ? CENTS : amount < 100_000 ? WHOLE : SHORT;
  return `$${format.format(amount)}`;
}
