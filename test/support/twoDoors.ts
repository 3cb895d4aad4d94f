// A site with two doors, at which two trucks can stand.
import type { SiteFile } from '../../src/config/site.ts';
import { smallSite } from './sites.ts';

/** The small site with a second door like its first, `DOOR-2`, whose reader is `door-2`. */
export function twoDoors(site = 'T1', more: Partial<SiteFile> = {}): SiteFile {
  const file = smallSite(site, more);
  const { readPoints = [] } = file;
  const [door] = readPoints;
  if (door?.kind !== 'portal') throw new Error('the first read point of the small site is its door');
  const antennas = door.antennas.map((antenna) => ({ ...antenna, reader: 'door-2' }));
  return { ...file, readPoints: [...readPoints, { ...door, id: 'DOOR-2', antennas }] };
}
