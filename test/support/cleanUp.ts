// Whatever a test opens it hands in here, and it is closed after the test, the last one first, also when the test failed.
import { afterAll, afterEach } from 'vitest';

type Undo = () => unknown;

const afterTest: Undo[] = [];
const afterFile: Undo[] = [];

async function run(list: Undo[]): Promise<void> {
  const failures: unknown[] = [];
  for (let undo = list.pop(); undo !== undefined; undo = list.pop()) {
    try {
      await undo();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

afterEach(() => run(afterTest));
afterAll(() => run(afterFile));

export const closeAfterTest = (undo: Undo): void => void afterTest.push(undo);
export const closeAfterFile = (undo: Undo): void => void afterFile.push(undo);
