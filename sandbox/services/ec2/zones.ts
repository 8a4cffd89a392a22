import type { Where } from '../../core/service.ts';

const DIRECTIONS: Readonly<Record<string, string>> = {
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
  gov: 'g',
};

export interface Zone {
  /** `eu-west-1a`: a name whose place differs from account to account. */
  readonly name: string;
  /** `euw1-az2`: the same place for everyone. */
  readonly id: string;
}

/** A region's three zones; which name means which place depends on the account, as it does on AWS. */
export function zonesOf({ account, region }: Pick<Where, 'account' | 'region'>): readonly Zone[] {
  const turn = [...account].reduce((sum, digit) => sum + Number(digit), 0);
  const short = region
    .split('-')
    .map((part) => DIRECTIONS[part] ?? part)
    .join('');
  return ['a', 'b', 'c'].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${short}-az${((index + turn) % 3) + 1}`,
  }));
}
