// Why a customer sends something back, in words.
export const REASONS = [
  ['unwanted', 'not wanted'],
  ['damaged', 'damaged'],
  ['defective', 'does not work'],
  ['wrong-item', 'something else than ordered'],
  ['late', 'came too late'],
  ['other', 'another reason'],
] as const;

export const reasonText = (reason: string): string => REASONS.find(([name]) => name === reason)?.[1] ?? reason;
