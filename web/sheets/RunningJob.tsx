/** How far a job is, and the way out of it. */
import type { JobOf } from '../../protocol/state.ts';
import { usePage } from '../use-session.ts';

export const RunningJob = (props: { id: string; job: JobOf }) => {
  const { session } = usePage();
  return (
    <>
      <progress max="1" value={props.job.progress} aria-label={props.job.label} />
      <button
        type="button"
        class="control"
        onClick={() => void session.run({ cmd: 'CANCEL_JOB', jobId: props.id })}
      >
        Cancel
      </button>
    </>
  );
};
