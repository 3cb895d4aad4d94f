// On every page of a site where people practise: nothing of it is real.
import { site } from '../live/sites.ts';
import { Icon } from '../shared/Icon.tsx';

export const TrainingMark = () => (
  <p class="training" role="note">
    <Icon name="discrepancies" />
    <span>
      <b>Training.</b> {site.value!.name}: nothing here is real, and nobody outside hears of it.
    </span>
  </p>
);
