import { poison } from './poisonProbe.ts';
import { closeAll } from '../support/cleanUp.ts';
console.log(await poison({seed: 5, long: false})); await closeAll();
